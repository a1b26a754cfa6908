import KPICore
import KPIFormula

/// Reads one measure of a dataset whose columns, references and dimensions are known.
struct MeasureReader {
    let datasets: DatasetReader
    /// Of the dataset.
    let id: String
    let name: String
    private var label: Bilingual
    private var parameters: [String: Int64] = [:]
    /// Parameters, also those that cannot be read.
    private var named: [String] = []
    /// How records of this measure are attributed, where it says so.
    private var route: AttributionRoute?

    init(datasets: DatasetReader, id: String, name: String) {
        self.datasets = datasets
        self.id = id
        self.name = name
        label = Bilingual(zh: name, en: name)
    }

    /// By which a formula may name it.
    var names: [String] { [name, label.zh, label.en] }

    private var dataset: Dataset { datasets.datasets[id]! }

    private static let known = [
        "aggregate", "where", "time", "open", "per", "having", "label", "unit", "description",
        "stock", "window", "parameters", "at", "person", "org_unit", "booked", "exact_unit",
        "cohort",
        "age", "lookback", "lookup", "levels", "exact", "inside",
    ]

    mutating func read(_ field: Field) -> Measure? {
        guard let fields = field.mapping(Self.known) else { return nil }
        label = fields["label"]?.bilingual ?? label
        guard let aggregateField = field.required("aggregate", in: fields),
            let aggregateScalar = aggregateField.formula
        else { return nil }
        parameters = fields["parameters"].map(Self.parameters) ?? [:]
        for (name, field) in fields["parameters"]?.entries ?? [] {
            named.append(name)
            refuseHiding(name, field)
        }
        route = ownRoute(fields)
        let stock = fields["stock"].flatMap { readStock($0) }
        let cohort = fields["cohort"].flatMap { readCohort($0, fields["age"]) }
        if fields["stock"] != nil && stock == nil || fields["cohort"] != nil && cohort == nil {
            return nil
        }
        let isLookup = fields["lookup"] != nil
        guard let time = timeColumn(field, fields["time"], stock, cohort, isLookup) else {
            return nil
        }
        let isEntity = fields["per"] != nil
        let level = isEntity ? RowResolver.Level.entity : .record
        let typed = resolver(level).measureAggregate(aggregateScalar.tree, isEntity: isEntity)
        guard let (aggregate, type, unit) = datasets.placed(aggregateScalar, typed) else {
            return nil
        }
        datasets.warnOfDays(aggregate.argument, in: aggregateScalar)
        guard type.isNumeric || type == .duration else {
            aggregateField.report(.notNumber(found: "\(type)"))
            return nil
        }
        if let column = handKeptTime(in: aggregate) {
            let isRefused = datasets.workspace.provenance.times == .refuse
            aggregateField.report(isRefused ? .handKeptTime(column) : .handKeptTimeMarked(column))
        }
        let measureUnit =
            fields["unit"].flatMap { DatasetReader.unit($0, datasets.workspace.currency) }
            ?? Self.unit(of: aggregate, type, unit)
        var measure = Measure(
            id: name, label: label, dataset: id, aggregate: aggregate, timeColumn: time,
            unit: measureUnit)
        measure.stock = stock
        measure.parameters = parameters
        guard addConditions(&measure, fields, cohort) else { return nil }
        measure.window = fields["window"].flatMap(window)
        measure.attribution.at = fields["at"].flatMap { datasets.momentColumn($0, id) }
        measure.attribution.route = route
        measure.lookbacks = fields["lookback"].map(lookbacks) ?? []
        if let field = fields["inside"] {
            measure.inside = field.string
            guard measure.isAdditive, aggregate.kind == .sum else {
                field.report(.wrongKind(field: "aggregate", expected: "sum(…)"))
                return nil
            }
        }
        measure.lookup = fields["lookup"].flatMap { lookup($0, fields, aggregate) }
        if fields["lookup"] != nil, measure.lookup == nil { return nil }
        return measure
    }

    private func resolver(_ level: RowResolver.Level) -> RowResolver {
        var resolver = datasets.resolver(id, level)
        resolver.parameters = parameters
        if let route, let organisation = datasets.organisation {
            let people = datasets.datasets[organisation.people]!
            resolver.levels = organisation.levels(
                datasets.workspace.locale, of: dataset, along: route, people)
        }
        return resolver
    }

    /// What the measure does not say is as the dataset has it.
    private func ownRoute(_ fields: [String: Field]) -> AttributionRoute? {
        let names = ["person", "org_unit", "booked", "exact_unit"]
        guard names.contains(where: { fields[$0] != nil }) else { return nil }
        var route = dataset.route ?? AttributionRoute()
        if let stated = datasets.route(fields, id) {
            route.person = stated.person ?? route.person
            route.unit = stated.unit ?? route.unit
        }
        if fields["org_unit"]?.isWord("none") == true { route.unit = nil }
        datasets.read(fields["booked"], into: &route)
        route.isExact = fields["exact_unit"]?.bool ?? route.isExact
        return route.person == nil && route.unit == nil ? nil : route
    }

    // MARK: Figures of periods

    /// `lookup: period`, with the columns that may stand for all their values.
    private func lookup(
        _ field: Field, _ fields: [String: Field], _ aggregate: Aggregate
    ) -> Lookup? {
        let kinds: KeyValuePairs<String, Lookup.Kind> = [
            "period": .period, "inside": .inside, "instant": .instant,
        ]
        guard let kind = field.choice(kinds) else { return nil }
        guard dataset.validity != nil else {
            field.report(.noValidity(dataset: id))
            return nil
        }
        let fitting: [Lookup.Kind: Aggregate.Kind] = [
            .period: .sum, .inside: .count, .instant: .max,
        ]
        guard aggregate.kind == fitting[kind] else {
            field.report(
                .wrongKind(field: "aggregate", expected: fitting[kind]!.rawValue + "(…)"))
            return nil
        }
        var lookup = Lookup(kind: kind)
        lookup.levels = fields["levels"]?.strings ?? []
        lookup.exact = fields["exact"]?.strings ?? []
        datasets.checkColumns(lookup.levels, of: dataset, at: fields["levels"])
        datasets.checkColumns(lookup.exact, of: dataset, at: fields["exact"])
        lookup.levels = lookup.levels.filter { dataset.column($0) != nil }
        lookup.exact = lookup.exact.filter { dataset.column($0) != nil }
        return lookup
    }

    // MARK: Time

    private func timeColumn(
        _ field: Field, _ stated: Field?, _ stock: Stock?, _ cohort: Cohort?, _ isLookup: Bool
    ) -> String? {
        if isLookup, let from = dataset.validity?.from {
            stated?.reportName(.functionInWrongLevel("time"))
            return from
        }
        if let column = stock?.from ?? cohort?.column {
            stated?.reportName(.functionInWrongLevel("time"))
            return column
        }
        guard let time = stated?.string ?? dataset.timeColumns.first else {
            field.report(.noTimeColumn(id))
            return nil
        }
        guard dataset.timeColumns.contains(time) else {
            let closest = NearMatch.closest(to: time, among: dataset.timeColumns)
            stated?.report(.unknownName(time, closest: closest))
            return nil
        }
        return time
    }

    /// `closing`, `opening`, `{from: …, to: …, at: closing}` or `{snapshot: …, at: closing}`.
    private func readStock(_ field: Field) -> Stock? {
        let moments: KeyValuePairs<String, Stock.Moment> = [
            "closing": .closing, "opening": .opening,
        ]
        if field.isScalar {
            guard let moment = field.choice(moments) else { return nil }
            guard let validity = dataset.validity else {
                field.report(.noValidity(dataset: id))
                return nil
            }
            return Stock(from: validity.from, to: validity.to, moment: moment)
        }
        guard let fields = field.mapping(["from", "to", "snapshot", "at"]) else { return nil }
        var moment: Stock.Moment? = .closing
        if let at = fields["at"] { moment = at.choice(moments) }
        guard let moment else { return nil }
        if let snapshot = fields["snapshot"] {
            for other in [fields["from"], fields["to"]].compactMap({ $0 }) {
                other.reportName(.unknownField(other.name, closest: []))
            }
            return datasets.momentColumn(snapshot, id).map {
                Stock(from: $0, to: nil, isSnapshot: true, moment: moment)
            }
        }
        guard let fromField = field.required("from", in: fields),
            let from = datasets.momentColumn(fromField, id)
        else { return nil }
        guard let toField = fields["to"] else { return Stock(from: from, to: nil, moment: moment) }
        guard let to = datasets.momentColumn(toField, id) else { return nil }
        guard dataset.column(from)!.type == dataset.column(to)!.type else {
            toField.report(.wrongKind(field: "to", expected: "a column of the type of ‘\(from)’"))
            return nil
        }
        return Stock(from: from, to: to, moment: moment)
    }

    /// `cohort: min(column)`, `age: month`.
    private func readCohort(_ field: Field, _ age: Field?) -> Cohort? {
        guard let scalar = field.formula else { return nil }
        if case .call(.known(.min), let arguments) = scalar.tree.node, arguments.count == 1,
            case .success(let argument) = resolver(.record).value(arguments[0]),
            argument.type != .date, argument.type != .timestamp
        {
            field.report(.wrongKind(field: "cohort", expected: "min of a time column"))
            return nil
        }
        let entry = resolver(.record).measureAggregate(scalar.tree, isEntity: false)
        guard let (aggregate, _, _) = datasets.placed(scalar, entry) else { return nil }
        guard aggregate.kind == .min,
            case .column(let path, let column)? = aggregate.argument?.node,
            path.isEmpty, dataset.timeColumns.contains(column)
        else {
            field.report(.wrongKind(field: "cohort", expected: "min of a time column"))
            return nil
        }
        guard let age else { return Cohort(column: column, age: nil) }
        guard dataset.dimension(Cohort.ageDimension) == nil else {
            age.reportName(
                .duplicate(kind: "dimension", id: Cohort.ageDimension, first: "dimensions"))
            return nil
        }
        let units: KeyValuePairs<String, Grain> = [
            "day": .day, "week": .week, "month": .month, "quarter": .quarter, "year": .year,
        ]
        return age.choice(units).map { Cohort(column: column, age: $0) }
    }

    // MARK: Conditions

    private func addConditions(
        _ measure: inout Measure, _ fields: [String: Field], _ cohort: Cohort?
    ) -> Bool {
        let isEntity = fields["per"] != nil
        var isSound = true
        func condition(_ name: String, _ level: RowResolver.Level) -> RowExpression? {
            guard let scalar = fields[name].map(\.formula) else { return nil }
            let resolved = scalar.flatMap { scalar in
                datasets.placed(scalar, resolver(level).conditionValue(scalar.tree))
            }
            if resolved == nil { isSound = false }
            if let scalar { datasets.warnOfDays(resolved, in: scalar) }
            return resolved
        }
        measure.condition = condition("where", isEntity ? .entityRecord : .record)
        measure.open = condition("open", .record)
        if isEntity, let open = fields["open"] { open.reportName(.functionInWrongLevel("open")) }
        if isEntity, fields["cohort"] == nil { fields["age"]?.reportName(.ageWithoutCohort) }
        for name in ["having", "cohort", "age"] where !isEntity {
            fields[name]?.reportName(.everOutsideEntity(name))
        }
        if isEntity, let per = fields["per"]?.formula {
            guard let key = datasets.placed(per, resolver(.record).value(per.tree)) else {
                return false
            }
            measure.entity = EntityRule(
                key: key, having: condition("having", .entity), cohort: cohort)
        }
        return isSound
    }

    /// `14 days`, `48 hours`, `repeat_window days`.
    /// `90 days`, or for some datasets each: `{orders: 180 days, tickets: 90 days}`.
    private func lookbacks(_ field: Field) -> [Lookback] {
        guard field.isMapping, let entries = field.entries else {
            return window(field).map { [Lookback(dataset: nil, days: $0.amount)] } ?? []
        }
        return entries.compactMap { entry in
            if datasets.datasets[entry.key] == nil {
                let closest = NearMatch.closest(to: entry.key, among: datasets.datasets.keys)
                entry.field.report(.unknownDataset(entry.key, closest: closest))
                return nil
            }
            return window(entry.field).map { Lookback(dataset: entry.key, days: $0.amount) }
        }
    }

    private func window(_ field: Field) -> MeasureWindow? {
        guard let text = field.string else { return nil }
        let words = text.split(separator: " ").map(String.init)
        let units = [
            "day": false, "days": false, "天": false, "hour": true, "hours": true, "小时": true,
        ]
        let expected = "a length in days or hours from 1 to 3660, such as 14 days or 48 hours"
        guard words.count == 2, let isHours = units[words[1]] else {
            field.report(.wrongKind(field: "window", expected: expected))
            return nil
        }
        if let value = parameters[words[0]] {
            return MeasureWindow(
                amount: RowExpression(.parameter(words[0], value: value), type: .integer),
                isHours: isHours)
        }
        if named.contains(words[0]) { return nil }
        if Field.isIdentifier(words[0], kebab: false) {
            let closest = NearMatch.closest(to: words[0], among: named)
            field.report(.unknownName(words[0], closest: closest))
            return nil
        }
        guard let value = Int64(words[0]), (1...3660).contains(value) else {
            field.report(.wrongKind(field: "window", expected: expected))
            return nil
        }
        return MeasureWindow(
            amount: RowExpression(.literal(.integer(value)), type: .integer), isHours: isHours)
    }

    /// In every expression the parameter would hide the column or dimension of that name.
    private func refuseHiding(_ name: String, _ field: Field) {
        let isColumn = dataset.columns.contains {
            [$0.name, $0.label?.zh, $0.label?.en].contains(name)
        }
        let isDimension = dataset.dimensions.contains {
            [$0.id, $0.label.zh, $0.label.en].contains(name)
        }
        guard isColumn || isDimension else { return }
        let first = isColumn ? "columns" : "dimensions"
        field.reportName(.duplicate(kind: "name", id: name, first: "‘\(first)’"))
    }

    /// Names and whole numbers.
    static func parameters(_ field: Field) -> [String: Int64] {
        var parameters: [String: Int64] = [:]
        for (name, field) in field.entries ?? [] {
            guard Field.isIdentifier(name, kebab: false) else {
                field.reportName(.badIdentifier(name, kebab: false))
                continue
            }
            if let value = field.integer(in: 0...1_000_000) { parameters[name] = Int64(value) }
        }
        return parameters
    }

    /// A column of times kept by hand that a duration is measured with, also behind references and in
    /// computed columns.
    private func handKeptTime(in aggregate: Aggregate) -> String? {
        guard let argument = aggregate.argument, argument.type == .duration else { return nil }
        var seen: Set<ColumnUse> = []
        var pending = argument.columnUses(on: id)
        while !pending.isEmpty {
            let use = pending.removeFirst()
            guard seen.insert(use).inserted, let (owner, column) = datasets.column(use) else {
                continue
            }
            if column.type == .date || column.type == .timestamp {
                if column.provenance == .manual { return column.name }
                pending += column.computed?.columnUses(on: owner) ?? []
            }
        }
        return nil
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
