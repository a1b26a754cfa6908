/// Why a file, or one record of it, cannot be read.
package enum FileFault: Sendable, Hashable {
    /// Words of the operating system or of the engine.
    case said(String)
    case folder
    case empty
    /// Packed data that are cut off or changed.
    case damaged
    case noSpace
    case cannotWrite(String)
    /// XLSX, or its predecessor, where text is expected.
    case workbook
    case oldWorkbook
    case utf16
    case unknownEncoding(String)
    /// Counts from 1 in the unpacked file.
    case badByte(number: Int, encoding: String, mayBeOther: Bool)
    /// Carriage returns alone end the lines.
    case oldLineEnds
    case openQuote
    case textAfterQuote
    case fieldCount(found: Int, expected: Int)
    case tooLong(mebibytes: Int)
    case notObject
    case recordCount(found: Int, expected: Int)
}

extension FileFault: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self = .said(value) }
}

/// What a value of a column looks like.
package enum ValueShape: Sendable, Hashable {
    case said(String)
    case whole
    case decimal(before: Int, after: Int, mark: String)
    case number
    case boolean
    case date(String)
    case time(String)
    case oneOf([String])
}

extension ValueShape: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self = .said(value) }
}
