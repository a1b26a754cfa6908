import KPICore

/// The levels of the organisation: company, units above a person, person.
///
/// Every dataset that says which of its references leads to a person can be broken down by them.
package struct Organisation: Sendable {
    package var company: Bilingual
    /// The dataset with a record for each person; its key is the level `person`.
    package var people: String
    /// From the top down, each an expression on the people's dataset.
    package var levels: [Dimension]
}

extension RowExpression {
    /// The same expression on a dataset that reaches this one through references.
    func reached(through path: [String]) -> RowExpression {
        func reach(_ expression: RowExpression) -> RowExpression {
            expression.reached(through: path)
        }
        let node: Node =
            switch self.node {
            case .literal, .aggregate, .ever, .inPeriod: self.node
            case .column(let own, let name): .column(path: path + own, name: name)
            case .call(let function, let arguments): .call(function, arguments.map(reach))
            case .binary(let operation, let a, let b): .binary(operation, reach(a), reach(b))
            case .negate(let a): .negate(reach(a))
            case .not(let a): .not(reach(a))
            case .isMissing(let a, let negated): .isMissing(reach(a), negated: negated)
            case .isIn(let a, let list, let negated):
                .isIn(reach(a), list.map(reach), negated: negated)
            }
        return RowExpression(node, type: type, unit: unit)
    }
}
