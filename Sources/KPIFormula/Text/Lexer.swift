import KPICore

/// Cuts a formula into tokens. Total: any bytes give tokens or a diagnostic. O(length).
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func tokens() throws(Diagnostics) -> [Token] {
        var tokens: [Token] = []
        while skipSpace(), position < bytes.count {
            tokens.append(try next())
        }
        tokens.append(Token(kind: .end, span: bytes.count..<bytes.count))
        return tokens
    }

    private mutating func skipSpace() -> Bool {
        while position < bytes.count {
            if [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
                position += 1
            } else if starts(with: [0xE3, 0x80, 0x80]) {  // ideographic space
                position += 3
            } else {
                break
            }
        }
        return true
    }

    private func starts(with prefix: [UInt8]) -> Bool {
        bytes[position...].starts(with: prefix)
    }

    private mutating func next() throws(Diagnostics) -> Token {
        let start = position
        if let byte = Optional(bytes[position]), (48...57).contains(byte) { return number() }
        for (open, close) in Spelling.quotes where starts(with: open) {
            return Token(kind: .text(try quoted(open, close)), span: start..<position)
        }
        if starts(with: Spelling.backquote) {
            let name = try quoted(Spelling.backquote, Spelling.backquote)
            return Token(kind: .name(name), span: start..<position)
        }
        for (text, symbol) in Spelling.symbols where starts(with: text) {
            position += text.count
            return Token(kind: .symbol(symbol), span: start..<position)
        }
        let word = word()
        guard !word.isEmpty else {
            let (scalar, length) = scalar(at: position)
            throw Diagnostics(
                .unexpectedCharacter(scalar.map { String($0) } ?? "�"),
                span: start..<(start + length))
        }
        let kind = Keyword.words[word.lowercased()].map(Token.Kind.keyword) ?? .name(word)
        return Token(kind: kind, span: start..<position)
    }

    private mutating func number() -> Token {
        let start = position
        var seenPoint = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "."), !seenPoint, position + 1 < bytes.count,
                (48...57).contains(bytes[position + 1])
            {
                seenPoint = true
            } else if !(48...57).contains(byte) {
                break
            }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return Token(kind: .number(text), span: start..<position)
    }

    /// A text in quotes; the closing quote doubled stands for itself.
    private mutating func quoted(
        _ open: [UInt8], _ close: [UInt8]
    ) throws(Diagnostics) -> String {
        let start = position
        position += open.count
        var content: [UInt8] = []
        while position < bytes.count {
            guard starts(with: close) else {
                content.append(bytes[position])
                position += 1
                continue
            }
            position += close.count
            guard position < bytes.count, starts(with: close) else {
                return String(decoding: content, as: UTF8.self)
            }
            content += close
            position += close.count
        }
        throw Diagnostics(.unclosedText, span: start..<bytes.count)
    }

    private mutating func word() -> String {
        let start = position
        while position < bytes.count {
            let (scalar, length) = scalar(at: position)
            guard let scalar, Self.isNamePart(scalar) else { break }
            position += length
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Letters of any script, marks, digits and `_`; not `·`, which means times.
    static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "_" { return true }
        if scalar.isASCII { return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) }
        return scalar != "·" && scalar.properties.isXIDContinue
    }

    /// The scalar at an offset and its length in bytes; nil for bytes that are no UTF-8.
    private func scalar(at offset: Int) -> (Unicode.Scalar?, length: Int) {
        var decoder = UTF8()
        var rest = bytes[offset...].makeIterator()
        switch decoder.decode(&rest) {
        case .scalarValue(let scalar): return (scalar, UTF8.width(scalar))
        case .emptyInput, .error: return (nil, 1)
        }
    }
}
