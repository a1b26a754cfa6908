/// The sequences of random numbers, one per kind of row.
///
/// The numbers are part of the files' content: a new kind takes a new number, none is reused.
enum Stream: UInt64 {
    case workers = 101
    case turnover = 102
    case absence = 103
    case accounts = 104
    case accountDays = 105
    case acquisitions = 106
    case history = 107
    case leads = 108
    case leadDays = 109
    case openDeals = 110
    case openDealDays = 111
    case dealSteps = 112
    case sales = 113
    case saleDays = 114
    case carriedInvoices = 117
    case contracts = 118
    case activities = 119
    case campaigns = 120
    case campaignDays = 121
    case touches = 122
    case mentions = 123
    case mentionDays = 124
    case panels = 125
    case cases = 126
    case caseDays = 127
    case returningCases = 128
    case calls = 129
    case visits = 132
    case opinions = 134
    case partners = 136
    case articles = 137
    case articleReviews = 138
    case journeys = 139
    case workdays = 140
    case courses = 141
    case skills = 142
    case sharing = 143
    case staffSurveys = 144
    case ledger = 145
    case markets = 146
    case targets = 147
    case scores = 148
    case forecasts = 149
    case warnings = 150
    case stays = 151
}

/// SplitMix64 over integers alone, so that every platform draws the same numbers.
///
/// A row has a generator of its own, made from the seed, the stream and the row's place. What one
/// row draws therefore never moves another.
struct Random {
    private(set) var state: UInt64

    init(seed: UInt64, stream: Stream, _ first: Int = 0, _ second: Int = 0) {
        state = Self.mixed(seed &+ stream.rawValue &* 0x9E37_79B9_7F4A_7C15)
        state = Self.mixed(state ^ UInt64(bitPattern: Int64(first)))
        state = Self.mixed(state &+ UInt64(bitPattern: Int64(second)) &* 0xD1B5_4A32_D192_ED03)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next() -> UInt64 {
        let result = Self.mixed(state)
        state &+= 0x9E37_79B9_7F4A_7C15
        return result
    }

    /// A generator of its own for a matter beside the row this one draws.
    func branch() -> Random {
        var copy = self
        copy.state = Self.mixed(state ^ 0x5851_F42D_4C95_7F2D)
        return copy
    }

    /// A number of 0 ..< `bound`.
    mutating func below(_ bound: Int) -> Int {
        Int(UInt64(bound).multipliedFullWidth(by: next()).high)
    }

    mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }

    mutating func chance(perMille: Int) -> Bool { below(1000) < perMille }

    mutating func element<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    mutating func pick(_ weights: Weights) -> Int { weights.index(of: below(weights.total)) }

    /// A standard normal deviate times 65,536: the sum of twelve 16-bit numbers, less its mean.
    mutating func normal() -> Int {
        var sum = -6 * 65_536
        for _ in 0..<3 {
            let word = next()
            for shift in stride(from: UInt64(0), to: 64, by: 16) {
                sum += Int((word >> shift) & 0xFFFF)
            }
        }
        return sum
    }

    /// A normal deviate of mean 0, rounded down.
    mutating func normal(deviation: Int) -> Int { (normal() * deviation) >> 16 }

    /// A lognormal number of the given median; `sigma` is in thousandths.
    mutating func logNormal(median: Int, sigma: Int) -> Int {
        let binaryLogarithmOfE = 94_548
        let exponent = (normal() * sigma / 1000 * binaryLogarithmOfE) >> 16
        return powerOfTwo(exponent, times: median)
    }
}

/// `factor` × 2 ^ (`exponent` / 65,536), in integers, by interpolation between sixteenths.
package func powerOfTwo(_ exponent: Int, times factor: Int) -> Int {
    let fraction = exponent & 0xFFFF
    let (low, high) = (sixteenths[fraction >> 12], sixteenths[(fraction >> 12) + 1])
    let mantissa = low + (((high - low) * (fraction & 0xFFF)) >> 12)
    return (factor * mantissa) >> (16 - (exponent >> 16))
}

/// 2 ^ (i / 16) × 65,536.
private let sixteenths = [
    65_536, 68_438, 71_468, 74_632, 77_936, 81_386, 84_990, 88_752, 92_682, 96_785, 101_070,
    105_545, 110_218, 115_098, 120_194, 125_515, 131_072,
]

/// Relative frequencies of a few choices.
struct Weights {
    private let upTo: [Int]

    init(_ weights: [Int]) {
        var sum = 0
        upTo = weights.map { weight in
            sum += weight
            return sum
        }
    }

    var total: Int { upTo[upTo.count - 1] }

    func index(of position: Int) -> Int {
        var index = 0
        while upTo[index] <= position { index += 1 }
        return index
    }
}
