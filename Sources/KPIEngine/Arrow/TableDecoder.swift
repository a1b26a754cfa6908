import CADBC
import KPICore

/// Copies batches of one schema into a table.
struct TableDecoder {
    private var columns: [ColumnDecoder]

    /// - Throws: `unsupportedType`, naming the column and its format, before any row is read.
    init(_ schema: ArrowSchema) throws {
        columns = try (0..<Int(schema.n_children)).map { index in
            guard let child = schema.children[index] else {
                throw EngineError(.engineFault, message: "column \(index) has no description")
            }
            return try ColumnDecoder(child.pointee)
        }
    }

    /// Copies one batch: the struct whose children are the columns.
    mutating func append(_ batch: ArrowArray) throws {
        guard batch.n_children == columns.count else {
            throw EngineError(
                .engineFault,
                message: "a batch has \(batch.n_children) columns, the result \(columns.count)")
        }
        for index in columns.indices {
            guard let child = batch.children[index] else {
                throw EngineError(.engineFault, message: "column \(index) is missing in a batch")
            }
            let slice = ArrowSlice(child, offset: Int(batch.offset), count: Int(batch.length))
            try columns[index].append(slice)
        }
    }

    var table: Table { Table(columns: columns.map(\.column)) }
}

/// Copies one column: its values and which of them are present.
private struct ColumnDecoder {
    let name: String
    let format: String
    private var decoder: any ValueDecoder
    private var validity: [Bool]?
    private var count = 0

    init(_ schema: ArrowSchema) throws {
        let name = schema.name.map { String(cString: $0) } ?? ""
        let format = schema.format.map { String(cString: $0) } ?? ""
        let dictionary = schema.dictionary?.pointee.format.map { String(cString: $0) }
        let marked = ArrowExtension(schema)
        guard let decoder = Self.decoder(format, marked, dictionary: dictionary) else {
            var whole = dictionary.map { "\(format) into \($0)" } ?? format
            if let marked { whole += " as \(marked.name) \(marked.typeName)" }
            throw EngineError(
                .unsupportedType,
                message: "column ‘\(name)’ has the Arrow type ‘\(whole)’, which tables do not "
                    + "hold; convert it in the statement, for example to VARCHAR")
        }
        self.name = name
        self.format = format
        self.decoder = decoder
    }

    private static func decoder(
        _ format: String, _ marked: ArrowExtension?, dictionary: String?
    ) -> (any ValueDecoder)? {
        guard let type = ArrowFormat(format, extension: marked) else { return nil }
        guard let dictionary else { return type.decoder }
        return ArrowFormat(dictionary).flatMap { DictionaryDecoder(indices: type, dictionary: $0) }
    }

    mutating func append(_ slice: ArrowSlice) throws {
        let flags = slice.validity()
        do {
            try decoder.append(slice, validity: flags)
        } catch let failure as DecodingFailure {
            throw error(for: failure)
        }
        if let flags {
            if validity == nil { validity = [Bool](repeating: true, count: count) }
            validity? += flags
        } else if validity != nil {
            validity? += repeatElement(true, count: slice.count)
        }
        count += slice.count
    }

    var column: Column { Column(name: name, values: decoder.values, validity: validity) }

    private func error(for failure: DecodingFailure) -> EngineError {
        let column = "column ‘\(name)’ of the Arrow type ‘\(format)’"
        return switch failure {
        case .valueOutOfRange:
            EngineError(.valueOutOfRange, message: "\(column) holds a value that does not fit")
        case .missingBuffer:
            EngineError(.engineFault, message: "\(column) came without its values")
        case .badIndex:
            EngineError(.engineFault, message: "\(column) points outside of its dictionary")
        }
    }
}
