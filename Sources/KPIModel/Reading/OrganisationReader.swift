import KPICore
import KPIFormula

/// The organisation, and how the records of datasets lead to its people and units.
extension DatasetReader {
    /// What `organization.yaml` says of people, units and levels.
    func organisation(_ root: Field) -> Organisation? {
        let known = ["company", "people", "person", "where", "units", "unit", "levels"]
        guard let fields = root.mapping(known),
            let company = root.required("company", in: fields)?.bilingual,
            let peopleField = root.required("people", in: fields), let people = peopleField.string
        else { return nil }
        guard let dataset = datasets[people], dataset.key.count == 1 || fields["person"] != nil
        else {
            peopleField.report(
                .unknownDataset(
                    people, closest: NearMatch.closest(to: people, among: datasets.keys)))
            return nil
        }
        let person = fields["person"]?.string ?? dataset.key[0]
        checkColumns([person], of: dataset, at: fields["person"])
        guard dataset.column(person) != nil else { return nil }
        let units = fields["units"].flatMap { unitsOf(dataset, $0, fields["unit"]) }
        if fields["units"] != nil, units == nil { return nil }
        var levels: [Dimension] = []
        for (name, field) in fields["levels"]?.entries ?? [] {
            if let level = dimension(name, field, units?.dataset ?? people) { levels.append(level) }
        }
        let condition = fields["where"]?.formula.flatMap { scalar in
            var postings = resolver(people)
            postings.isAtLoad = true
            return placed(scalar, postings.conditionValue(scalar.tree))
        }
        return Organisation(
            company: company, people: people, person: person, condition: condition,
            units: units?.dataset, unit: units?.reference, levels: levels)
    }

    /// The dataset of the units, and the reference that leads there from the people.
    private func unitsOf(
        _ people: Dataset, _ field: Field, _ reference: Field?
    ) -> (dataset: String, reference: String)? {
        guard let name = field.string else { return nil }
        guard datasets[name] != nil else {
            field.report(
                .unknownDataset(name, closest: NearMatch.closest(to: name, among: datasets.keys)))
            return nil
        }
        let known = people.references.filter { $0.target == name }
        guard let stated = reference?.string else {
            if known.count == 1 { return (name, known[0].name) }
            field.report(.missingField("unit"))
            return nil
        }
        guard known.contains(where: { $0.name == stated }) else {
            reference!.report(
                .unknownName(
                    stated, closest: NearMatch.closest(to: stated, among: known.map(\.name))))
            return nil
        }
        return (name, stated)
    }

    // MARK: Levels

    /// Only postings that count are led to.
    mutating func limitPostings(_ organisation: Organisation) {
        guard let condition = organisation.condition else { return }
        for id in datasets.keys {
            for index in datasets[id]!.references.indices {
                let reference = datasets[id]!.references[index]
                if reference.target == organisation.people, reference.isTemporal {
                    datasets[id]!.references[index].condition = condition
                }
            }
        }
    }

    /// The levels of the organisation as dimensions of a dataset, through the references that lead to
    /// the person.
    mutating func addLevels(
        _ organisation: Organisation, _ route: AttributionRoute, _ id: String
    ) {
        let levels = organisation.levels(
            workspace.locale, of: datasets[id]!, along: route, datasets[organisation.people]!)
        datasets[id]!.route = route
        datasets[id]!.levels = levels.map(\.id)
        datasets[id]!.dimensions += levels
    }

    // MARK: Attribution

    /// How records are attributed, by the fields `person`, `org_unit`, `booked` and `exact_unit`.
    func route(_ fields: [String: Field], _ id: String) -> AttributionRoute? {
        guard !isWithoutOrganisation else { return nil }
        var route = AttributionRoute()
        if let field = fields["person"] {
            guard let path = path(field, id, to: organisation?.people) else { return nil }
            route.person = path
        }
        if let field = fields["org_unit"], !field.isWord("none") {
            guard let units = organisation?.units else {
                field.report(.missingField("units"))
                return nil
            }
            guard let path = path(field, id, to: units) else { return nil }
            route.unit = path
        }
        read(fields["booked"], into: &route)
        route.isExact = fields["exact_unit"]?.bool ?? false
        return route.person == nil && route.unit == nil ? nil : route
    }

    /// `booked: true`, or `booked: where_stated` where an empty unit is an unknown one.
    func read(_ booked: Field?, into route: inout AttributionRoute) {
        guard let booked else { return }
        let isStated = booked.isWord("where_stated")
        route.isBooked = isStated || booked.bool ?? false
        route.emptyIsCompany = route.isBooked && !isStated
    }

    /// A path of references that leads to the people or units of the organisation.
    private func path(_ field: Field, _ id: String, to target: String?) -> [String]? {
        guard let text = field.string else { return nil }
        let path = text.split(separator: ".").map(String.init)
        var current = datasets[id]!
        for step in path {
            guard let reference = current.reference(step) else {
                let known = current.references.map(\.name)
                field.report(.unknownName(step, closest: NearMatch.closest(to: step, among: known)))
                return nil
            }
            current = datasets[reference.target]!
        }
        guard let target else {
            field.report(.missingField("organization.yaml"))
            return nil
        }
        guard current.id == target else {
            field.report(.wrongKind(field: field.name, expected: "a reference to ‘\(target)’"))
            return nil
        }
        return path
    }
}
