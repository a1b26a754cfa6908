import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// A file's mapped columns as text in the temporary table `plumb_stage`: `$record` counts from 0,
/// `s0`, `s1`, … follow the source's mapping.
struct Staging {
    let source: Source
    let path: String
    let format: Source.Format
    /// Where a copy in UTF-8 may be written.
    let copyPath: String
    let session: Session

    var fileName: String { TextFile.fileName(path) }

    /// A row that is no record of the file's shape.
    struct BadRow {
        let line: Int
        let text: String
        let reason: String
    }

    /// What is known of the staged records beside their text.
    struct Staged {
        var rows: Int
        var badRows: [BadRow] = []
        /// Line of each record; nil where record r is line r + `firstLine`.
        var lines: [Int]?
        var firstLine: Int
    }

    func stage() throws -> Staged {
        switch format {
        case .csv: return try csv()
        case .jsonl: return try jsonLines()
        case .parquet: return try parquet()
        case .xlsx: return try spreadsheet()
        }
    }

    private func create(_ columns: [SQLText], from table: SQLText) throws {
        let select: SQLText = """
            CREATE OR REPLACE TEMP TABLE plumb_stage AS SELECT row_number() OVER () - 1 AS \(name: "$record")\
            \(columns.enumerated().map { ", \($1) AS \(name: "s\($0)")" as SQLText }, separator: "") FROM \(table)
            """
        try session.run(select)
    }

    private func count() throws -> Int {
        try session.number("SELECT count(*) FROM plumb_stage")
    }

    // MARK: CSV

    private func csv() throws -> Staged {
        let file = try TextFile.prepare(
            path, encoding: source.encoding, copyPath: copyPath, quoted: true)
        guard !file.firstRecord.isEmpty else {
            throw Diagnostics(.unreadable(file: fileName, reason: "it is empty, without a header"))
        }
        let header = Header(file.firstRecord, delimiter: source.delimiter)
        var positions: [Int] = []
        var problems: [Diagnostic] = []
        for mapping in source.columns {
            do throws(Diagnostics) {
                positions.append(try header.position(mapping.from, file: fileName))
            } catch {
                problems += error.items.map { Diagnostic($0.problem, at: mapping.place) }
            }
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        let columns = header.names.indices.map { "'c\(integer: $0)': 'VARCHAR'" as SQLText }
        try session.run("DROP TABLE IF EXISTS plumb_rejects")
        try session.run("DROP TABLE IF EXISTS plumb_scans")
        let table: SQLText = """
            read_csv(\(value: .text(file.readablePath)), columns = {\(columns)}, auto_detect = false, \
            header = true, delim = \(value: .text(header.delimiter)), quote = '"', escape = '"', \
            store_rejects = true, rejects_table = 'plumb_rejects', rejects_scan = 'plumb_scans', \
            rejects_limit = 1000, compression = 'none')
            """
        try create(positions.map { "\(name: "c\($0)")" }, from: table)
        let rejects = try session.read(
            "SELECT line_byte_position, csv_line, error_message FROM plumb_rejects ORDER BY 1")
        var staged = Staged(rows: try count(), firstLine: 2)
        var badOffsets: Set<Int> = []
        for row in 0..<rejects.rowCount {
            let offset = rejects[row, 0].wholeNumber ?? 0
            guard badOffsets.insert(offset).inserted else { continue }
            staged.badRows.append(
                BadRow(
                    line: file.line(atOffset: offset), text: rejects[row, 1].plainText ?? "",
                    reason: Self.firstLine(rejects[row, 2].plainText ?? "not a record")))
        }
        staged.lines = lines(file, without: badOffsets, count: staged.rows)
        return staged
    }

    /// Lines of the accepted records; nil when they simply follow the header.
    private func lines(_ file: TextFile, without bad: Set<Int>, count: Int) -> [Int]? {
        guard let records = file.records else { return nil }
        let lines = records.dropFirst().filter { !bad.contains($0.offset) }.map(\.line)
        guard lines.count == count else { return nil }
        return lines.enumerated().allSatisfy { $1 == $0 + 2 } ? nil : lines
    }

    private static func firstLine(_ text: String) -> String {
        text.split(separator: "\n").first.map(String.init) ?? text
    }

    // MARK: JSON lines

    private func jsonLines() throws -> Staged {
        let file = try TextFile.prepare(
            path, encoding: source.encoding, copyPath: copyPath, quoted: false)
        let table: SQLText = """
            read_csv(\(value: .text(file.readablePath)), columns = {'line': 'VARCHAR'}, \
            auto_detect = false, header = false, delim = '', quote = '', escape = '', \
            compression = 'none', max_line_size = 16777216) WHERE trim(line) <> ''
            """
        let columns = source.columns.map { mapping -> SQLText in
            let key = mapping.from.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            let path: SQLText = "\(value: .text("$.\"\(key)\""))"
            return "CASE WHEN json_valid(line) THEN json_extract_string(line, \(path)) END"
        }
        try create(
            columns + ["line", "json_valid(line) AND json_type(line) = 'OBJECT'"], from: table)
        let valid = "s\(columns.count + 1)"
        let text = "s\(columns.count)"
        let records = file.records ?? []
        let bad = try session.read(
            "SELECT \(name: "$record"), \(name: text) FROM plumb_stage WHERE NOT \(name: valid) ORDER BY 1"
        )
        var staged = Staged(rows: 0, firstLine: 1)
        for row in 0..<bad.rowCount {
            let record = bad[row, 0].wholeNumber ?? 0
            staged.badRows.append(
                BadRow(
                    line: records.indices.contains(record) ? records[record].line : record + 1,
                    text: bad[row, 1].plainText ?? "", reason: "not a JSON object"))
        }
        try session.run("DELETE FROM plumb_stage WHERE NOT \(name: valid)")
        staged.rows = try count()
        let all = records.map(\.line)
        staged.lines = all.enumerated().allSatisfy { $1 == $0 + 1 } ? nil : all
        return staged
    }

    // MARK: Parquet and XLSX

    private func parquet() throws -> Staged {
        try typedTable("read_parquet(\(value: .text(path)))", firstLine: 1)
    }

    private func spreadsheet() throws -> Staged {
        let sheet: SQLText = source.sheet.map { ", sheet = \(value: .text($0))" } ?? ""
        let table: SQLText =
            "read_xlsx(\(value: .text(path)), header = true, all_varchar = true\(sheet))"
        return try typedTable(table, firstLine: 2)
    }

    private func typedTable(_ table: SQLText, firstLine: Int) throws -> Staged {
        let names: [String]
        do {
            names = try session.read("SELECT * FROM \(table) LIMIT 0").columns.map(\.name)
        } catch let error as EngineError {
            throw Diagnostics(.unreadable(file: fileName, reason: Self.firstLine(error.message)))
        }
        let header = Header(names: names)
        var columns: [SQLText] = []
        for mapping in source.columns {
            let position = try header.position(mapping.from, file: fileName)
            columns.append("CAST(\(name: names[position]) AS VARCHAR)")
        }
        try create(columns, from: table)
        return Staged(rows: try count(), firstLine: firstLine)
    }
}

extension Header {
    /// Of a file that has its own names of columns.
    init(names: [String]) {
        self.names = names
        delimiter = ","
    }
}
