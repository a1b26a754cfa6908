import KPICore

extension Table {
    /// One row that holds the values of a statement's parameters, in order.
    init(parameters: [Scalar]) throws {
        self.init(columns: try parameters.enumerated().map { try Column(parameter: $1, at: $0) })
    }
}

extension Column {
    fileprivate init(parameter: Scalar, at index: Int) throws {
        self.init(name: String(index), values: try Values(one: parameter))
    }
}

extension Column.Values {
    fileprivate init(one scalar: Scalar) throws {
        switch scalar {
        case .null: self = .null(count: 1)
        case .bool(let value): self = .bool([value])
        case .integer(let value): self = .int64([value])
        case .double(let value): self = .double([value])
        case .text(let value): self = .text([value])
        case .binary(let value): self = .binary([value])
        case .date(let value): self = .date([value])
        case .time(let value): self = .time([value])
        case .timestamp(let value, let utc): self = .timestamp([value], zone: utc ? "UTC" : nil)
        case .interval(let value): self = .interval([value])
        case .decimal(let value):
            // A negative scale is trailing zeros: written out, because engines take none.
            guard let plain = value.scale < 0 ? value.rescaled(to: 0) : value else {
                throw EngineError(.invalidInput, message: "a decimal parameter does not fit")
            }
            self = .decimal([plain.mantissa], scale: plain.scale)
        }
    }
}
