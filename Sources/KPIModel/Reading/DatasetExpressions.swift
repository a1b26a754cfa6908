import KPICore
import KPIFormula
import Yams

/// References, levels of the organisation, dimensions and measures of datasets whose columns are known.
extension DatasetReader {
    /// - Parameter organisation: the root of `organization.yaml`, when there is one.
    mutating func resolve(organisation root: Field?) -> [Dataset] {
        for (id, fields) in pending {
            if let field = fields["references"] { datasets[id]!.references = references(field, id) }
        }
        if let root, let organisation = organisation(root) {
            for (id, fields) in pending {
                if let field = fields["person"] { addLevels(organisation, field, id) }
            }
        } else {
            for (_, fields) in pending {
                fields["person"]?.report(.missingField("organization.yaml"))
            }
        }
        for (id, fields) in pending {
            if let field = fields["dimensions"] { dimensions(field, id) }
        }
        for (id, fields) in pending {
            if let field = fields["measures"] { measures(field, id) }
        }
        return order.map { datasets[$0]! }
    }

    private func organisation(_ root: Field) -> Organisation? {
        guard let fields = root.mapping(["company", "people", "levels"]),
            let company = root.required("company", in: fields)?.bilingual,
            let peopleField = root.required("people", in: fields), let people = peopleField.string
        else { return nil }
        guard let dataset = datasets[people], dataset.key.count == 1 else {
            peopleField.report(
                .unknownDataset(
                    people, closest: NearMatch.closest(to: people, among: datasets.keys)))
            return nil
        }
        var levels: [Dimension] = []
        for (name, field) in fields["levels"]?.entries ?? [] {
            if let level = dimension(name, field, people) { levels.append(level) }
        }
        return Organisation(company: company, people: people, levels: levels)
    }

    /// The levels of the organisation as dimensions of a dataset, through the references that lead to
    /// the person.
    private mutating func addLevels(_ organisation: Organisation, _ field: Field, _ id: String) {
        guard let text = field.string else { return }
        let path = text.split(separator: ".").map(String.init)
        var current = datasets[id]!
        for step in path {
            guard let reference = current.reference(step) else {
                let known = current.references.map(\.name)
                field.report(.unknownName(step, closest: NearMatch.closest(to: step, among: known)))
                return
            }
            current = datasets[reference.target]!
        }
        guard current.id == organisation.people else {
            field.report(
                .wrongKind(field: "person", expected: "a reference to ‘\(organisation.people)’"))
            return
        }
        let company = RowExpression(
            .literal(.text(organisation.company[workspace.locale])), type: .text)
        let key = current.column(current.key[0])!
        let person = RowExpression(.column(path: [], name: key.name), type: key.type)
        var all = [
            Dimension(id: "company", label: Bilingual(zh: "公司", en: "Company"), expression: company)
        ]
        all +=
            organisation.levels + [
                Dimension(
                    id: "person", label: Bilingual(zh: "员工", en: "Person"), expression: person)
            ]
        datasets[id]!.dimensions += all.map { level in
            Dimension(
                id: level.id, label: level.label,
                expression: level.expression.reached(through: path))
        }
    }

    private func references(_ field: Field, _ id: String) -> [Reference] {
        (field.entries ?? []).compactMap { name, field in
            guard let fields = field.mapping(["to", "on", "key", "required"]),
                let to = field.required("to", in: fields), let target = to.string,
                let on = field.required("on", in: fields), let columns = on.strings
            else { return nil }
            guard let dataset = datasets[target] else {
                to.report(
                    .unknownDataset(
                        target, closest: NearMatch.closest(to: target, among: datasets.keys)))
                return nil
            }
            let key = fields["key"]?.strings ?? dataset.key
            checkColumns(columns, of: datasets[id]!, at: on)
            checkColumns(key, of: dataset, at: fields["key"])
            guard key.count == columns.count, !key.isEmpty else {
                on.report(
                    .wrongKind(
                        field: "on", expected: "as many columns as the key of ‘\(target)’"))
                return nil
            }
            return Reference(
                name: name, target: target, columns: columns, targetColumns: key,
                isRequired: fields["required"]?.bool ?? false)
        }
    }

    private func resolver(_ id: String, _ level: RowResolver.Level = .record) -> RowResolver {
        RowResolver(
            datasets: datasets, dataset: datasets[id]!, calendar: workspace.calendar, level: level)
    }

    /// The value of a result, or nil with its diagnostics placed in the formula.
    private func placed<T>(_ scalar: FormulaScalar, _ result: Result<T, Diagnostics>) -> T? {
        switch result {
        case .success(let value): return value
        case .failure(let diagnostics):
            findings.report(scalar.origin.placed(diagnostics.items))
            return nil
        }
    }

    private mutating func dimensions(_ field: Field, _ id: String) {
        for (name, field) in field.entries ?? [] {
            guard let dimension = dimension(name, field, id) else { continue }
            if datasets[id]!.dimension(name) != nil {
                field.report(.duplicate(kind: "dimension", id: name, first: "organization.yaml"))
            } else {
                datasets[id]!.dimensions.append(dimension)
            }
        }
    }

    /// `name: expression`, or `name: {of: expression, label: …}`.
    private func dimension(_ name: String, _ field: Field, _ id: String) -> Dimension? {
        guard Field.isIdentifier(name, kebab: false) else {
            field.reportName(.badIdentifier(name, kebab: false))
            return nil
        }
        guard !AnswerColumns.reserved.contains(name) else {
            field.reportName(.reservedDimension(name))
            return nil
        }
        var label = Bilingual(zh: name, en: name)
        var source = field
        if case .mapping = field.node {
            guard let fields = field.mapping(["of", "label"]),
                let of = field.required("of", in: fields)
            else { return nil }
            label = fields["label"]?.bilingual ?? label
            source = of
        }
        guard let scalar = source.formula,
            let expression = placed(scalar, resolver(id).value(scalar.tree))
        else { return nil }
        return Dimension(id: name, label: label, expression: expression)
    }

    private mutating func measures(_ field: Field, _ id: String) {
        for (name, field) in field.entries ?? [] {
            guard Field.isIdentifier(name, kebab: false) else {
                field.reportName(.badIdentifier(name, kebab: false))
                continue
            }
            if let measure = measure(name, field, id) { datasets[id]!.measures.append(measure) }
        }
    }

    private func measure(_ name: String, _ field: Field, _ id: String) -> Measure? {
        let known = [
            "aggregate", "where", "time", "open", "per", "having", "label", "unit", "description",
        ]
        guard let fields = field.mapping(known),
            let aggregateField = field.required("aggregate", in: fields),
            let aggregateScalar = aggregateField.formula
        else { return nil }
        let dataset = datasets[id]!
        let time = fields["time"]?.string ?? dataset.timeColumns.first
        guard let time else {
            field.report(.noTimeColumn(id))
            return nil
        }
        guard dataset.timeColumns.contains(time) else {
            fields["time"]?.report(
                .unknownName(time, closest: NearMatch.closest(to: time, among: dataset.timeColumns))
            )
            return nil
        }
        let isEntity = fields["per"] != nil
        guard
            let (aggregate, type, unit) = placed(
                aggregateScalar,
                resolver(id, isEntity ? .entity : .record).measureAggregate(
                    aggregateScalar.tree, isEntity: isEntity))
        else { return nil }
        guard type != .date, type != .timestamp else {
            aggregateField.report(.notNumber(found: "\(type)"))
            return nil
        }
        if let column = handKeptTime(in: aggregate, dataset) {
            aggregateField.report(.handKeptTime(column))
        }
        let measureUnit =
            fields["unit"].flatMap { Self.unit($0, workspace.currency) }
            ?? Self.unit(of: aggregate, type, unit)
        var measure = Measure(
            id: name, label: fields["label"]?.bilingual ?? Bilingual(zh: name, en: name),
            dataset: id, aggregate: aggregate, timeColumn: time, unit: measureUnit)
        var isSound = true
        func condition(_ name: String, _ level: RowResolver.Level) -> RowExpression? {
            guard let scalar = fields[name].map(\.formula) else { return nil }
            let resolved = scalar.flatMap { scalar in
                placed(scalar, resolver(id, level).conditionValue(scalar.tree))
            }
            if resolved == nil { isSound = false }
            return resolved
        }
        measure.condition = condition("where", isEntity ? .entityRecord : .record)
        measure.open = condition("open", .record)
        if isEntity, let open = fields["open"] { open.reportName(.functionInWrongLevel("open")) }
        if isEntity, let per = fields["per"]?.formula {
            guard let key = placed(per, resolver(id).value(per.tree)) else { return nil }
            measure.entity = EntityRule(key: key, having: condition("having", .entity))
        }
        return isSound ? measure : nil
    }

    /// A column of times kept by hand that a duration is measured with.
    private func handKeptTime(in aggregate: Aggregate, _ dataset: Dataset) -> String? {
        guard let argument = aggregate.argument, argument.type == .duration else { return nil }
        return dataset.columns.first { column in
            column.provenance == .manual
                && argument.contains { $0.node == .column(path: [], name: column.name) }
        }?.name
    }

    /// A plain whole number counts something; another plain number is a ratio.
    private static func unit(of aggregate: Aggregate, _ type: ValueType, _ unit: Unit?) -> Unit {
        if aggregate.kind == .count || aggregate.kind == .distinct { return .count }
        if type == .duration || aggregate.argument?.type == .duration { return .duration }
        if let unit { return unit }
        return aggregate.argument?.type == .integer ? .count : .ratio
    }
}

extension RowResolver {
    fileprivate func value(_ tree: Expression) -> Result<RowExpression, Diagnostics> {
        do throws(Diagnostics) {
            return .success(try resolve(tree))
        } catch {
            return .failure(error)
        }
    }

    fileprivate func conditionValue(_ tree: Expression) -> Result<RowExpression, Diagnostics> {
        do throws(Diagnostics) {
            return .success(try condition(tree))
        } catch {
            return .failure(error)
        }
    }

    /// The aggregate of a measure; of an entity measure its argument holds aggregates.
    fileprivate func measureAggregate(
        _ tree: Expression, isEntity: Bool
    ) -> Result<(Aggregate, ValueType, Unit?), Diagnostics> {
        do throws(Diagnostics) {
            let result = try isEntity ? entityAggregate(tree) : aggregate(tree)
            if isEntity, result.0.kind != .count, result.0.argument?.usesAggregate != true {
                throw Diagnostics(.notAggregate, span: tree.span)
            }
            return .success(result)
        } catch {
            return .failure(error)
        }
    }
}
