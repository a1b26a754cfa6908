/// One line that says how far something is.
package enum ProgressLine {
    private static let barWidth = 4...40

    /// `Loading  ██████░░░░  62%  1,240 / 2,000`, at most `width` columns wide.
    ///
    /// The bar takes what room is left and is left out where there is little; the label is cut
    /// last. With an unknown total (0 or less) only the count is shown.
    package static func text(done: Int, total: Int, label: String, width: Int) -> String {
        let name = label.oneLine
        guard total > 0 else { return "\(name)  \(grouped(done))".cut(to: width) }
        let within = min(max(done, 0), total)
        let tail = "\(percent(within, total))  \(grouped(within)) / \(grouped(total))"
        let room = width - displayWidth(name) - displayWidth(tail) - 4
        guard room >= barWidth.lowerBound else {
            let label = name.cut(to: max(0, width - displayWidth(tail) - 2))
            return (label.isEmpty ? tail : label + "  " + tail).cut(to: width)
        }
        return "\(name)  \(bar(within, total, min(room, barWidth.upperBound)))  \(tail)"
    }

    /// Rounded down, so that only what is done says 100%.
    private static func percent(_ done: Int, _ total: Int) -> String {
        let percent = String(Int(Double(done) / Double(total) * 100))
        let shown = done < total && percent == "100" ? "99" : percent
        return shown.padded(to: 3, .right) + "%"
    }

    private static func bar(_ done: Int, _ total: Int, _ width: Int) -> String {
        let filled = done == total ? width : Int(Double(done) / Double(total) * Double(width))
        return String(repeating: "█", count: filled)
            + String(repeating: "░", count: width - filled)
    }

    private static func grouped(_ number: Int) -> String {
        DecimalDigits(Int64(number)).grouped()
    }
}
