/// Spans of records of a dataset during which the clock of another record stands still.
///
/// Every expression is one on a record of the dataset.
package struct Paused: Sendable, Hashable {
    package var related: Related
    /// A span is `[begin, end)`, without end where that is missing.
    package var begin: RowExpression
    package var end: RowExpression
    /// The clock that stands still, as the record outside has it.
    package var from: RowExpression
    package var to: RowExpression
    /// nil: the default one.
    package var calendar: RowExpression?

    package var expressions: [RowExpression] {
        [related.condition, begin, end, from, to] + [calendar].compactMap { $0 }
    }

    func mapped(_ change: (RowExpression) -> RowExpression) -> Paused {
        Paused(
            related: Related(dataset: related.dataset, condition: change(related.condition)),
            begin: change(begin), end: change(end), from: change(from), to: change(to),
            calendar: calendar.map(change))
    }
}
