/// What the company sells.
enum Products {
    static let lines = ["hardware", "accessories", "software", "care plan"]
    static let lineWeights = Weights([300, 400, 180, 120])

    /// Name, line and price in cents.
    static let all: [(name: String, line: Int, price: Int)] = [
        ("HW-01", 0, 89_900), ("HW-02", 0, 159_900), ("HW-03", 0, 329_900),
        ("AC-01", 1, 4_900), ("AC-02", 1, 9_900), ("AC-03", 1, 19_900),
        ("SW-01", 2, 29_900), ("SW-02", 2, 69_900),
        ("CP-01", 3, 19_900), ("CP-02", 3, 49_900),
    ]

    private static let byLine = lines.indices.map { line in
        all.indices.filter { all[$0].line == line }
    }

    /// A product of a line; cheaper ones sell more.
    static func some(ofLine line: Int, _ random: inout Random) -> Int {
        let choices = byLine[line]
        let (a, b) = (random.below(choices.count), random.below(choices.count))
        return choices[min(a, b)]
    }
}
