import KPICore
import KPIFormula

/// Reads `expectations:` and `collected:` of a dataset whose columns, references and dimensions are known.
struct ExpectationReader {
    let datasets: DatasetReader
    /// Of the dataset.
    let id: String

    private var dataset: Dataset { datasets.datasets[id]! }

    private static let rules = [
        "unique", "present", "range", "one_of", "refers", "condition", "fresh", "rows",
        "files_until",
    ]
    private static let known = rules + ["from", "to", "values", "severity", "label"]

    /// The stated expectations, and the one that follows from the rules of the workspace.
    func expectations(
        _ field: Field?, _ collected: Collected?, at place: Field?
    ) -> [Expectation] {
        var found: [Expectation] = []
        for item in field?.list ?? [] {
            guard let expectation = expectation(item) else { continue }
            if let first = found.first(where: { $0.text == expectation.text }) {
                item.report(
                    .duplicate(
                        kind: "expectation", id: first.text, first: first.place.description))
            } else {
                found.append(expectation)
            }
        }
        if let collected, let place, datasets.workspace.provenance.satisfaction == .refuse {
            found.append(notOwn(collected, place.place))
        }
        return found
    }

    private func expectation(_ item: Field) -> Expectation? {
        guard let fields = item.mapping(Self.known) else { return nil }
        let stated = Self.rules.filter { fields[$0] != nil }
        guard stated.count == 1, let field = fields[stated[0]] else {
            item.report(
                .wrongKind(
                    field: "expectations", expected: "one of " + Self.rules.joined(separator: ", "))
            )
            return nil
        }
        let belonging = ["range": ["from", "to"], "one_of": ["values"]][stated[0]] ?? []
        for name in ["from", "to", "values"] where !belonging.contains(name) {
            fields[name]?.reportName(.unknownField(name, closest: []))
        }
        guard let (rule, text) = rule(stated[0], field, fields) else { return nil }
        var expectation = Expectation(rule: rule, text: text, place: item.place)
        expectation.severity =
            fields["severity"]?.choice(["warn": .warn, "refuse": .refuse]) ?? .warn
        expectation.label = fields["label"]?.bilingual
        return expectation
    }

    private func rule(
        _ name: String, _ field: Field, _ fields: [String: Field]
    ) -> (Expectation.Rule, String)? {
        switch name {
        case "unique":
            let names = field.strings ?? []
            guard !names.isEmpty, names.allSatisfy({ column($0, field) != nil }) else { return nil }
            return (.unique(names), "unique " + names.joined(separator: ", "))
        case "present":
            return field.string.flatMap { column($0, field) }
                .map { (.present($0.name), "present \($0.name)") }
        case "range": return range(field, fields)
        case "one_of": return oneOf(field, fields)
        case "refers": return refers(field)
        case "condition": return condition(field)
        case "fresh": return fresh(field)
        case "files_until": return count(field).map { (.filesUntil($0), "files until \($0)") }
        default: return rows(field)
        }
    }

    private func column(_ name: String, _ field: Field) -> ColumnDefinition? {
        datasets.checkColumns([name], of: dataset, at: field)
        return dataset.column(name)
    }

    // MARK: Values

    private func range(
        _ field: Field, _ fields: [String: Field]
    ) -> (Expectation.Rule, String)? {
        guard let column = field.string.flatMap({ column($0, field) }) else { return nil }
        guard column.type.isNumeric || column.type == .date || column.type == .timestamp else {
            field.report(
                .wrongKind(field: "range", expected: "a column of numbers, dates or timestamps"))
            return nil
        }
        let (from, to) = (fields["from"], fields["to"])
        guard from != nil || to != nil else {
            field.report(.missingField("from"))
            return nil
        }
        let (low, high) = (from.flatMap { bound($0, column) }, to.flatMap { bound($0, column) })
        guard (from == nil) == (low == nil), (to == nil) == (high == nil) else { return nil }
        let text = "range \(column.name) \(from?.string ?? "")..\(to?.string ?? "")"
        return (.range(column.name, from: low, to: high), text)
    }

    private func oneOf(
        _ field: Field, _ fields: [String: Field]
    ) -> (Expectation.Rule, String)? {
        guard let column = field.string.flatMap({ column($0, field) }) else { return nil }
        guard let list = fields["values"]?.list else {
            if fields["values"] == nil { field.report(.missingField("values")) }
            return nil
        }
        let values = list.compactMap { bound($0, column) }
        guard values.count == list.count, !values.isEmpty else { return nil }
        let words = list.compactMap(\.string).joined(separator: ", ")
        return (.oneOf(column.name, values), "one_of \(column.name) \(words)")
    }

    /// A value of a column's type.
    private func bound(_ field: Field, _ column: ColumnDefinition) -> Scalar? {
        guard let text = field.string else { return nil }
        let expected: String
        switch column.type {
        case .text: return .text(text)
        case .boolean: return field.bool.map { .bool($0) }
        case .date:
            if let date = CivilDate(text) { return .date(Int32(date.day)) }
            expected = "a day such as 2026-11-22"
        case .timestamp:
            let calendar = datasets.workspace.calendar
            if let date = CivilDate(text) {
                return .timestamp(calendar.startOfDay(date.day), utc: true)
            }
            if let local = LocalClock.parse(text) {
                return .timestamp(calendar.zone.instant(local), utc: true)
            }
            expected = "a time such as 2026-11-22T08:00"
        default:
            if let number = number(text) { return .decimal(number) }
            expected = "a number"
        }
        field.report(.wrongKind(field: field.name, expected: expected))
        return nil
    }

    private func number(_ text: String) -> ExactDecimal? {
        guard text.hasSuffix("%") else { return ExactDecimal(text) }
        return ExactDecimal(text.dropLast())
            .map { ExactDecimal(mantissa: $0.mantissa, scale: $0.scale + 2) }
    }

    private func refers(_ field: Field) -> (Expectation.Rule, String)? {
        guard let name = field.string else { return nil }
        guard dataset.reference(name) != nil else {
            let known = dataset.references.map(\.name)
            field.report(.unknownName(name, closest: NearMatch.closest(to: name, among: known)))
            return nil
        }
        return (.refers(name), "refers \(name)")
    }

    // MARK: Expressions

    private func condition(_ field: Field) -> (Expectation.Rule, String)? {
        guard let scalar = field.formula,
            let condition = datasets.placed(scalar, resolver.conditionValue(scalar.tree)),
            isKnownAtLoad(condition, field)
        else { return nil }
        return (.condition(condition), "condition " + scalar.tree.formatted(.en))
    }

    private var resolver: RowResolver {
        var resolver = datasets.resolver(id)
        resolver.isAtLoad = true
        return resolver
    }

    /// There is no window at load, and no table of working time.
    private func isKnownAtLoad(_ expression: RowExpression, _ field: Field) -> Bool {
        if expression.usesPeriod { field.report(.functionInWrongLevel("period_end")) }
        if expression.usesWorkingTime { field.report(.workingTimeAtLoad) }
        return !expression.usesPeriod && !expression.usesWorkingTime
    }

    // MARK: Freshness and volume

    /// `2 days`, `36 hours`.
    private func fresh(_ field: Field) -> (Expectation.Rule, String)? {
        guard let text = field.string else { return nil }
        let words = text.split(separator: " ").map(String.init)
        let units: [String: Int64] = [
            "hour": 3600, "hours": 3600, "小时": 3600, "day": 86_400, "days": 86_400, "天": 86_400,
        ]
        guard words.count == 2, let unit = units[words[1]], let count = Int64(words[0]),
            (1...100_000).contains(count)
        else {
            field.report(
                .wrongKind(field: "fresh", expected: "a length such as 2 days or 36 hours"))
            return nil
        }
        guard !dataset.timeColumns.isEmpty else {
            field.report(.noTimeColumn(id))
            return nil
        }
        return (.fresh(count * unit * microsecondsPerSecond), "fresh \(text)")
    }

    private func rows(_ field: Field) -> (Expectation.Rule, String)? {
        guard let fields = field.mapping(["per", "from", "to", "time"]),
            let per = field.required("per", in: fields),
            let grain = per.choice([
                "day": Grain.day, "week": .week, "month": .month, "quarter": .quarter,
                "half": .half, "year": .year,
            ])
        else { return nil }
        guard let time = fields["time"]?.string ?? dataset.timeColumns.first else {
            field.report(.noTimeColumn(id))
            return nil
        }
        guard dataset.timeColumns.contains(time) else {
            fields["time"]?.report(
                .unknownName(time, closest: NearMatch.closest(to: time, among: dataset.timeColumns))
            )
            return nil
        }
        let (from, to) = (count(fields["from"]), count(fields["to"]))
        guard from != nil || to != nil else {
            if fields["from"] == nil, fields["to"] == nil { field.report(.missingField("from")) }
            return nil
        }
        let bounds = "\(from.map(String.init) ?? "")..\(to.map(String.init) ?? "")"
        let axis = fields["time"] == nil ? "" : " by \(time)"
        return (
            .rows(per: grain, column: time, from: from, to: to),
            "rows per \(grain.rawValue)\(axis) \(bounds)"
        )
    }

    private func count(_ field: Field?) -> Int? { field?.integer(in: 0...1_000_000_000_000) }

    // MARK: Who collected

    /// `{by: column, own: value, other: value, score: expression, where: expression, kinds: column}`.
    func collected(_ field: Field) -> Collected? {
        guard let fields = field.mapping(["by", "own", "other", "score", "where", "kinds"]),
            let by = field.required("by", in: fields), let column = by.string,
            self.column(column, by) != nil,
            let own = field.required("own", in: fields)?.string,
            let scoreField = field.required("score", in: fields), let score = scoreField.formula,
            let value = datasets.placed(score, resolver.value(score.tree))
        else { return nil }
        guard value.type.isNumeric else {
            scoreField.report(.notNumber(found: "\(value.type)"))
            return nil
        }
        guard !dataset.timeColumns.isEmpty else {
            field.report(.noTimeColumn(id))
            return nil
        }
        let filter = fields["where"]?.formula.flatMap { scalar in
            datasets.placed(scalar, resolver.conditionValue(scalar.tree))
        }
        if fields["where"] != nil, filter == nil { return nil }
        guard isKnownAtLoad(value, scoreField), filter.map({ isKnownAtLoad($0, field) }) ?? true
        else { return nil }
        var collected = Collected(
            column: column, own: own, other: fields["other"]?.string ?? "third_party",
            score: value, condition: filter)
        if let kinds = fields["kinds"], let name = kinds.string, self.column(name, kinds) != nil {
            collected.kinds = name
        }
        return collected
    }

    /// No record was collected by those whom it judges.
    private func notOwn(_ collected: Collected, _ place: Place) -> Expectation {
        let column = RowExpression(.column(path: [], name: collected.column), type: .text)
        let own = RowExpression(.literal(.text(collected.own)), type: .text)
        var expectation = Expectation(
            rule: .condition(RowExpression(.binary(.notEqual, column, own), type: .boolean)),
            text: "not \(collected.column) \(collected.own)", place: place)
        expectation.severity = .refuse
        expectation.label = Bilingual(
            zh: "被考核部门不得自行收集", en: "not collected by the department assessed")
        return expectation
    }
}

extension DatasetReader {
    /// The column of a use, and the dataset that it is of.
    func column(_ use: ColumnUse) -> (dataset: String, column: ColumnDefinition)? {
        var owner = use.dataset
        for step in use.path {
            guard let reference = datasets[owner]?.reference(step) else { return nil }
            owner = reference.target
        }
        return datasets[owner]?.column(use.name).map { (owner, $0) }
    }
}
