import CADBC

/// The extension type that a column's metadata names: what the stored type stands for.
struct ArrowExtension: Equatable {
    static let nameKey = "ARROW:extension:name"
    static let metadataKey = "ARROW:extension:metadata"

    let name: String
    /// For `arrow.opaque`, the engine's own name of the type; else empty.
    let typeName: String

    /// Reads Arrow's metadata: a count, then lengths and bytes of keys and values by turns.
    init?(_ schema: ArrowSchema) {
        guard let metadata = schema.metadata else { return nil }
        var reader = MetadataReader(at: UnsafeRawPointer(metadata))
        var entries: [String: String] = [:]
        for _ in 0..<reader.length() { entries[reader.text()] = reader.text() }
        guard let name = entries[Self.nameKey] else { return nil }
        self.name = name
        typeName = Self.value(of: "type_name", in: entries[Self.metadataKey] ?? "")
    }

    /// The text of one member of a flat JSON object that holds no escapes; else empty.
    private static func value(of member: String, in json: String) -> String {
        let parts = json.split(separator: "\"", omittingEmptySubsequences: false)
        guard let index = parts.firstIndex(of: member[...]), index + 2 < parts.count else {
            return ""
        }
        return String(parts[index + 2])
    }
}

/// Walks through metadata, which carries the lengths of its parts.
private struct MetadataReader {
    private var position: UnsafeRawPointer

    init(at position: UnsafeRawPointer) { self.position = position }

    mutating func length() -> Int {
        defer { position += 4 }
        return max(0, Int(position.loadUnaligned(as: Int32.self)))
    }

    mutating func text() -> String {
        let count = length()
        defer { position += count }
        return String(
            decoding: UnsafeRawBufferPointer(start: position, count: count), as: UTF8.self)
    }
}

extension ArrowFormat {
    /// The type of a column: by its extension where that changes the meaning, else as stored.
    ///
    /// Nil for types that tables do not hold, among them an engine's own types whose stored bytes
    /// mean nothing to anyone else.
    init?(_ format: String, extension marked: ArrowExtension?) {
        switch (marked?.name, format) {
        case ("arrow.bool8", "c"): self = .bool8
        case ("arrow.uuid", "w:16"): self = .uuid
        case ("arrow.opaque", "w:16") where marked?.typeName == "hugeint":
            self = .wideInteger(isSigned: true)
        case ("arrow.opaque", "w:16") where marked?.typeName == "uhugeint":
            self = .wideInteger(isSigned: false)
        case ("arrow.opaque", _): return nil
        default: self.init(format)
        }
    }
}
