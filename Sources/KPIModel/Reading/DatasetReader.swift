import KPICore
import KPIFormula
import Yams

/// Reads `datasets/*.yaml`. Columns of all datasets are known before any expression is resolved.
struct DatasetReader {
    let workspace: Workspace
    let findings: Findings
    private var order: [String] = []
    private var datasets: [String: Dataset] = [:]
    private var places: [String: Place] = [:]
    private var pending: [(dataset: String, fields: [String: Field])] = []

    init(workspace: Workspace, findings: Findings) {
        self.workspace = workspace
        self.findings = findings
    }

    mutating func add(_ root: Field) {
        let known = [
            "dataset", "label", "key", "time", "columns", "references", "dimensions", "measures",
            "coverage", "description",
        ]
        guard let fields = root.mapping(known),
            let idField = root.required("dataset", in: fields), let id = idField.identifier()
        else { return }
        if let first = places[id] {
            idField.report(.duplicate(kind: "dataset", id: id, first: first.description))
            return
        }
        places[id] = idField.place
        var dataset = Dataset(
            id: id, label: fields["label"]?.bilingual ?? Bilingual(zh: id, en: id))
        if let columns = root.required("columns", in: fields) {
            dataset.columns = self.columns(columns)
        }
        dataset.key = fields["key"]?.strings ?? []
        checkColumns(dataset.key, of: dataset, at: fields["key"])
        dataset.timeColumns = timeColumns(fields["time"], dataset)
        if let coverage = fields["coverage"] { dataset.coverage = self.coverage(coverage, dataset) }
        order.append(id)
        datasets[id] = dataset
        pending.append((id, fields))
    }

    // MARK: Columns

    private func columns(_ field: Field) -> [ColumnDefinition] {
        (field.entries ?? []).compactMap { name, field in
            guard Field.isIdentifier(name, kebab: false) else {
                field.reportName(.badIdentifier(name, kebab: false))
                return nil
            }
            return column(name, field)
        }
    }

    private func column(_ name: String, _ field: Field) -> ColumnDefinition? {
        if case .scalar = field.node { return columnType(field).map { plainColumn(name, $0) } }
        let known = ["type", "unit", "label", "required", "planned"]
        guard let fields = field.mapping(known),
            let typeField = field.required("type", in: fields), let type = columnType(typeField)
        else { return nil }
        var column = plainColumn(name, type)
        column.label = fields["label"]?.bilingual
        column.isRequired = fields["required"]?.bool ?? false
        column.isPlanned = fields["planned"]?.bool ?? false
        if let unit = fields["unit"] { column.unit = Self.unit(unit, workspace.currency) }
        return column
    }

    private func plainColumn(
        _ name: String, _ type: (ValueType, Unit?)
    ) -> ColumnDefinition {
        ColumnDefinition(name: name, type: type.0, unit: type.1)
    }

    /// `text`, `decimal(2)`, `money`, `money(3)`, …
    private func columnType(_ field: Field) -> (ValueType, Unit?)? {
        guard let text = field.string else { return nil }
        let simple: [String: ValueType] = [
            "text": .text, "integer": .integer, "double": .double, "boolean": .boolean,
            "date": .date, "timestamp": .timestamp,
        ]
        if let type = simple[text] { return (type, nil) }
        if text == "money" { return (.decimal(scale: 2), .currency(workspace.currency)) }
        for (word, unit) in [("decimal", nil), ("money", Unit.currency(workspace.currency))] {
            guard text.hasPrefix(word + "("), text.hasSuffix(")") else { continue }
            if let scale = Int(text.dropFirst(word.count + 1).dropLast()), (0...9).contains(scale) {
                return (.decimal(scale: scale), unit)
            }
        }
        let words = simple.keys.sorted() + ["decimal(2)", "money"]
        field.report(
            .badValue(
                field: "type", value: text, expected: words.joined(separator: ", "),
                closest: NearMatch.closest(to: text, among: words)))
        return nil
    }

    /// `ratio`, `percent`, `count`, `currency`, `currency[CNY]`, `duration`, `score`, `score[1..5]`.
    static func unit(_ field: Field, _ currency: String) -> Unit? {
        guard let text = field.string else { return nil }
        switch text {
        case "ratio", "percent": return .ratio
        case "count": return .count
        case "duration": return .duration
        case "currency", "money": return .currency(currency)
        case _ where text == "score" || text.hasPrefix("score[") && text.hasSuffix("]"):
            return .score
        case _ where text.hasPrefix("currency[") && text.hasSuffix("]"):
            let code = String(text.dropFirst(9).dropLast())
            if code == currency { return .currency(code) }
            field.report(.twoCurrencies(currency, code))
            return nil
        default:
            let words = ["ratio", "percent", "count", "currency", "duration", "score"]
            field.report(
                .badValue(
                    field: "unit", value: text, expected: words.joined(separator: ", "),
                    closest: NearMatch.closest(to: text, among: words)))
            return nil
        }
    }

    private func checkColumns(_ names: [String], of dataset: Dataset, at field: Field?) {
        for name in names where dataset.column(name) == nil {
            field?.report(
                .unknownName(
                    name, closest: NearMatch.closest(to: name, among: dataset.columns.map(\.name))))
        }
    }

    private func timeColumns(_ field: Field?, _ dataset: Dataset) -> [String] {
        let names = field?.strings ?? []
        checkColumns(names, of: dataset, at: field)
        for name in names {
            guard let column = dataset.column(name) else { continue }
            if column.type != .date, column.type != .timestamp {
                field?.report(.wrongKind(field: name, expected: "a date or timestamp column"))
            }
        }
        return names.filter { name in
            dataset.column(name).map { $0.type == .date || $0.type == .timestamp } ?? false
        }
    }

    /// `{from: …, to: …}` for every time column, or one such for each by name.
    private func coverage(_ field: Field, _ dataset: Dataset) -> [String: DeclaredCoverage] {
        guard let entries = field.entries else { return [:] }
        if entries.contains(where: { $0.key == "from" || $0.key == "to" }) {
            let range = range(field)
            return Dictionary(uniqueKeysWithValues: dataset.timeColumns.map { ($0, range) })
        }
        guard let fields = field.mapping(dataset.timeColumns) else { return [:] }
        return fields.mapValues(range)
    }

    private func range(_ field: Field) -> DeclaredCoverage {
        guard let fields = field.mapping(["from", "to"]) else { return DeclaredCoverage() }
        func day(_ name: String) -> CivilDate? {
            guard let field = fields[name], let text = field.string else { return nil }
            guard let date = CivilDate(text) else {
                field.report(.wrongKind(field: name, expected: "a day such as 2026-11-22"))
                return nil
            }
            return date
        }
        return DeclaredCoverage(from: day("from"), to: day("to"))
    }

    // MARK: Expressions

    mutating func resolve() -> [Dataset] {
        for (id, fields) in pending {
            if let field = fields["references"] { datasets[id]!.references = references(field, id) }
        }
        for (id, fields) in pending {
            if let field = fields["dimensions"] { dimensions(field, id) }
        }
        for (id, fields) in pending {
            if let field = fields["measures"] { measures(field, id) }
        }
        return order.map { datasets[$0]! }
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

    /// `name: expression`, or `name: {of: expression, label: …}`.
    private mutating func dimensions(_ field: Field, _ id: String) {
        for (name, field) in field.entries ?? [] {
            guard Field.isIdentifier(name, kebab: false) else {
                field.reportName(.badIdentifier(name, kebab: false))
                continue
            }
            guard !AnswerColumns.reserved.contains(name) else {
                field.reportName(.reservedDimension(name))
                continue
            }
            var label = Bilingual(zh: name, en: name)
            var source = field
            if case .mapping = field.node {
                guard let fields = field.mapping(["of", "label"]),
                    let of = field.required("of", in: fields)
                else { continue }
                label = fields["label"]?.bilingual ?? label
                source = of
            }
            guard let scalar = source.formula else { continue }
            if let expression = placed(scalar, resolver(id).value(scalar.tree)) {
                datasets[id]!.dimensions.append(
                    Dimension(id: name, label: label, expression: expression))
            }
        }
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
        if isEntity, let per = fields["per"]?.formula {
            guard let key = placed(per, resolver(id).value(per.tree)) else { return nil }
            measure.entity = EntityRule(key: key, having: condition("having", .entity))
        }
        return isSound ? measure : nil
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
