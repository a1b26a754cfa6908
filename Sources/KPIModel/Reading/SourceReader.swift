import KPICore
import KPIFormula
import Yams

/// Reads `sources/*.yaml`: where records come from and how they map.
struct SourceReader {
    let workspace: Workspace
    let findings: Findings
    private(set) var sources: [Source] = []

    init(workspace: Workspace, findings: Findings) {
        self.workspace = workspace
        self.findings = findings
    }

    private static let known = [
        "source", "dataset", "files", "format", "encoding", "delimiter", "sheet", "zone", "missing",
        "decimal", "mode", "rejects", "columns", "derive", "collapse", "dates", "description",
        "optional", "sign_off", "postgres",
    ]

    mutating func add(_ root: Field) {
        guard let fields = root.mapping(Self.known),
            let idField = root.required("source", in: fields),
            let id = identifier(idField),
            let target = root.required("dataset", in: fields), let name = target.string,
            let files = files(root, fields),
            let columns = root.required("columns", in: fields)
        else { return }
        if let first = sources.first(where: { $0.id == id }) {
            idField.report(.duplicate(kind: "source", id: id, first: first.place.description))
            return
        }
        guard let dataset = workspace.dataset(name) else {
            target.report(
                .unknownDataset(
                    name, closest: NearMatch.closest(to: name, among: workspace.datasets.map(\.id)))
            )
            return
        }
        let dates = fields["dates"].flatMap(pattern)
        var source = Source(
            id: id, place: idField.place, dataset: name, files: files,
            mode: dataset.key.isEmpty ? .append : .upsert,
            columns: self.columns(columns, dataset, dates))
        options(fields, dataset, into: &source)
        if let field = fields["postgres"] { postgres(field, fields, dataset, into: &source) }
        if let derive = fields["derive"] { source.derived = derived(derive, dataset) }
        checkRequired(source, dataset, root)
        sources.append(source)
    }

    /// Patterns; none for a source that is a database.
    private func files(_ root: Field, _ fields: [String: Field]) -> [String]? {
        if fields["postgres"] != nil, fields["files"] == nil { return [] }
        return root.required("files", in: fields)?.strings
    }

    /// Joined by `-` or by `_`.
    private func identifier(_ field: Field) -> String? {
        if case .scalar(let scalar) = field.node,
            Field.isIdentifier(scalar.string, kebab: false)
        {
            return scalar.string
        }
        return field.identifier(kebab: true)
    }

    private func options(_ fields: [String: Field], _ dataset: Dataset, into source: inout Source) {
        source.format = fields["format"]?.choice([
            "csv": Source.Format.csv, "parquet": .parquet, "jsonl": .jsonl, "xlsx": .xlsx,
        ])
        source.encoding =
            fields["encoding"]?.choice([
                "utf-8": TextEncoding.utf8, "gb18030": .gb18030, "cp1252": .cp1252,
            ]) ?? .utf8
        source.delimiter = fields["delimiter"].flatMap { field in
            field.choice([",": ",", ";": ";", "tab": "\t", "\t": "\t", "|": "|"])
        }
        source.sheet = fields["sheet"]?.string
        source.isOptional = fields["optional"]?.bool ?? false
        if let field = fields["sign_off"], let own = field.mapping(["collector"]) {
            source.keeper = field.required("collector", in: own)?.string
        }
        source.missing = fields["missing"]?.strings ?? []
        source.decimalComma =
            fields["decimal"]?.choice([".": false, ",": true, "comma": true, "point": false])
            ?? false
        if let field = fields["zone"], let text = field.string {
            source.zone = Zone.named(text)
            if source.zone == nil {
                field.report(
                    .badValue(
                        field: "time zone", value: text, expected: "an IANA name", closest: []))
            }
        }
        if let field = fields["mode"],
            let mode = field.choice([
                "append": Source.Mode.append, "upsert": .upsert, "snapshot": .snapshot,
            ])
        {
            source.mode = mode
            if mode == .upsert, dataset.key.isEmpty { field.report(.missingField("key")) }
        }
        if let field = fields["rejects"] { source.allowedRejects = share(field) }
        if let field = fields["collapse"] { source.collapse = collapse(field, dataset) }
    }

    private func postgres(
        _ field: Field, _ fields: [String: Field], _ dataset: Dataset, into source: inout Source
    ) {
        for name in Self.ofFilesAlone {
            fields[name]?.reportName(.fieldBeside(field: name, other: "postgres"))
        }
        guard let reader = PostgresReader(field), let origin = reader.origin() else { return }
        source.postgres = origin
        source.mode = origin.since == nil ? .snapshot : .upsert
        if let mode = fields["mode"] {
            _ = mode.choice([source.mode.rawValue: source.mode])
        }
        if origin.since != nil { checkSync(reader, fields, dataset, &source) }
    }

    private static let ofFilesAlone = [
        "files", "format", "encoding", "delimiter", "sheet", "optional",
    ]

    /// What reading by stamps needs: a key that tells records apart, and an order of equal stamps.
    private func checkSync(
        _ reader: PostgresReader, _ fields: [String: Field], _ dataset: Dataset,
        _ source: inout Source
    ) {
        fields["collapse"]?.reportName(.fieldBeside(field: "collapse", other: "since"))
        guard !dataset.key.isEmpty else {
            return reader.reportSince(.sinceWithoutKey(dataset: dataset.id))
        }
        if source.postgres?.key.isEmpty == true {
            let keys = dataset.key.map { key in source.columns.first { $0.column == key }?.from }
            source.postgres?.key = keys.compactMap { $0 }
            if keys.contains(nil) { reader.report(.missingField("key")) }
        }
    }

    /// `0`, `1%` or `0.01`.
    private func share(_ field: Field) -> Double {
        guard let text = field.string else { return 0 }
        let isPercent = text.hasSuffix("%")
        if let number = Double(isPercent ? String(text.dropLast()) : text) {
            let share = isPercent ? number / 100 : number
            if (0...1).contains(share) { return share }
        }
        field.report(.wrongKind(field: "rejects", expected: "a share such as 1%"))
        return 0
    }

    private func collapse(_ field: Field, _ dataset: Dataset) -> CollapseRule? {
        guard let fields = field.mapping(["by", "order"]),
            let by = field.required("by", in: fields), let key = by.strings
        else { return nil }
        let order = fields["order"]?.strings ?? []
        for name in key + order where dataset.column(name) == nil {
            field.report(
                .unknownName(
                    name, closest: NearMatch.closest(to: name, among: dataset.columns.map(\.name))))
        }
        return CollapseRule(key: key, order: order)
    }

    // MARK: Columns

    private func columns(
        _ field: Field, _ dataset: Dataset, _ dates: TimePattern?
    ) -> [ColumnMapping] {
        (field.entries ?? []).compactMap { name, field in
            guard let column = dataset.column(name) else {
                field.reportName(
                    .unknownName(
                        name,
                        closest: NearMatch.closest(to: name, among: dataset.columns.map(\.name))))
                return nil
            }
            if column.computed != nil {
                field.reportName(.computedColumn(column.name, dataset: dataset.id))
                return nil
            }
            return mapping(column, field, dates)
        }
    }

    private func mapping(
        _ column: ColumnDefinition, _ field: Field, _ dates: TimePattern?
    ) -> ColumnMapping? {
        let isTime = column.type == .date || column.type == .timestamp
        if case .scalar = field.node {
            guard let from = field.string else { return nil }
            return ColumnMapping(
                column: column.name, place: field.place, from: from, pattern: isTime ? dates : nil)
        }
        guard let fields = field.mapping(["from", "date", "values", "closed", "missing"]) else {
            return nil
        }
        var mapping = ColumnMapping(
            column: column.name, place: field.place, from: fields["from"]?.string ?? column.name)
        mapping.pattern = isTime ? fields["date"].flatMap(pattern) ?? dates : nil
        mapping.missing = fields["missing"]?.strings ?? []
        mapping.isClosedList = fields["closed"]?.bool ?? false
        if let values = fields["values"]?.entries {
            mapping.values = [:]
            for (key, value) in values { mapping.values?[key] = value.string }
        }
        return mapping
    }

    private func pattern(_ field: Field) -> TimePattern? {
        guard let text = field.string else { return nil }
        if let pattern = TimePattern(text) { return pattern }
        field.report(
            .badValue(
                field: "date format", value: text,
                expected: "made of yyyy mm dd HH MM SS, for instance d/m/yyyy HH:MM", closest: []))
        return nil
    }

    private func derived(_ field: Field, _ dataset: Dataset) -> [DerivedColumn] {
        let datasets = Dictionary(uniqueKeysWithValues: workspace.datasets.map { ($0.id, $0) })
        var resolver = RowResolver(
            datasets: datasets, dataset: dataset, calendar: workspace.calendar)
        resolver.isAtLoad = true
        return (field.entries ?? []).compactMap { name, field in
            guard let column = dataset.column(name) else {
                field.reportName(
                    .unknownName(
                        name,
                        closest: NearMatch.closest(to: name, among: dataset.columns.map(\.name))))
                return nil
            }
            guard let scalar = field.formula else { return nil }
            do throws(Diagnostics) {
                let expression = try resolver.resolve(scalar.tree)
                let isLike =
                    expression.type == column.type
                    || expression.type.isNumeric && column.type.isNumeric
                guard isLike, !expression.usesReference else {
                    throw Diagnostics(
                        .unlikeTypes("\(expression.type)", "\(column.type)"), span: scalar.tree.span
                    )
                }
                return DerivedColumn(column: name, expression: expression)
            } catch {
                findings.report(scalar.origin.placed(error.items))
                return nil
            }
        }
    }

    /// A required column must be mapped or derived.
    private func checkRequired(_ source: Source, _ dataset: Dataset, _ root: Field) {
        let filled = Set(source.columns.map(\.column) + source.derived.map(\.column))
        for column in dataset.columns
        where !filled.contains(column.name)
            && (column.isRequired || dataset.key.contains(column.name))
        {
            root.report(.missingField("columns.\(column.name)"))
        }
    }
}
