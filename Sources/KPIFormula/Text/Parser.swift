import KPICore

/// Reads a formula into a tree. See `docs/reference/formula.md` for the grammar.
package enum FormulaText {
    package static let maximumLength = 10_000
    package static let maximumDepth = 100

    /// The tree of a text. Total: any text gives a tree or diagnostics. O(length).
    package static func parse(_ text: String) throws(Diagnostics) -> Expression {
        guard text.utf8.count <= maximumLength else {
            throw Diagnostics(.tooLong(limit: maximumLength), span: 0..<0)
        }
        var lexer = Lexer(text)
        var parser = Parser(tokens: try lexer.tokens())
        return try parser.formula()
    }
}

private struct Parser {
    let tokens: [Token]
    var index = 0
    var nesting = 0

    init(tokens: [Token]) { self.tokens = tokens }

    var token: Token { tokens[index] }

    mutating func formula() throws(Diagnostics) -> Expression {
        if token.kind == .end { throw Diagnostics(.emptyFormula, span: token.span) }
        let tree = try expression()
        guard token.kind == .end else { throw unexpected() }
        return tree
    }

    // MARK: Levels, loosest first

    mutating func expression() throws(Diagnostics) -> Expression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= FormulaText.maximumDepth else {
            throw Diagnostics(.tooDeep(limit: FormulaText.maximumDepth), span: token.span)
        }
        var left = try conjunction()
        while accept(.or) { left = try binary(.or, left, try conjunction()) }
        return left
    }

    mutating func conjunction() throws(Diagnostics) -> Expression {
        var left = try negation()
        while accept(.and) { left = try binary(.and, left, try negation()) }
        return left
    }

    mutating func negation() throws(Diagnostics) -> Expression {
        let start = token.span.lowerBound
        guard accept(.not) else { return try comparison() }
        return try prefixed(start) { (parser) throws(Diagnostics) in
            .not(try parser.negation())
        }
    }

    mutating func comparison() throws(Diagnostics) -> Expression {
        let left = try sum()
        if let test = try missingTest(left) { return test }
        if let test = try membership(left) { return test }
        guard let comparison = comparisonOperator() else { return left }
        index += 1
        let result = try binary(comparison, left, try sum())
        if comparisonOperator() != nil { throw Diagnostics(.chainedComparison, span: token.span) }
        return result
    }

    mutating func sum() throws(Diagnostics) -> Expression {
        var left = try product()
        while true {
            if accept(.plus) {
                left = try binary(.add, left, try product())
            } else if accept(.minus) {
                left = try binary(.subtract, left, try product())
            } else {
                return left
            }
        }
    }

    mutating func product() throws(Diagnostics) -> Expression {
        var left = try unary()
        while true {
            if accept(.times) {
                left = try binary(.multiply, left, try unary())
            } else if accept(.divide) {
                left = try binary(.divide, left, try unary())
            } else {
                return left
            }
        }
    }

    mutating func unary() throws(Diagnostics) -> Expression {
        let start = token.span.lowerBound
        guard accept(.minus) else { return try postfix() }
        return try prefixed(start) { (parser) throws(Diagnostics) in
            .negate(try parser.unary())
        }
    }

    mutating func postfix() throws(Diagnostics) -> Expression {
        var base = try primary()
        while token.kind == .symbol(.openFilter) {
            let open = token
            index += 1
            let condition = try expression()
            guard accept(.closeFilter) else { throw Diagnostics(.unclosed("["), span: open.span) }
            base = try node(.filter(base, by: condition), from: base.span.lowerBound)
        }
        return base
    }

    // MARK: Leaves

    mutating func primary() throws(Diagnostics) -> Expression {
        let start = token
        switch start.kind {
        case .number(let text): return try number(text)
        case .text(let text): return try leaf(.text(text))
        case .keyword(.true): return try leaf(.bool(true))
        case .keyword(.false): return try leaf(.bool(false))
        case .keyword(.missing): return try leaf(.missing)
        case .name(let name): return try named(name)
        case .symbol(.open):
            index += 1
            let inner = try expression()
            guard accept(.close) else { throw Diagnostics(.unclosed("("), span: start.span) }
            return Expression(inner.node, span: start.span.lowerBound..<previousEnd)
        default: throw unexpected()
        }
    }

    mutating func number(_ text: String) throws(Diagnostics) -> Expression {
        guard let value = ExactDecimal(text) else {
            throw Diagnostics(.badNumber(text), span: token.span)
        }
        let start = token.span.lowerBound
        index += 1
        if accept(.percent) { return try node(.percent(value), from: start) }
        return try node(.number(value), from: start)
    }

    mutating func named(_ name: String) throws(Diagnostics) -> Expression {
        let start = token.span.lowerBound
        index += 1
        if token.kind == .symbol(.open) {
            let callee = Function.named(name).map(Expression.Callee.known) ?? .unknown(name)
            let arguments = withPlainUnit(callee, try list())
            return try node(.call(callee, arguments), from: start)
        }
        var path = [name]
        while accept(.dot) {
            guard case .name(let step) = token.kind else { throw unexpected() }
            path.append(step)
            index += 1
        }
        return try node(.name(path), from: start)
    }

    /// The unit word of `to_date` and `rolling` under its English name, whatever its spelling.
    func withPlainUnit(_ callee: Expression.Callee, _ arguments: [Expression]) -> [Expression] {
        guard callee == .known(.toDate) || callee == .known(.rolling),
            let last = arguments.last, case .name(let path) = last.node, path.count == 1,
            let unit = Grain.unit(named: path[0])
        else { return arguments }
        return arguments.dropLast() + [Expression(.name([unit.rawValue]), span: last.span)]
    }

    /// `( a, b, … )`, possibly empty.
    mutating func list() throws(Diagnostics) -> [Expression] {
        let open = token
        index += 1
        var items: [Expression] = []
        if accept(.close) { return items }
        repeat { items.append(try expression()) } while accept(.comma)
        guard accept(.close) else {
            if token.kind == .end { throw Diagnostics(.unclosed("("), span: open.span) }
            throw unexpected()
        }
        return items
    }

    // MARK: Tests after an operand

    mutating func missingTest(_ operand: Expression) throws(Diagnostics) -> Expression? {
        let start = operand.span.lowerBound
        if accept(.isMissing) { return try node(.isMissing(operand, negated: false), from: start) }
        if accept(.isPresent) { return try node(.isMissing(operand, negated: true), from: start) }
        guard accept(.isWord) else { return nil }
        let negated = accept(.not)
        if accept(.missing) { return try node(.isMissing(operand, negated: negated), from: start) }
        if accept(.present) { return try node(.isMissing(operand, negated: !negated), from: start) }
        throw unexpected()
    }

    mutating func membership(_ operand: Expression) throws(Diagnostics) -> Expression? {
        let negated: Bool
        if accept(.notIn) {
            negated = true
        } else if token.kind == .keyword(.not), tokens[index + 1].kind == .keyword(.isIn) {
            index += 2
            negated = true
        } else if accept(.isIn) {
            negated = false
        } else {
            return nil
        }
        guard token.kind == .symbol(.open) else { throw unexpected() }
        let items = try list()
        if items.isEmpty { throw Diagnostics(.missingOperand, span: tokens[index - 1].span) }
        return try node(
            .isIn(operand, items, negated: negated), from: operand.span.lowerBound)
    }

    func comparisonOperator() -> BinaryOperator? {
        switch token.kind {
        case .symbol(.equal): .equal
        case .symbol(.notEqual): .notEqual
        case .symbol(.less): .less
        case .symbol(.lessOrEqual): .lessOrEqual
        case .symbol(.greater): .greater
        case .symbol(.greaterOrEqual): .greaterOrEqual
        default: nil
        }
    }

    // MARK: Building

    var previousEnd: Int { index == 0 ? 0 : tokens[index - 1].span.upperBound }

    mutating func accept(_ symbol: Symbol) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        index += 1
        return true
    }

    mutating func accept(_ keyword: Keyword) -> Bool {
        guard token.kind == .keyword(keyword) else { return false }
        index += 1
        return true
    }

    mutating func leaf(_ node: Expression.Node) throws(Diagnostics) -> Expression {
        let start = token.span.lowerBound
        index += 1
        return try self.node(node, from: start)
    }

    mutating func prefixed(
        _ start: Int, _ body: (inout Parser) throws(Diagnostics) -> Expression.Node
    ) throws(Diagnostics) -> Expression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= FormulaText.maximumDepth else {
            throw Diagnostics(.tooDeep(limit: FormulaText.maximumDepth), span: token.span)
        }
        let operand = try body(&self)
        return try node(operand, from: start)
    }

    func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression
    ) throws(Diagnostics) -> Expression {
        try node(
            .binary(operation, left, right), span: left.span.lowerBound..<right.span.upperBound)
    }

    /// A node that ends with the last token read.
    func node(_ node: Expression.Node, from start: Int) throws(Diagnostics) -> Expression {
        try self.node(node, span: start..<max(start, previousEnd))
    }

    func node(_ node: Expression.Node, span: Range<Int>) throws(Diagnostics) -> Expression {
        let result = Expression(node, span: span)
        guard result.depth <= FormulaText.maximumDepth else {
            throw Diagnostics(.tooDeep(limit: FormulaText.maximumDepth), span: result.span)
        }
        return result
    }

    func unexpected() -> Diagnostics {
        switch token.kind {
        case .end: return Diagnostics(.missingOperand, span: token.span)
        case .number(let text), .name(let text), .text(let text):
            return Diagnostics(.unexpectedToken(text), span: token.span)
        case .symbol(let symbol):
            return Diagnostics(.unexpectedToken(symbol.rawValue), span: token.span)
        case .keyword(let keyword):
            let word = Keyword.words.filter { $0.value == keyword }.keys.min() ?? ""
            return Diagnostics(.unexpectedToken(word), span: token.span)
        }
    }
}
