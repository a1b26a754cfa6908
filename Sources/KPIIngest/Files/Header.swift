import KPICore

/// The header of a CSV file: names of columns, with those that stand several times numbered.
struct Header {
    /// As written, in order; empty ones too.
    let names: [String]
    let delimiter: String

    /// Delimiters that are found by themselves.
    static let candidates = ",;\t|"

    /// Reads the first record. The delimiter is the most frequent of the candidates outside quotes,
    /// unless it is stated.
    init(_ record: UnsafeRawBufferPointer, delimiter stated: String?) {
        let delimiter = stated ?? Self.mostFrequent(record)
        self.delimiter = delimiter
        names = FieldWalk.split(record, delimiter.utf8.first!).map { bytes in
            let breaks: [UInt8] = [0x0A, 0x0D]
            return String(decoding: bytes.filter { !breaks.contains($0) }, as: UTF8.self)
        }
    }

    private static func mostFrequent(_ record: UnsafeRawBufferPointer) -> String {
        var counts: [UInt8: Int] = [:]
        var isInside = false
        for byte in record {
            if byte == 0x22 { isInside.toggle() }
            if !isInside { counts[byte, default: 0] += 1 }
        }
        var best: (byte: UInt8, count: Int) = (0x2C, 0)
        for byte in candidates.utf8 where counts[byte, default: 0] > best.count {
            best = (byte, counts[byte]!)
        }
        return String(UnicodeScalar(best.byte))
    }

    /// The position of a column by the name in a mapping: `category`, or `category#2`.
    func position(_ name: String, file: String) throws(Diagnostics) -> Int {
        if let found = try position(of: name, file: file) { return found }
        if let mark = name.lastIndex(of: "#"), let number = Int(name[name.index(after: mark)...]) {
            let base = String(name[..<mark])
            let positions = names.indices.filter { Self.same(names[$0], base) }
            if number >= 1, number <= positions.count { return positions[number - 1] }
        }
        throw Diagnostics(
            .missingColumn(
                name, closest: NearMatch.closest(to: name, among: names.filter { !$0.isEmpty }),
                columns: names.filter { !$0.isEmpty }, file: file))
    }

    private func position(of name: String, file: String) throws(Diagnostics) -> Int? {
        let positions = names.indices.filter { Self.same(names[$0], name) }
        guard positions.count <= 1 else {
            throw Diagnostics(.duplicateHeader(name, file: file))
        }
        return positions.first
    }

    private static func same(_ a: String, _ b: String) -> Bool {
        trimmed(a) == trimmed(b)
    }

    private static func trimmed(_ text: String) -> Substring {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return rest
    }
}
