import Foundation
import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// How the columns of a file may map to those of a dataset, from its headers and a sample of its values.
package struct MappingProposal: Sendable {
    /// One column of the dataset and what of the file goes into it.
    package struct Match: Sendable {
        package var column: String
        package var header: String
        /// The name says it and the values fit; else it is a guess.
        package var isCertain: Bool
        /// Why it is a guess, in both languages.
        package var doubt: Bilingual?
        /// Of dates that are not ISO 8601.
        package var pattern: String?
        /// Spellings of the file for values of the standard model.
        package var values: [(from: String, to: String)] = []
    }

    package var dataset: String
    package var file: String
    package var encoding: TextEncoding
    package var matches: [Match]
    /// Headers that nothing was found for.
    package var unused: [String]
    /// Columns that must be filled and are not.
    package var missing: [String]
    package var rows: Int

    /// - Parameter name: of the file, as a source is to name it.
    /// - Throws: `Diagnostics` when the file cannot be read.
    package static func of(
        _ path: String, named name: String, to dataset: Dataset, zone: Zone
    ) async throws -> MappingProposal {
        let database = try await Database.inMemory()
        if LoadTask.format(path, Source(id: "map", dataset: dataset.id, file: name)) == .xlsx {
            try await Loader.loadSpreadsheets(database)
        }
        let connection = try await database.connect()
        return try await connection.perform { connection in
            try Proposer(
                path: path, name: name, dataset: dataset, zone: zone, session: Session(connection)
            )
            .proposal()
        }
    }
}

/// What is known of one column of a file.
private struct FileColumn {
    var header: String
    /// Values in the sample that are not empty.
    var filled = 0
    /// How many of them can be read as each type; dates by pattern, ISO 8601 as the empty one.
    var readable: [String: Int] = [:]
    var distinct: [String] = []

    func share(_ key: String) -> Double {
        filled == 0 ? 1 : Double(readable[key] ?? 0) / Double(filled)
    }
}

private struct Proposer {
    let path: String
    let name: String
    let dataset: Dataset
    let zone: Zone
    let session: Session

    private static let sample = 5_000
    private static let mostValues = 30

    func proposal() throws -> MappingProposal {
        let (headers, encoding) = try headers()
        let source = Source(
            id: "map", dataset: dataset.id, file: name, encoding: encoding, headers: headers)
        let copy = NSTemporaryDirectory() + "plumb-map-\(getpid()).tmp"
        defer { unlink(copy) }
        let staged = try staging(source, copy).stage()
        let columns = try source.columns.enumerated().map { try profile($1, "s\($0)", source) }
        let matches = assign(columns)
        let used = Set(matches.map(\.header))
        let filled = Set(matches.map(\.column))
        return MappingProposal(
            dataset: dataset.id, file: name, encoding: encoding, matches: matches,
            unused: headers.filter { !used.contains($0) },
            missing: own.filter { ($0.isRequired || dataset.key.contains($0.name)) }.map(\.name)
                .filter { !filled.contains($0) }, rows: staged.rows)
    }

    private var format: Source.Format {
        LoadTask.format(path, Source(id: "map", dataset: dataset.id, file: name))
    }

    private func staging(_ source: Source, _ copy: String) -> Staging {
        Staging(
            source: source, path: path, fileName: name, format: format, copyPath: copy,
            numeric: [], session: session)
    }

    private var own: [ColumnDefinition] { dataset.columns.filter { $0.computed == nil } }

    /// Headers that stand once, and the encoding in which the file can be read.
    private func headers() throws -> ([String], TextEncoding) {
        guard format == .csv else {
            let copy = NSTemporaryDirectory() + "plumb-head-\(getpid()).tmp"
            defer { unlink(copy) }
            guard FileManager.default.fileExists(atPath: path) else {
                throw Diagnostics(.noFiles(pattern: name, folder: path))
            }
            let source = Source(id: "map", dataset: dataset.id, file: name)
            return (try staging(source, copy).columnNames(), .utf8)
        }
        for encoding in [TextEncoding.utf8, .gb18030] {
            let copy = NSTemporaryDirectory() + "plumb-head-\(getpid()).tmp"
            defer { unlink(copy) }
            do {
                let file = try TextFile.prepare(
                    path, named: name, encoding: encoding, shape: .csv(delimiter: nil),
                    copyPath: copy)
                let names = file.header?.names ?? []
                let single = names.filter { name in !name.isEmpty && names.count { $0 == name } == 1
                }
                return (single, encoding)
            } catch {
                // The next encoding may fit; a file that is not there never does.
                let isThere = FileManager.default.fileExists(atPath: path)
                guard encoding == .utf8, isThere else { throw error }
            }
        }
        throw Diagnostics(.unreadable(file: name, reason: .empty))
    }

    // MARK: Values

    private static let types: [(key: String, type: ValueType)] = [
        ("boolean", .boolean), ("integer", .integer), ("decimal", .decimal(scale: 4)),
        ("double", .double),
    ]

    private func profile(
        _ plain: ColumnMapping, _ stage: String, _ source: Source
    ) throws -> FileColumn {
        let typing = Typing(source: source, workspaceZone: zone, hasDayNumbers: format == .xlsx)
        var keys = Self.types.map(\.key)
        var expressions = Self.types.map { entry in
            typing.typed("\(name: "v")", plain, ColumnDefinition(named: plain.from, entry.type))
        }
        for pattern in [""] + Vocabulary.patterns {
            var mapping = plain
            mapping.pattern = pattern.isEmpty ? nil : TimePattern(pattern)
            keys.append("time " + pattern)
            expressions.append(
                typing.typed(
                    "\(name: "v")", mapping, ColumnDefinition(named: plain.from, .timestamp)))
        }
        let counts: [SQLText] = expressions.map { "count(\($0))" }
        let values: SQLText = """
            (SELECT trim(\(name: stage)) AS \(name: "v") FROM plumb_stage \
            WHERE trim(\(name: stage)) <> '' LIMIT \(integer: Self.sample))
            """
        let table = try session.read("SELECT count(*), \(counts) FROM \(values)")
        var column = FileColumn(header: plain.from)
        column.filled = table[0, 0].wholeNumber ?? 0
        for (index, key) in keys.enumerated() {
            column.readable[key] = table[0, index + 1].wholeNumber ?? 0
        }
        let distinct = try session.read(
            """
            SELECT \(name: "v") FROM \(values) GROUP BY 1 ORDER BY count(*) DESC, 1 \
            LIMIT \(integer: Self.mostValues + 1)
            """)
        column.distinct = (0..<distinct.rowCount).compactMap { distinct[$0, 0].plainText }
        return column
    }

    // MARK: Matching

    /// The best pairs first, each column and header once.
    private func assign(_ columns: [FileColumn]) -> [MappingProposal.Match] {
        var pairs: [(score: Double, match: MappingProposal.Match)] = []
        for file in columns {
            for column in own {
                if let (score, match) = pair(column, file) { pairs.append((score, match)) }
            }
        }
        pairs.sort { ($1.score, $0.match.column) < ($0.score, $1.match.column) }
        var found: [MappingProposal.Match] = []
        for (_, match) in pairs
        where !found.contains(where: { $0.column == match.column || $0.header == match.header }) {
            found.append(match)
        }
        let order = Dictionary(uniqueKeysWithValues: own.enumerated().map { ($1.name, $0) })
        return found.sorted { order[$0.column]! < order[$1.column]! }
    }

    private func pair(
        _ column: ColumnDefinition, _ file: FileColumn
    ) -> (Double, MappingProposal.Match)? {
        let named = nameScore(column, file.header)
        guard named >= 0.45 else { return nil }
        let (fit, pattern, isAmbiguous) = fit(column, file)
        guard fit >= 0.5 else { return nil }
        var match = MappingProposal.Match(
            column: column.name, header: file.header, isCertain: true, pattern: pattern)
        if let words = Vocabulary.values[column.name] {
            let known = Set(words.values)
            match.values = file.distinct.compactMap { value in
                let lower = value.lowercased()
                guard let meant = words[lower] ?? (known.contains(lower) ? lower : nil),
                    meant != value
                else { return nil }
                return (value, meant)
            }
        }
        if named < 0.95 {
            match.doubt = Bilingual(zh: "按名称相近", en: "the names are alike")
        } else if isAmbiguous {
            match.doubt = Bilingual(
                zh: "日和月的次序不能确定", en: "day and month could be the other way round")
        } else if fit < 0.98 {
            let share = Int(((1 - fit) * 100).rounded(.up))
            match.doubt = Bilingual(
                zh: "约 \(share)% 的值读不出来", en: "about \(share)% of the values cannot be read")
        } else if !match.values.isEmpty {
            match.doubt = Bilingual(zh: "值的对应是推测", en: "what the values mean is a guess")
        }
        match.isCertain = match.doubt == nil
        return (named + fit / 10, match)
    }

    /// How much of the values the type takes, with the pattern of dates.
    private func fit(
        _ column: ColumnDefinition, _ file: FileColumn
    ) -> (share: Double, pattern: String?, isAmbiguous: Bool) {
        switch column.type {
        case .text, .duration: return (1, nil, false)
        case .boolean: return (file.share("boolean"), nil, false)
        case .integer: return (file.share("integer"), nil, false)
        case .decimal: return (file.share("decimal"), nil, false)
        case .double: return (file.share("double"), nil, false)
        case .date, .timestamp:
            let plain = file.share("time ")
            let best = Vocabulary.patterns.map { ($0, file.share("time " + $0)) }.max {
                $0.1 < $1.1
            }
            guard let best, best.1 > plain else { return (plain, nil, false) }
            let same = Vocabulary.patterns.count { file.share("time " + $0) == best.1 }
            return (best.1, best.0, same > 1)
        }
    }

    private func nameScore(_ column: ColumnDefinition, _ header: String) -> Double {
        let own = Self.plain(header)
        guard !own.isEmpty else { return 0 }
        let names = [column.name, column.label?.zh ?? "", column.label?.en ?? ""].map(Self.plain)
        if names.contains(own) { return 1 }
        let words = Vocabulary.columns[column.name] ?? []
        if let place = words.firstIndex(of: own) { return 0.97 - Double(place) / 1_000 }
        let isKey = dataset.key == [column.name]
        if isKey, ["id", "编号", "no", "number", "序号", "key"].contains(own) { return 0.9 }
        let parts = Self.tokens(header)
        let other = Self.tokens(column.name)
        let common = Double(parts.intersection(other).count)
        let alike = common / Double(max(1, parts.union(other).count))
        let contains = names.contains {
            $0.count > 3 && (own.contains($0) || $0.contains(own) && own.count > 3)
        }
        return max(alike * 0.9, contains ? 0.6 : 0)
    }

    /// In lower case, letters and digits alone.
    private static func plain(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    private static func tokens(_ text: String) -> Set<String> {
        Set(text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init))
    }
}

extension MappingProposal {
    /// The proposal as a source file with comments.
    package func yaml(_ language: Language) -> String {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        var lines = [
            "# "
                + say(
                    "由表头和 \(rows) 行数据推测；标有“推测”的请核对",
                    "Proposed from the headers and \(rows) rows; check what is marked as a guess"),
            "source: \(dataset.replacing("_", with: "-"))", "dataset: \(dataset)",
            "files: \(Self.scalar(file))",
        ]
        if encoding != .utf8 { lines.append("encoding: \(encoding.rawValue.lowercased())") }
        lines.append("columns:")
        for match in matches { lines.append(line(match, say)) }
        for column in missing {
            lines.append("  # " + say("必填，未找到：\(column)", "required, not found: \(column)"))
        }
        for header in unused {
            lines.append("  # " + say("未使用：\(header)", "not used: \(header)"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ match: Match, _ say: (String, String) -> String) -> String {
        let header = Self.scalar(match.header)
        var entry = header
        if match.pattern != nil || !match.values.isEmpty {
            var parts = ["from: \(header)"]
            if let pattern = match.pattern { parts.append("date: '\(pattern)'") }
            if !match.values.isEmpty {
                let pairs = match.values.map { "\(Self.scalar($0.from)): \($0.to)" }
                parts.append("values: {\(pairs.joined(separator: ", "))}")
            }
            entry = "{\(parts.joined(separator: ", "))}"
        }
        let note = match.doubt.map { doubt in
            "  # " + say("推测：\(doubt.zh)", "guess: \(doubt.en)")
        }
        return "  \(match.column): \(entry)" + (note ?? "")
    }

    /// A plain scalar where YAML reads it as itself, else in single quotes.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "_-. /".contains($0) }
        let isWord =
            text.first?.isLetter == true
            && !["yes", "no", "true", "false", "null"].contains(text.lowercased())
        return isPlain && isWord && !text.hasSuffix(" ")
            ? text : "'" + text.replacing("'", with: "''") + "'"
    }
}
