import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// A file's mapped columns as text in the temporary table `plumb_stage`: `$record` counts from 0,
/// `s0`, `s1`, … follow the source's mapping.
struct Staging {
    let source: Source
    let path: String
    /// As messages say it.
    let fileName: String
    let format: Source.Format
    /// Where a copy in UTF-8 may be written.
    let copyPath: String
    /// Columns of the dataset that hold numbers.
    let numeric: Set<String>
    let session: Session

    /// What is known of the staged records beside their text.
    struct Staged {
        var rows: Int
        var badRows: [BadRow] = []
        var lines: LineRuns
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
            path, named: fileName, encoding: source.encoding,
            shape: .csv(delimiter: source.delimiter),
            copyPath: copyPath)
        guard let header = file.header else {
            throw Diagnostics(.unreadable(file: fileName, reason: .empty))
        }
        let positions = try positions(header)
        let columns = header.names.indices.map { "'c\(integer: $0)': 'VARCHAR'" as SQLText }
        let table: SQLText = """
            read_csv(\(value: .text(file.readablePath)), columns = {\(columns)}, auto_detect = false, \
            header = \(file.isCopy ? "false" : "true"), delim = \(value: .text(header.delimiter)), \
            quote = '"', escape = '"', compression = 'none'\(lineOptions(file)))
            """
        try create(positions.map { "\(name: "c\($0)")" }, from: table)
        return try staged(file)
    }

    /// The engine takes lines of 2 MB unless told.
    private func lineOptions(_ file: TextFile) -> SQLText {
        let end: SQLText = file.lineEnd == .feed ? "'\\n'" : "'\\r\\n'"
        return file.longest < 1_000_000
            ? ", new_line = \(end)"
            : ", new_line = \(end), max_line_size = \(integer: RecordScanner.limit + 1024)"
    }

    /// What the scan knows, once the engine has found as many records.
    private func staged(_ file: TextFile) throws -> Staged {
        let rows = try count()
        guard rows == file.lines.count else {
            throw Diagnostics(
                .unreadable(
                    file: fileName,
                    reason: .recordCount(found: rows, expected: file.lines.count)))
        }
        return Staged(rows: rows, badRows: file.badRows, lines: file.lines)
    }

    /// Where the mapped columns stand; everything that is missing at once.
    private func positions(_ header: Header) throws -> [Int] {
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
        return positions
    }

    // MARK: JSON lines

    /// The lines of the file as the column `line`.
    private func lineTable() throws -> (file: TextFile, table: SQLText) {
        let file = try TextFile.prepare(
            path, named: fileName, encoding: source.encoding, shape: .jsonLines, copyPath: copyPath)
        return (
            file,
            """
            read_csv(\(value: .text(file.readablePath)), columns = {'line': 'VARCHAR'}, \
            auto_detect = false, header = false, delim = '', quote = '', escape = '', \
            compression = 'none'\(lineOptions(file)))
            """
        )
    }

    private func jsonLines() throws -> Staged {
        let (file, table) = try lineTable()
        let columns = source.columns.map { mapping -> SQLText in
            let path: SQLText = "\(value: .text(Self.jsonPath(mapping.from)))"
            let text: SQLText = "json_extract_string(line, \(path))"
            let isNumber: SQLText =
                "json_type(line, \(path)) IN ('DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT')"
            return "CASE WHEN json_valid(line) THEN \(native(text, mapping, when: isNumber)) END"
        }
        try create(columns + ["line", Self.isObject], from: table)
        var staged = try staged(file)
        try dropInvalid(&staged, text: "s\(columns.count)", flag: "s\(columns.count + 1)")
        try checkKeys(text: "s\(columns.count)")
        return staged
    }

    private static let isObject: SQLText =
        "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE FALSE END"

    private static func jsonPath(_ key: String) -> String {
        "$.\"" + key.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private func dropInvalid(_ staged: inout Staged, text: String, flag: String) throws {
        let bad = try session.read(
            "SELECT \(name: "$record"), \(name: text) FROM plumb_stage WHERE NOT \(name: flag) ORDER BY 1"
        )
        guard bad.rowCount > 0 else { return }
        for row in 0..<bad.rowCount {
            staged.badRows.append(
                BadRow(
                    line: staged.lines.line(of: bad[row, 0].wholeNumber ?? 0),
                    text: bad[row, 1].plainText ?? "", reason: .notObject))
        }
        try session.run("DELETE FROM plumb_stage WHERE NOT \(name: flag)")
        staged.rows -= bad.rowCount
    }

    /// A key that no record has is a mistake in the mapping.
    private func checkKeys(text: String) throws {
        let found = try session.read(
            "SELECT DISTINCT unnest(json_keys(\(name: text))) AS k FROM plumb_stage ORDER BY k")
        let keys = (0..<found.rowCount).compactMap { found[$0, 0].plainText }
        guard !keys.isEmpty else { return }
        let unknown = source.columns.filter { !keys.contains($0.from) }
        guard unknown.isEmpty else {
            throw Diagnostics(
                unknown.map { mapping in
                    let closest = NearMatch.closest(to: mapping.from, among: keys)
                    return Diagnostic(
                        .missingColumn(
                            mapping.from, closest: closest, columns: keys, file: fileName),
                        at: mapping.place)
                })
        }
    }

    // MARK: Parquet and XLSX

    private var parquetTable: SQLText { "read_parquet(\(value: .text(path)))" }

    private var sheetTable: SQLText {
        let sheet: SQLText = source.sheet.map { ", sheet = \(value: .text($0))" } ?? ""
        return
            "read_xlsx(\(value: .text(path)), header = true, all_varchar = true, stop_at_empty = false\(sheet))"
    }

    /// The names of the columns of a file that is no CSV; of JSON lines the keys of any record.
    func columnNames() throws -> [String] {
        switch format {
        case .parquet: return try columns(of: parquetTable).map(\.name)
        case .xlsx: return try columns(of: sheetTable).map(\.name)
        case .csv, .jsonl:
            let keys = try session.read(
                """
                SELECT DISTINCT unnest(json_keys(line)) AS k FROM (SELECT * FROM \(try lineTable().table)) \
                WHERE json_valid(line) AND json_type(line) = 'OBJECT' ORDER BY k
                """)
            return (0..<keys.rowCount).compactMap { keys[$0, 0].plainText }
        }
    }

    private func parquet() throws -> Staged {
        let table = parquetTable
        let known = try columns(of: table)
        let positions = try positions(Header(names: known.map(\.name)))
        try create(
            zip(positions, source.columns).map { position, mapping in
                let column: SQLText = "\(name: known[position].name)"
                return native(
                    "CAST(\(column) AS VARCHAR)", mapping,
                    when: known[position].isNumber ? "TRUE" : "FALSE")
            }, from: table)
        let rows = try count()
        return Staged(rows: rows, lines: LineRuns(from: 1, count: rows))
    }

    private func spreadsheet() throws -> Staged {
        let table = sheetTable
        let names = try columns(of: table).map(\.name)
        let positions = try positions(Header(names: names))
        let cells = zip(positions, source.columns).map { position, mapping in
            let cell: SQLText = "\(name: names[position])"
            return native(Self.shortened(cell), mapping, when: Self.isNumber(cell))
        }
        let isBlank = names.map { "\(name: $0) IS NULL" as SQLText }
        try create(cells + ["\(isBlank, separator: " AND ")"], from: table)
        let total = try count()
        try session.run("DELETE FROM plumb_stage WHERE \(name: "s\(cells.count)")")
        return Staged(rows: try count(), lines: LineRuns(from: 2, count: total))
    }

    private static func isNumber(_ cell: SQLText) -> SQLText {
        "regexp_full_match(\(cell), '-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?')"
    }

    /// A spreadsheet keeps 15 digits; the ones after them are noise of its binary numbers.
    private static func shortened(_ cell: SQLText) -> SQLText {
        """
        CASE WHEN regexp_full_match(\(cell), '-?[0-9]+\\.[0-9]+') AND length(\(cell)) > 16 \
        AND abs(CAST(\(cell) AS DOUBLE)) < 1e15 THEN printf('%.15g', CAST(\(cell) AS DOUBLE)) ELSE \(cell) END
        """
    }

    /// Numbers of a file that knows numbers have a point; where the source says comma, its mapping
    /// of number columns reads commas.
    private func native(
        _ text: SQLText, _ mapping: ColumnMapping, when isNumber: SQLText
    ) -> SQLText {
        guard source.decimalComma, numeric.contains(mapping.column) else { return text }
        return "CASE WHEN \(isNumber) THEN replace(\(text), '.', ',') ELSE \(text) END"
    }

    private func columns(of table: SQLText) throws -> [(name: String, isNumber: Bool)] {
        let described = try session.read("DESCRIBE SELECT * FROM \(table)")
        return (0..<described.rowCount).map { row in
            let type = described[row, 1].plainText ?? ""
            let isNumber = ["INT", "DECIMAL", "DOUBLE", "FLOAT"].contains { type.contains($0) }
            return (described[row, 0].plainText ?? "", isNumber && type != "INTERVAL")
        }
    }
}

extension Header {
    /// Of a file that has its own names of columns.
    init(names: [String]) {
        self.names = names
        delimiter = ","
    }
}
