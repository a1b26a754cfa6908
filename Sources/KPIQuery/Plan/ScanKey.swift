import KPICore
import KPIModel

/// The records that one scan reads, and how they come into windows.
package struct ScanKey: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// By their time column.
        case events
        /// Those in force at one end of a window.
        case stock(Stock)
        /// By the first record of their entity.
        case cohort(EntityRule, condition: RowExpression?)
    }

    package let dataset: String
    package let timeColumn: String
    package let kind: Kind
    /// Without what is the same as the dataset's own.
    package let attribution: Attribution

    init(dataset: String, timeColumn: String) {
        self.dataset = dataset
        self.timeColumn = timeColumn
        kind = .events
        attribution = Attribution()
    }

    init(_ measure: Measure, in workspace: Workspace) {
        dataset = measure.dataset
        timeColumn = measure.timeColumn
        if let stock = measure.stock {
            kind = .stock(stock)
        } else if let entity = measure.entity, entity.cohort != nil {
            kind = .cohort(entity, condition: measure.condition)
        } else {
            kind = .events
        }
        var attribution = measure.attribution
        if attribution.at == timeColumn { attribution.at = nil }
        if attribution.route == workspace.dataset(dataset)!.route { attribution.route = nil }
        self.attribution = attribution
    }
}
