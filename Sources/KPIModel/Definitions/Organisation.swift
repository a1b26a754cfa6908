import KPICore
import KPIFormula

/// The levels of the organisation: company, units above a person, person.
///
/// Every dataset that says which of its references leads to a person can be broken down by them.
package struct Organisation: Sendable {
    package var company: Bilingual
    /// The dataset with a record for each person, or with postings that are valid for a time.
    package var people: String
    /// Its column with the person: the level `person`.
    package var person: String
    /// Which postings count.
    package var condition: RowExpression?
    /// The dataset of the units, when there is one, and the reference that leads there from the people.
    package var units: String?
    package var unit: String?
    /// From the top down, each an expression on the dataset of the units, or else on that of the people.
    package var levels: [Dimension]

    /// Where a record belongs that no group of a level holds.
    package static let above = "(above)"
}

extension Organisation {
    /// From company to person.
    package var levelNames: [String] { ["company"] + levels.map(\.id) + ["person"] }

    /// The level of the whole company.
    package func top(_ language: Language) -> Dimension {
        let name = RowExpression(.literal(.text(company[language])), type: .text)
        return Dimension(
            id: "company", label: Bilingual(zh: "公司", en: "Company"), expression: name)
    }

    /// Company, the stated levels and person, as dimensions of the dataset of people.
    package func allLevels(_ language: Language, _ people: Dataset) -> [Dimension] {
        let column = people.column(person)!
        let key = RowExpression(.column(path: [], name: column.name), type: column.type)
        let stated = levels.map { level in unit.map { level.reached(through: [$0]) } ?? level }
        return [top(language)] + stated + [Self.person(key)]
    }

    private static func person(_ key: RowExpression) -> Dimension {
        Dimension(id: "person", label: Bilingual(zh: "员工", en: "Person"), expression: key)
    }

    /// The levels as dimensions of a dataset, by the way its records are attributed.
    package func levels(
        _ language: Language, of dataset: Dataset, along route: AttributionRoute,
        _ people: Dataset
    ) -> [Dimension] {
        guard units != nil, let unit else {
            guard let person = route.person else { return [] }
            return allLevels(language, people).map { $0.reached(through: person) }
        }
        let key = route.person.flatMap { path -> RowExpression? in
            guard path.count == 1, let column = dataset.reference(path[0])?.columns.first,
                let type = dataset.column(column)?.type
            else { return nil }
            return RowExpression(.column(path: [], name: column), type: type)
        }
        let stated = levels.map { level in
            let byPerson = route.person.map { level.expression.reached(through: $0 + [unit]) }
            let byUnit = route.unit.map { level.expression.reached(through: $0) }
            return Dimension(
                id: level.id, label: level.label,
                expression: Self.either(
                    byPerson, byUnit.map { route.isBooked ? booked($0, route, dataset) : $0 }, key))
        }
        let all = [top(language)] + stated
        if let key { return all + [Self.person(key)] }
        return route.person.map { path in
            all + [allLevels(language, people).last!.reached(through: path)]
        } ?? all
    }

    /// By the person; where the record names none, by its unit.
    private static func either(
        _ byPerson: RowExpression?, _ byUnit: RowExpression?, _ key: RowExpression?
    ) -> RowExpression {
        guard let byUnit else { return byPerson! }
        guard let byPerson, let key else { return byUnit }
        let isMissing = RowExpression(.isMissing(key, negated: false), type: .boolean)
        return RowExpression(.call(.if, [isMissing, byUnit, byPerson]), type: byPerson.type)
    }

    /// A level of the unit, or that it lies above.
    private func booked(
        _ level: RowExpression, _ route: AttributionRoute, _ dataset: Dataset
    ) -> RowExpression {
        let above = RowExpression(.literal(.text(Self.above)), type: .text)
        let placed = RowExpression(.call(.coalesce, [level, above]), type: .text)
        guard !route.emptyIsCompany, let path = route.unit, path.count == 1,
            let column = dataset.reference(path[0])?.columns.first,
            let type = dataset.column(column)?.type
        else { return placed }
        let key = RowExpression(.column(path: [], name: column), type: type)
        let isMissing = RowExpression(.isMissing(key, negated: false), type: .boolean)
        return RowExpression(.call(.if, [isMissing, level, placed]), type: .text)
    }
}

extension Dimension {
    /// The same dimension of a dataset that reaches this one through references.
    package func reached(through path: [String]) -> Dimension {
        Dimension(id: id, label: label, expression: expression.reached(through: path))
    }
}

extension Workspace {
    /// A dimension of a dataset; a level of the organisation along the route that a measure names.
    package func dimension(
        _ id: String, of dataset: Dataset, along route: AttributionRoute?
    ) -> Dimension? {
        guard let route, route != dataset.route, let organisation,
            organisation.levelNames.contains(id),
            let people = self.dataset(organisation.people)
        else { return dataset.dimension(id) }
        return organisation.levels(locale, of: dataset, along: route, people).first { $0.id == id }
    }
}
