import KPICore

/// How people read a value: percent, thousands, money, days and hours. For display only; nothing
/// reads it back.
package struct ValueFormat: Sendable, Hashable {
    package var unit: Unit
    /// Whether a ratio is shown as percent.
    package var isPercent: Bool
    /// Whether a duration is working time, which has no days: theirs are not of 24 hours.
    package var isWorkingTime: Bool
    package var language: Language

    package init(
        unit: Unit, isPercent: Bool = false, isWorkingTime: Bool = false, language: Language
    ) {
        self.unit = unit
        self.isPercent = isPercent
        self.isWorkingTime = isWorkingTime
        self.language = language
    }

    /// The format of a KPI's values.
    package init(_ kpi: KPIHeader, _ language: Language) {
        self.init(
            unit: kpi.unit, isPercent: kpi.isPercent, isWorkingTime: kpi.isWorkingTime,
            language: language)
    }

    /// What stands where there is no value.
    package static let missing = "—"

    /// A value in base units as a text: `64.43%`, `4,238`, `¥10,005,534.00`, `2 d 5.3 h`, `4.21`.
    ///
    /// Numbers are rounded half away from zero. What is no finite number gives `—`.
    package func text(_ value: Scalar) -> String {
        guard let digits = DecimalDigits(value) else { return Self.missing }
        switch unit {
        case .ratio where isPercent:
            return digits.shifted(by: 2).rounded(to: 2).grouped(places: 2) + "%"
        case .ratio: return Self.plain(digits, places: 4)
        case .count: return Self.plain(digits, places: 2)
        case .score: return digits.rounded(to: 2).grouped(places: 2)
        case .duration: return DurationText(language, hasDays: !isWorkingTime).text(digits)
        default: return compound(digits)
        }
    }

    private func compound(_ digits: DecimalDigits) -> String {
        if unit.denominator.isEmpty, unit.numerator.count == 1,
            case .currency(let code) = unit.numerator[0]
        {
            return Self.money(digits, code)
        }
        return Self.plain(digits, places: 4) + " " + unit.description
    }

    /// A number without unit: thousands, and up to `places` digits after the point. A number below
    /// 1 keeps that many significant digits.
    private static func plain(_ digits: DecimalDigits, places: Int) -> String {
        let extra = digits.magnitude < 0 ? -digits.magnitude - 1 : 0
        return digits.rounded(to: places + extra).grouped()
    }

    private static func money(_ digits: DecimalDigits, _ code: String) -> String {
        let text = digits.rounded(to: 2).grouped(places: 2)
        let sign = text.hasPrefix("-") ? "-" : ""
        return sign + (symbols[code] ?? code + " ") + text.dropFirst(sign.count)
    }

    private static let symbols = ["CNY": "¥", "USD": "$", "GBP": "£", "EUR": "€"]

    /// `4,238 / 6,711`; of an average in money or time the sum is shown in that unit.
    package func sides(_ numerator: Scalar, _ denominator: Scalar) -> String {
        let isAverage = unit.denominator.isEmpty && unit != .ratio && !unit.isLike(.score)
        let sum = isAverage ? text(numerator) : Self.number(numerator)
        return "\(sum) / \(Self.number(denominator))"
    }

    /// A number of records or keys, or any other without unit: `4,238`, `0.25`.
    package static func number(_ value: Scalar) -> String {
        DecimalDigits(value).map { plain($0, places: 2) } ?? missing
    }
}

/// Lengths of time in the two largest units that matter: `2 d 5.3 h`, `3 h 12 min`, `3 min 20 s`.
private struct DurationText {
    let day: String
    let hour: String
    let minute: String
    let second: String
    /// Else hours are the largest unit.
    let hasDays: Bool

    init(_ language: Language, hasDays: Bool) {
        self.hasDays = hasDays
        switch language {
        case .zh: (day, hour, minute, second) = ("天", "小时", "分", "秒")
        case .en: (day, hour, minute, second) = ("d", "h", "min", "s")
        }
    }

    /// The text of a number of seconds. Each step rounds first, so that 59.99 s is 1 min.
    func text(_ digits: DecimalDigits) -> String {
        var bytes: [UInt8] = []
        digits.write(to: &bytes)
        let signed = Double(String(decoding: bytes, as: UTF8.self)) ?? 0
        return (signed < 0 ? "-" : "") + text(signed.magnitude, digits)
    }

    private func text(_ seconds: Double, _ digits: DecimalDigits) -> String {
        if seconds < 59.95 { return "\(fewSeconds(digits)) \(second)" }
        if seconds < 3599.5 { return pair(seconds.rounded(), minute, second) }
        let minutes = (seconds / 60).rounded()
        if minutes < 1440 || !hasDays && minutes < 1e15 { return pair(minutes, hour, minute) }
        return days((seconds / 360).rounded())
    }

    /// One digit after the point; below a second three that matter.
    private func fewSeconds(_ digits: DecimalDigits) -> String {
        let places = digits.magnitude < 0 ? 2 - digits.magnitude : 1
        let text = digits.rounded(to: places).grouped()
        return text.hasPrefix("-") ? String(text.dropFirst()) : text
    }

    private func pair(_ small: Double, _ large: String, _ unit: String) -> String {
        let (whole, rest) = (Int64(small) / 60, Int64(small) % 60)
        return "\(DecimalDigits(whole).grouped()) \(large)" + (rest == 0 ? "" : " \(rest) \(unit)")
    }

    private func days(_ tenths: Double) -> String {
        guard tenths < 1e15 else { return "\(Double(tenths / 240)) \(day)" }
        let (whole, rest) = Int64(tenths).quotientAndRemainder(dividingBy: 240)
        let hours = DecimalDigits(mantissa: Int128(rest), scale: 1).grouped()
        return "\(DecimalDigits(whole).grouped()) \(day)" + (rest == 0 ? "" : " \(hours) \(hour)")
    }
}
