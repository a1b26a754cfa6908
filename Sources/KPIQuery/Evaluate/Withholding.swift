import KPICore

extension CellBlock {
    /// Withholds cells of fewer records than some number, so that no answer of a single person shows.
    ///
    /// Where that leaves one group of a period alone, and the groups make up the whole, it could be told from
    /// the whole and the others, so the next smallest is withheld too.
    ///
    /// - Parameters:
    ///   - counts: the records behind every cell.
    ///   - whole: those of the whole company, by period.
    mutating func withhold(below least: Int, counts: [Double], whole: [Double]) {
        guard whole.count == periods.count else { return }
        for period in periods.indices {
            let cells = period * groupCount..<(period + 1) * groupCount
            let shown = cells.filter { state[$0].hasValue }.sorted { counts[$0] < counts[$1] }
            let few = shown.filter { counts[$0] < Double(least) }
            let isWhole = cells.reduce(0) { $0 + counts[$1] } == whole[period]
            let isAlone = !dimensions.isEmpty && isWhole && few.count == 1 && shown.count > 1
            for cell in isAlone ? Array(shown.prefix(2)) : few { state[cell] = .withheld }
        }
        let isShown = state.map { $0 != .withheld }
        numerator?.hide(unless: isShown)
        denominator?.hide(unless: isShown)
        n?.hide(unless: isShown)
        low?.hide(unless: isShown)
        high?.hide(unless: isShown)
        open?.hide(unless: isShown)
    }
}

extension Figures {
    fileprivate mutating func hide(unless isShown: [Bool]) {
        present = zip(present ?? isShown, isShown).map { $0 && $1 }
    }
}
