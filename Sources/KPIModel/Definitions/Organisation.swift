import KPICore

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
    /// From the top down, each an expression on the people's dataset.
    package var levels: [Dimension]
}

extension Organisation {
    /// Company, the stated levels and person, as dimensions of the dataset of people.
    package func allLevels(_ language: Language, _ people: Dataset) -> [Dimension] {
        let name = RowExpression(.literal(.text(company[language])), type: .text)
        let column = people.column(person)!
        let key = RowExpression(.column(path: [], name: column.name), type: column.type)
        return [
            Dimension(id: "company", label: Bilingual(zh: "公司", en: "Company"), expression: name)
        ] + levels + [
            Dimension(id: "person", label: Bilingual(zh: "员工", en: "Person"), expression: key)
        ]
    }
}

extension Dimension {
    /// The same dimension of a dataset that reaches this one through references.
    package func reached(through path: [String]) -> Dimension {
        Dimension(id: id, label: label, expression: expression.reached(through: path))
    }
}

extension Workspace {
    /// A dimension of a dataset; a level of the organisation by the person that a measure names.
    package func dimension(
        _ id: String, of dataset: Dataset, person path: [String]?
    ) -> Dimension? {
        guard let path, path != dataset.personPath, let organisation, dataset.levels.contains(id),
            let people = self.dataset(organisation.people)
        else { return dataset.dimension(id) }
        let level = organisation.allLevels(locale, people).first { $0.id == id }
        return level?.reached(through: path)
    }
}
