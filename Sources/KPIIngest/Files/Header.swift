import KPICore

/// The header of a CSV file: names of columns, with those that stand several times numbered.
struct Header {
    /// As written, in order; empty ones too.
    let names: [String]
    let delimiter: String

    /// Reads the first record. The delimiter is the most frequent of `, ; tab |` outside quotes,
    /// unless it is stated.
    init(_ record: String, delimiter stated: String?) {
        let text =
            record.unicodeScalars.first == "\u{FEFF}"
            ? String(record.unicodeScalars.dropFirst()) : record
        let delimiter = stated ?? Self.mostFrequent(text)
        self.delimiter = delimiter
        names = Self.split(text, Character(delimiter))
    }

    private static func mostFrequent(_ text: String) -> String {
        var counts: [Character: Int] = [:]
        var isInside = false
        for character in text {
            if character == "\"" { isInside.toggle() }
            if !isInside, ",;\t|".contains(character) { counts[character, default: 0] += 1 }
        }
        let order: [Character] = [",", ";", "\t", "|"]
        let best = order.max {
            (counts[$0] ?? 0, -order.firstIndex(of: $0)!) < (
                counts[$1] ?? 0, -order.firstIndex(of: $1)!
            )
        }
        return String(best ?? ",")
    }

    private static func split(_ text: String, _ delimiter: Character) -> [String] {
        var fields: [String] = []
        var field = ""
        var isInside = false
        for character in text {
            if character == "\"" {
                isInside.toggle()
            } else if character == delimiter, !isInside {
                fields.append(field)
                field = ""
            } else {
                field.append(character)
            }
        }
        return (fields + [field]).map { $0.filter { $0 != "\r" && $0 != "\n" } }
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
                file: file))
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
