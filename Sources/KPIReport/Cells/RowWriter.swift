import KPICore

/// Takes the bytes of a report in chunks of about a megabyte.
package typealias ReportSink = (UnsafeRawBufferPointer) throws -> Void

/// Gathers bytes and hands them on in large chunks.
struct RowWriter {
    var bytes: [UInt8] = []
    private var rowCount = 0
    private static let chunk = 1 << 20

    init() { bytes.reserveCapacity(Self.chunk + (1 << 16)) }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Begins a row, with a separator between it and the one before.
    mutating func beginRow(_ separator: [UInt8]) {
        if rowCount > 0, !separator.isEmpty { append(separator) }
        rowCount += 1
    }

    /// Hands the bytes on when there are enough of them.
    mutating func drain(to sink: ReportSink) rethrows {
        if bytes.count >= Self.chunk { try flush(to: sink) }
    }

    /// Hands on what there is.
    mutating func flush(to sink: ReportSink) rethrows {
        guard !bytes.isEmpty else { return }
        try bytes.withUnsafeBytes { try sink($0) }
        bytes.removeAll(keepingCapacity: true)
    }
}

extension RowWriter {
    /// Writes one number and says whether there is one: missing ones, infinity and NaN are none.
    mutating func append(_ figures: Figures, at index: Int) -> Bool {
        if let present = figures.present, !present[index] { return false }
        switch figures.numbers {
        case .integer(let numbers):
            DecimalDigits(numbers[index]).write(to: &bytes)
        case .decimal(let mantissas, let scale):
            DecimalDigits(mantissa: mantissas[index], scale: scale).write(to: &bytes)
        case .double(let numbers):
            guard let digits = DecimalDigits(numbers[index]) else { return false }
            digits.write(to: &bytes)
        }
        return true
    }
}

/// The texts that the rows of a block share, made once: a row is a few copies and five numbers.
struct RowPieces {
    /// Up to the dimensions, for each period.
    var periods: [[UInt8]]
    /// From the dimensions up to the value, for each group.
    var groups: [[UInt8]]
    /// Between the value and the numerator.
    var unit: [UInt8]
    /// Before the denominator, n and open.
    var between: [[UInt8]]
    /// After the last number, for each state.
    var endings: [[UInt8]]
    /// Before low and high; empty when no intervals were asked for.
    var bounds: [[UInt8]]
    /// At the end of a row.
    var end: [UInt8]
    /// In place of a missing number.
    var missing: [UInt8]
    /// Between two rows.
    var separator: [UInt8]

    /// Writes every row of a block in the order of the contract. O(cells).
    func write(
        _ block: CellBlock, with writer: inout RowWriter, to sink: ReportSink
    ) rethrows {
        var cell = 0
        for period in periods {
            for group in 0..<block.groupCount {
                defer { cell += 1 }
                if block.state[cell] == .absent { continue }
                writer.beginRow(separator)
                writer.append(period)
                writer.append(groups[group])
                writeNumbers(block, cell, with: &writer)
                writer.append(endings[Int(block.state[cell].rawValue)])
                if !bounds.isEmpty { writeBounds(block, cell, with: &writer) }
                writer.append(end)
                try writer.drain(to: sink)
            }
        }
    }

    private func writeNumbers(
        _ block: CellBlock, _ cell: Int, with writer: inout RowWriter
    ) {
        write(block.state[cell].hasValue ? block.value : nil, cell, with: &writer)
        writer.append(unit)
        write(block.numerator, cell, with: &writer)
        writer.append(between[0])
        write(block.denominator, cell, with: &writer)
        writer.append(between[1])
        write(block.n, cell, with: &writer)
        writer.append(between[2])
        write(block.open, cell, with: &writer)
    }

    private func writeBounds(_ block: CellBlock, _ cell: Int, with writer: inout RowWriter) {
        writer.append(bounds[0])
        write(block.low, cell, with: &writer)
        writer.append(bounds[1])
        write(block.high, cell, with: &writer)
    }

    private func write(_ figures: Figures?, _ cell: Int, with writer: inout RowWriter) {
        if let figures, writer.append(figures, at: cell) { return }
        writer.append(missing)
    }
}

extension CellBlock {
    /// The value of every dimension column in a group: `*` where the grouping does not name it.
    func memberTexts(_ columns: [String], group: Int) -> [String] {
        columns.map { column in
            dimensions.firstIndex(of: column).map { members[$0][group] } ?? "*"
        }
    }
}
