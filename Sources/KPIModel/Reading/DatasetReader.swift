import KPICore
import KPIFormula
import Yams

/// Reads `datasets/*.yaml`. Columns of all datasets are known before any expression is resolved.
struct DatasetReader {
    let workspace: Workspace
    let findings: Findings
    var order: [String] = []
    var datasets: [String: Dataset] = [:]
    var organisation: Organisation?
    private var places: [String: Place] = [:]
    /// Computed columns of the dataset that is being read.
    private var computed: [(column: String, field: Field)] = []
    /// Those of all datasets.
    var allComputed: [(dataset: String, column: String, field: Field)] = []
    var pending: [(dataset: String, fields: [String: Field])] = []
    /// Whether `person` and `org_unit` stand for nothing, as the library's organisation is not used.
    var isWithoutOrganisation = false

    init(workspace: Workspace, findings: Findings) {
        self.workspace = workspace
        self.findings = findings
    }

    /// - Parameter base: the dataset of the library that this one extends.
    mutating func add(_ root: Field, extending base: Field? = nil) {
        let known = [
            "dataset", "label", "key", "time", "columns", "references", "dimensions", "measures",
            "coverage", "description", "person", "org_unit", "booked", "valid", "provenance",
            "merged_into", "extends", "expectations", "collected",
        ]
        guard var fields = root.mapping(known),
            let idField = root.required("dataset", in: fields), let id = idField.identifier()
        else { return }
        if let base { fields = Self.extended(base.mapping(known) ?? [:], by: fields) }
        if let first = places[id] {
            idField.report(.duplicate(kind: "dataset", id: id, first: first.description))
            return
        }
        places[id] = idField.place
        var dataset = Dataset(
            id: id, label: fields["label"]?.bilingual ?? Bilingual(zh: id, en: id))
        if let columns = root.required("columns", in: fields) {
            dataset.columns = self.columns(columns)
            let provenance = fields["provenance"].flatMap(provenance)
            for index in dataset.columns.indices where dataset.columns[index].provenance == nil {
                dataset.columns[index].provenance = provenance
            }
        }
        if let field = fields["merged_into"], let column = field.string {
            checkColumns([column], of: dataset, at: field)
            if dataset.column(column) != nil { dataset.mergedInto = column }
        }
        dataset.key = fields["key"]?.strings ?? []
        checkColumns(dataset.key, of: dataset, at: fields["key"])
        dataset.timeColumns = timeColumns(fields["time"], dataset)
        dataset.validity = fields["valid"].flatMap { validity($0, dataset) }
        if let from = dataset.validity?.from, !dataset.timeColumns.contains(from) {
            dataset.timeColumns.append(from)
        }
        allComputed += computed.map { (id, $0.column, $0.field) }
        computed = []
        order.append(id)
        datasets[id] = dataset
        pending.append((id, fields))
    }

    /// The fields of a dataset of the library with what a workspace says instead: of columns, references,
    /// dimensions and measures each by its name.
    private static func extended(
        _ base: [String: Field], by own: [String: Field]
    ) -> [String: Field] {
        let named = ["columns", "references", "dimensions", "measures"]
        return base.merging(own) { base, own in
            guard named.contains(own.name) else { return own }
            var field = base
            field.overlays.append(own)
            return field
        }
    }

    // MARK: Columns

    private mutating func columns(_ field: Field) -> [ColumnDefinition] {
        computed = []
        var columns: [ColumnDefinition] = []
        for (name, field) in field.entries ?? [] {
            guard Field.isIdentifier(name, kebab: false) else {
                field.reportName(.badIdentifier(name, kebab: false))
                continue
            }
            if let column = column(name, field) { columns.append(column) }
        }
        return columns
    }

    private mutating func column(_ name: String, _ field: Field) -> ColumnDefinition? {
        if case .scalar = field.node { return columnType(field).map { plainColumn(name, $0) } }
        let known = [
            "type", "unit", "label", "required", "planned", "provenance", "of", "last_day",
            "assumed", "description",
        ]
        guard let fields = field.mapping(known),
            let typeField = field.required("type", in: fields), let type = columnType(typeField)
        else { return nil }
        var column = plainColumn(name, type)
        column.label = fields["label"]?.bilingual
        column.isRequired = fields["required"]?.bool ?? false
        column.isPlanned = fields["planned"]?.bool ?? false
        column.isLastDay = fields["last_day"]?.bool ?? false
        if column.isLastDay, column.type != .date {
            fields["last_day"]!.report(.wrongKind(field: "type", expected: "date"))
        }
        column.isAssumed = fields["assumed"]?.bool ?? false
        column.provenance = fields["provenance"].flatMap(provenance)
        if let of = fields["of"] {
            computed.append((name, of))
            if column.isRequired { of.reportName(.functionInWrongLevel("of")) }
        }
        if let unit = fields["unit"] { column.unit = Self.unit(unit, workspace.currency) }
        return column
    }

    private func provenance(_ field: Field) -> Provenance? { Self.provenance(field) }

    static func provenance(_ field: Field) -> Provenance? {
        field.choice([
            "system": .system, "third_party": .thirdParty, "partner": .partner, "manual": .manual,
        ])
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
        case "score": return .score
        case _ where text.hasPrefix("score[") && text.hasSuffix("]"):
            return Unit(.score(String(text.dropFirst(6).dropLast())))
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

    func checkColumns(_ names: [String], of dataset: Dataset, at field: Field?) {
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

    /// `[valid_from, valid_to]`: two columns of one type.
    private func validity(_ field: Field, _ dataset: Dataset) -> Validity? {
        let names = field.strings ?? []
        checkColumns(names, of: dataset, at: field)
        let types = names.compactMap { dataset.column($0)?.type }
        guard names.count == 2, types == [.date, .date] || types == [.timestamp, .timestamp] else {
            if names.allSatisfy({ dataset.column($0) != nil }) {
                field.report(
                    .wrongKind(field: "valid", expected: "two date or two timestamp columns"))
            }
            return nil
        }
        return Validity(from: names[0], to: names[1])
    }

    /// `{from: …, to: …}` for every time column, or one such for each by name.
    func coverage(_ field: Field, _ dataset: Dataset) -> [String: DeclaredCoverage] {
        if field.isSequence {
            let range = range(field)
            return Dictionary(uniqueKeysWithValues: dataset.timeColumns.map { ($0, range) })
        }
        guard let entries = field.entries else { return [:] }
        if entries.contains(where: { $0.key == "from" || $0.key == "to" }) {
            let range = range(field)
            return Dictionary(uniqueKeysWithValues: dataset.timeColumns.map { ($0, range) })
        }
        guard let fields = field.mapping(dataset.timeColumns) else { return [:] }
        return fields.mapValues(range)
    }

    /// One range, or several in order.
    private func range(_ field: Field) -> DeclaredCoverage {
        guard field.isSequence else {
            return DeclaredCoverage(ranges: [singleRange(field)]) ?? DeclaredCoverage()
        }
        let ranges = (field.list ?? []).map(singleRange)
        if let coverage = DeclaredCoverage(ranges: ranges) { return coverage }
        if !ranges.isEmpty {
            field.report(.wrongKind(field: "coverage", expected: "ranges that do not overlap"))
        }
        return DeclaredCoverage()
    }

    private func singleRange(_ field: Field) -> (from: CivilDate?, to: CivilDate?) {
        guard let fields = field.mapping(["from", "to"]) else { return (nil, nil) }
        func day(_ name: String) -> CivilDate? {
            guard let field = fields[name], let text = field.string else { return nil }
            guard let date = CivilDate(text) else {
                field.report(.wrongKind(field: name, expected: "a day such as 2026-11-22"))
                return nil
            }
            return date
        }
        return (day("from"), day("to"))
    }
}
