import KPICore
import KPIModel

/// Which units of an organisation with history exist when: the levels of every posting with the range
/// in which it is in force, so that a unit has cells only while it exists.
extension ScanBuilder {
    /// One for the units asked for without people, and one where people are asked for too; none where no level
    /// is, or the organisation has no history.
    func existenceScans(_ groupings: [[String]]) -> [Scan] {
        let units = Set(groupings.filter { !$0.contains("person") }.joined())
        let people = Set(groupings.filter { $0.contains("person") }.joined())
        let all = [units, people].map { $0.sorted() }
        guard workspace.organisation?.units != nil else {
            return [existenceScan(Set(groupings.joined()).sorted())].compactMap { $0 }
        }
        return all.compactMap(existenceScan)
    }

    private func existenceScan(_ dimensions: [String]) -> Scan? {
        guard let organisation = workspace.organisation,
            let people = workspace.dataset(organisation.people), let validity = people.validity,
            facts[people.id] != nil
        else { return nil }
        let all = organisation.allLevels(workspace.locale, people)
        let levels = dimensions.filter { name in
            name != all[0].id && all.contains { $0.id == name }
        }
        guard !levels.isEmpty else { return nil }
        if let units = unitExistence(organisation, levels) { return units }
        let type = people.column(validity.from)!.type
        var compiler = RowCompiler(
            workspace: workspace, dataset: people, dialect: dialect, asOf: nil)
        let from: SQLText = "\(name: "r").\(name: validity.from)"
        let to: SQLText = "\(name: "r").\(name: validity.to)"
        compiler.moment = .during(from, to)
        var members: [SQLText] = []
        for (index, name) in levels.enumerated() {
            let level = all.first { $0.id == name }!
            let member = limited(name, compiler.member(level.expression))
            members.append("\(member) AS \(name: "d\(index)")")
        }
        let conditions =
            ["\(from) IS NOT NULL"]
            + [organisation.condition].compactMap { $0 }.map {
                compiler.sql($0, isCondition: true)
            }
        let bounds = compiler.overlap(of: (from, to))
        let statement: SQLText = """
            SELECT DISTINCT \(members), \(instant(bounds.from, type)) AS \(name: "from"), \
            \(instant(bounds.to, type)) AS \(name: "to") \
            FROM \(dialect.table(people.id)) AS \(name: "r")\(compiler.joinClauses()) \
            WHERE \(conditions, separator: " AND ")
            """
        let layout = ScanLayout(
            dimensions: levels, sets: [:], measures: [], windows: [])
        return Scan(
            key: ScanKey(dataset: people.id, timeColumn: validity.from), shape: .existence,
            statement: statement, windowTable: nil, boundsTable: nil, layout: layout)
    }

    /// Of levels that units alone make up, those of the units: also of one where nobody is posted.
    private func unitExistence(_ organisation: Organisation, _ asked: [String]) -> Scan? {
        let stated = organisation.levels.filter { asked.contains($0.id) }
        guard stated.count == asked.count,
            let units = organisation.units.flatMap(workspace.dataset),
            let validity = units.validity, facts[units.id] != nil
        else { return nil }
        var compiler = RowCompiler(
            workspace: workspace, dataset: units, dialect: dialect, asOf: nil)
        var members: [SQLText] = []
        var conditions: [SQLText] = ["\(name: "r").\(name: validity.from) IS NOT NULL"]
        for (index, id) in asked.enumerated() {
            let level = stated.first { $0.id == id }!
            let member = limited(id, compiler.member(level.expression))
            members.append("\(member) AS \(name: "d\(index)")")
            conditions.append("\(compiler.sql(level.expression)) IS NOT NULL")
        }
        let type = units.column(validity.from)!.type
        let from = instant("\(name: "r").\(name: validity.from)", type)
        let to = instant("\(name: "r").\(name: validity.to)", type)
        let statement: SQLText = """
            SELECT DISTINCT \(members), \(from) AS \(name: "from"), \(to) AS \(name: "to") \
            FROM \(dialect.table(units.id)) AS \(name: "r")\(compiler.joinClauses()) \
            WHERE \(conditions, separator: " AND ")
            """
        return Scan(
            key: ScanKey(dataset: units.id, timeColumn: validity.from), shape: .existence,
            statement: statement, windowTable: nil, boundsTable: nil,
            layout: ScanLayout(dimensions: asked, sets: [:], measures: [], windows: []))
    }

    func instant(_ bound: SQLText, _ type: ValueType) -> SQLText {
        type == .date ? dialect.midnight(bound, workspace.calendar.zone) : bound
    }
}

extension RowCompiler {
    /// What a range has in common with those of the history joined along it.
    func overlap(of range: (from: SQLText, to: SQLText)) -> (from: SQLText, to: SQLText) {
        var starts = [range.from]
        var ends = [range.to]
        for (table, validity) in temporalJoins {
            starts.append("\(name: table).\(name: validity.from)")
            ends.append("\(name: table).\(name: validity.to)")
        }
        // Missing bounds are passed over: an open end is later than any other.
        return starts.count == 1
            ? range : ("greatest(\(starts))", "least(\(ends))")
    }
}
