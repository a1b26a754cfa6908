import Glibc

/// Follows the fields of one CSV record. A quote counts at the start of a field only; blanks around
/// a quoted field are no part of it.
struct FieldWalk {
    private enum State { case start, plain, quoted, afterQuote }

    private let delimiters: [UInt8]
    private var state = State.start
    private(set) var fields = 1
    /// Text follows a closing quote.
    private(set) var isMalformed = false
    /// Readable, but not in a way that every reader agrees on.
    private(set) var isOdd = false

    private static let quote: UInt8 = 0x22
    private static let blank: UInt8 = 0x20
    private static let carriageReturn: UInt8 = 0x0D

    init(delimiters: [UInt8]) { self.delimiters = delimiters }

    var isInsideQuotes: Bool { state == .quoted }

    /// A new record begins.
    mutating func start() {
        state = .start
        fields = 1
        isMalformed = false
        isOdd = false
    }

    /// The next line of the record.
    mutating func take(_ line: UnsafeRawBufferPointer) {
        guard let base = line.baseAddress, line.count > 0 else { return }
        let hasQuote = memchr(base, Int32(Self.quote), line.count) != nil
        if !hasQuote, state == .quoted { return }
        if !hasQuote, delimiters.count == 1 {
            fields += Self.count(delimiters[0], in: line)
            if let found = memchr(base, Int32(Self.carriageReturn), line.count) {
                let isLast = UnsafeRawPointer(found) - base == line.count - 1
                if !isLast { isOdd = true }
            }
            return
        }
        for index in line.indices { step(line[index], isLast: index == line.count - 1) }
    }

    private static func count(_ byte: UInt8, in line: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for other in line where other == byte { count &+= 1 }
        return count
    }

    private mutating func step(_ byte: UInt8, isLast: Bool) {
        if byte == Self.carriageReturn {
            if !isLast { isOdd = true }
            if state != .quoted { return }
        }
        switch state {
        case .quoted:
            if byte == Self.quote { state = .afterQuote }
        case .afterQuote where byte == Self.quote:
            state = .quoted
        case _ where delimiters.contains(byte):
            fields += 1
            state = .start
        case .start where byte == Self.quote:
            state = .quoted
        case .start, .afterQuote:
            if byte == Self.blank { isOdd = true } else { other() }
        case .plain:
            if byte == Self.quote { isOdd = true }
        }
    }

    /// A character that is neither quote nor delimiter nor blank.
    private mutating func other() {
        if state == .afterQuote { isMalformed = true }
        state = .plain
    }

    // MARK: Values

    /// The values of a record that is not malformed.
    static func split(_ record: UnsafeRawBufferPointer, _ delimiter: UInt8) -> [[UInt8]] {
        var walk = FieldWalk(delimiters: [delimiter])
        var values: [[UInt8]] = []
        var value: [UInt8] = []
        for byte in record {
            let before = walk.state
            walk.step(byte, isLast: false)
            switch (before, walk.state) {
            case (.start, .quoted): value = []
            case (.quoted, .afterQuote), (.afterQuote, .afterQuote): break
            case (_, .start) where byte == delimiter:
                values.append(value)
                value = []
            default: value.append(byte)
            }
        }
        return values + [value]
    }

    /// The values as one record, each in quotes.
    static func joined(_ values: some Sequence<[UInt8]>, _ delimiter: String) -> [UInt8] {
        var record: [UInt8] = []
        for (index, value) in values.enumerated() {
            if index > 0 { record += delimiter.utf8 }
            guard !value.isEmpty else { continue }
            record.append(quote)
            for byte in value {
                if byte == quote { record.append(quote) }
                record.append(byte)
            }
            record.append(quote)
        }
        return record
    }
}
