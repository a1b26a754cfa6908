import KPICore
import KPIFormula
import Yams

/// References, dimensions and measures of datasets whose columns are known.
extension DatasetReader {
    /// - Parameters:
    ///   - organisation: the root of `organization.yaml`, when there is one.
    ///   - coverage: that of `coverage.yaml`.
    mutating func resolve(organisation root: Field?, coverage: Field?) -> [Dataset] {
        for (id, fields) in pending {
            if let field = fields["references"] { datasets[id]!.references = references(field, id) }
        }
        computeColumns()
        if let root, let organisation = organisation(root) {
            self.organisation = organisation
            limitPostings(organisation)
            for (id, fields) in pending {
                if let route = route(fields, id) { addLevels(organisation, route, id) }
            }
        } else if !isWithoutOrganisation {
            for (_, fields) in pending {
                for name in ["person", "org_unit"] {
                    fields[name]?.report(.missingField("organization.yaml"))
                }
            }
        }
        for (id, fields) in pending {
            if let field = fields["dimensions"] { dimensions(field, id) }
        }
        for (id, fields) in pending {
            if let field = fields["measures"] { measures(field, id) }
        }
        for (id, fields) in pending {
            if let field = fields["measures"] { checkLimits(field, id) }
            let reader = ExpectationReader(datasets: self, id: id)
            datasets[id]!.collected = fields["collected"].flatMap(reader.collected)
            datasets[id]!.expectations = reader.expectations(
                fields["expectations"], datasets[id]!.collected, at: fields["collected"])
        }
        // Also of the columns that measures use as times.
        for (id, fields) in pending {
            guard let field = fields["coverage"] else { continue }
            datasets[id]!.coverage = self.coverage(field, datasets[id]!)
        }
        if let coverage { declare(coverage) }
        return order.map { datasets[$0]! }
    }

    /// `coverage.yaml`: what datasets cover, by their ids.
    private mutating func declare(_ root: Field) {
        for (id, field) in root.entries ?? [] {
            guard let dataset = datasets[id] else {
                field.reportName(
                    .unknownDataset(id, closest: NearMatch.closest(to: id, among: datasets.keys)))
                continue
            }
            if let first = pending.first(where: { $0.dataset == id })?.fields["coverage"] {
                field.reportName(
                    .duplicate(kind: "coverage", id: id, first: first.place.description))
            }
            datasets[id]!.coverage = coverage(field, dataset)
        }
    }

    // MARK: Computed columns

    /// Resolves the expressions of computed columns, and refuses those that stand on themselves.
    private mutating func computeColumns() {
        for (id, name, field) in allComputed {
            guard let scalar = field.formula else { continue }
            var resolver = resolver(id)
            resolver.isAtLoad = true
            guard let expression = placed(scalar, resolver.value(scalar.tree)),
                let index = datasets[id]!.columns.firstIndex(where: { $0.name == name })
            else { continue }
            let column = datasets[id]!.columns[index]
            let isLike =
                expression.type == column.type || expression.node == .literal(.null)
                || expression.type.isNumeric && column.type.isNumeric
            guard isLike, !expression.usesPeriod else {
                field.report(.unlikeTypes("\(expression.type)", "\(column.type)"))
                continue
            }
            datasets[id]!.columns[index].computed = expression
        }
        for (id, name, field) in allComputed {
            guard let circle = ComputedColumns(datasets).circle(from: id, name) else { continue }
            field.report(.cycle(circle))
        }
    }

    private func references(_ field: Field, _ id: String) -> [Reference] {
        (field.entries ?? []).compactMap { name, field in
            let known = ["to", "on", "key", "at", "required", "just_before", "merged"]
            guard let fields = field.mapping(known),
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
            var reference = Reference(
                name: name, target: target, columns: columns, targetColumns: key,
                isRequired: fields["required"]?.bool ?? false)
            reference.isTemporal = dataset.validity != nil && key != dataset.key
            reference.isAtClosing = fields["at"]?.isWord("closing") ?? false
            if !reference.isAtClosing {
                reference.at = fields["at"].flatMap { momentColumn($0, id) }
            }
            if let at = fields["at"], !reference.isTemporal {
                at.reportName(.noValidity(dataset: target))
            }
            reference.isJustBefore = fields["just_before"]?.bool ?? false
            if reference.isJustBefore, !reference.isTemporal {
                fields["just_before"]!.reportName(.noValidity(dataset: target))
            }
            reference.keepsMerged =
                fields["merged"]?.choice(["keep": true, "follow": false]) ?? false
            return reference
        }
    }

    /// A column of times of a dataset, by name.
    func momentColumn(_ field: Field, _ id: String) -> String? {
        guard let name = field.string else { return nil }
        checkColumns([name], of: datasets[id]!, at: field)
        guard let column = datasets[id]!.column(name) else { return nil }
        guard column.type == .date || column.type == .timestamp else {
            field.report(.wrongKind(field: field.name, expected: "a date or timestamp column"))
            return nil
        }
        return name
    }

    func resolver(_ id: String, _ level: RowResolver.Level = .record) -> RowResolver {
        RowResolver(
            datasets: datasets, dataset: datasets[id]!, calendar: workspace.calendar, level: level)
    }

    /// The value of a result, or nil with its diagnostics placed in the formula.
    func placed<T>(_ scalar: FormulaScalar, _ result: Result<T, Diagnostics>) -> T? {
        switch result {
        case .success(let value): return value
        case .failure(let diagnostics):
            findings.report(scalar.origin.placed(diagnostics.items))
            return nil
        }
    }

    /// Warns of working time beside days, which are of 24 hours.
    func warnOfDays(_ expression: RowExpression?, in scalar: FormulaScalar) {
        guard let expression, expression.comparesWorkingTimeWithDays else { return }
        findings.report(
            .daysOfWorkingTime, at: scalar.origin.place(scalar.tree.span.lowerBound))
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
    func dimension(_ name: String, _ field: Field, _ id: String) -> Dimension? {
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
        warnOfDays(expression, in: scalar)
        return Dimension(id: name, label: label, expression: expression)
    }

    /// What a measure stays inside of is a lookup measure whose levels its own dataset has.
    private func checkLimits(_ field: Field, _ id: String) {
        for (name, field) in field.entries ?? [] {
            guard let inside = datasets[id]!.measure(name)?.inside,
                let entry = field.entries?.first(where: { $0.key == "inside" })?.field
            else { continue }
            let lookups = datasets.values.flatMap(\.measures).filter { $0.lookup?.kind == .period }
            guard lookups.contains(where: { $0.id == inside }) else {
                entry.report(
                    .unknownName(
                        inside, closest: NearMatch.closest(to: inside, among: lookups.map(\.id))))
                continue
            }
            var known = workspace
            known.datasets = Array(datasets.values)
            let limits = known.limits(of: datasets[id]!.measure(name)!)?.dimensions ?? []
            for dimension in limits where datasets[id]!.dimension(dimension) == nil {
                entry.report(
                    .unknownDimension(
                        dimension, closest: [], known: datasets[id]!.dimensions.map(\.id)))
            }
        }
    }

    private mutating func measures(_ field: Field, _ id: String) {
        for (name, field) in field.entries ?? [] {
            guard Field.isIdentifier(name, kebab: false) else {
                field.reportName(.badIdentifier(name, kebab: false))
                datasets[id]!.unreadMeasures.append(name)
                continue
            }
            var reader = MeasureReader(datasets: self, id: id, name: name)
            guard let measure = reader.read(field) else {
                datasets[id]!.unreadMeasures += reader.names
                continue
            }
            datasets[id]!.measures.append(measure)
            if !datasets[id]!.timeColumns.contains(measure.timeColumn) {
                datasets[id]!.timeColumns.append(measure.timeColumn)
            }
        }
    }
}

extension RowResolver {
    func value(_ tree: Expression) -> Result<RowExpression, Diagnostics> {
        do throws(Diagnostics) {
            return .success(try resolve(tree))
        } catch {
            return .failure(error)
        }
    }

    func conditionValue(_ tree: Expression) -> Result<RowExpression, Diagnostics> {
        do throws(Diagnostics) {
            return .success(try condition(tree))
        } catch {
            return .failure(error)
        }
    }
}
