/// One lexical unit of a formula.
struct Token: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case number(String)
        case text(String)
        case name(String)
        case keyword(Keyword)
        case symbol(Symbol)
        case end
    }

    let kind: Kind
    /// UTF-8 offsets in the text.
    let span: Range<Int>
}

enum Symbol: String, Sendable, Hashable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case percent = "%"
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case open = "("
    case close = ")"
    case openFilter = "["
    case closeFilter = "]"
    case comma = ","
    case dot = "."
}

enum Keyword: Sendable, Hashable {
    case and, or, not, isIn, notIn, isWord, isMissing, isPresent, `true`, `false`, missing, present

    /// Reserved words of both languages.
    static let words: [String: Keyword] = [
        "and": .and, "且": .and, "并且": .and, "or": .or, "或": .or, "或者": .or,
        "not": .not, "非": .not, "in": .isIn, "属于": .isIn, "不属于": .notIn,
        "is": .isWord, "为空": .isMissing, "非空": .isPresent,
        "true": .true, "真": .true, "false": .false, "假": .false,
        "missing": .missing, "null": .missing, "空": .missing, "present": .present,
    ]
}

/// Spellings that mean a symbol, longest first where one begins another.
enum Spelling {
    static let symbols: [(text: [UInt8], symbol: Symbol)] = pairs.map { (Array($0.0.utf8), $0.1) }

    private static let pairs: [(String, Symbol)] = [
        ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("!=", .notEqual), ("<>", .notEqual),
        ("==", .equal), ("+", .plus), ("＋", .plus), ("-", .minus), ("−", .minus), ("－", .minus),
        ("–", .minus), ("*", .times), ("×", .times), ("＊", .times), ("·", .times),
        ("/", .divide), ("÷", .divide), ("／", .divide), ("%", .percent), ("％", .percent),
        ("=", .equal), ("＝", .equal), ("≠", .notEqual), ("<", .less), ("＜", .less),
        (">", .greater), ("＞", .greater), ("≤", .lessOrEqual), ("≥", .greaterOrEqual),
        ("(", .open), ("（", .open), (")", .close), ("）", .close),
        ("[", .openFilter), ("【", .openFilter), ("［", .openFilter),
        ("]", .closeFilter), ("】", .closeFilter), ("］", .closeFilter),
        (",", .comma), ("，", .comma), ("、", .comma), (".", .dot),
    ]

    /// Opening and closing quotes of texts.
    static let quotes: [(open: [UInt8], close: [UInt8])] = [
        ("\"", "\""), ("'", "'"), ("“", "”"), ("「", "」"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    static let backquote: [UInt8] = [UInt8(ascii: "`")]
}
