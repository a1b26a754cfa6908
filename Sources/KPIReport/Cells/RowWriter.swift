import KPICore

/// Takes the bytes of a report in chunks of about a megabyte.
package typealias ReportSink = (UnsafeRawBufferPointer) throws -> Void

/// Gathers bytes and hands them on in large chunks.
struct RowWriter {
    var bytes: [UInt8] = []
    private var rowCount = 0
    private static let chunk = 1 << 20

    init(reserving capacity: Int = Self.chunk + (1 << 16)) { bytes.reserveCapacity(capacity) }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Begins a row, with a separator between it and the one before.
    mutating func beginRow(_ separator: [UInt8]) {
        if rowCount > 0, !separator.isEmpty { append(separator) }
        rowCount += 1
    }

    /// The rows of another one after one's own.
    mutating func append(_ rows: RowWriter, _ separator: [UInt8]) {
        guard rows.rowCount > 0 else { return }
        beginRow(separator)
        rowCount += rows.rowCount - 1
        append(rows.bytes)
    }

    /// Hands on the whole chunks that there are.
    mutating func drain(to sink: ReportSink) rethrows {
        let count = bytes.count / Self.chunk * Self.chunk
        guard count > 0 else { return }
        try bytes.withUnsafeBytes { all in
            for start in stride(from: 0, to: count, by: Self.chunk) {
                try sink(UnsafeRawBufferPointer(rebasing: all[start..<start + Self.chunk]))
            }
        }
        bytes.removeFirst(count)
    }

    /// Hands on what there is.
    mutating func flush(to sink: ReportSink) rethrows {
        guard !bytes.isEmpty else { return }
        try bytes.withUnsafeBytes { try sink($0) }
        bytes.removeAll(keepingCapacity: true)
    }
}

/// Texts one after the other in one array, so that copying one of them counts no references.
struct Texts: Sendable {
    private var bytes: [UInt8] = []
    private var ends = [0]

    init(_ texts: [[UInt8]]) {
        for text in texts {
            bytes.append(contentsOf: text)
            ends.append(bytes.count)
        }
    }

    /// The numbers of some cells: missing ones, infinity and NaN are `missing`.
    init(
        _ figures: Figures?, _ cells: Range<Int>, missing: [UInt8],
        where isWanted: (Int) -> Bool = { _ in true }
    ) {
        bytes.reserveCapacity(cells.count << 3)
        ends.reserveCapacity(cells.count + 1)
        guard let figures else {
            fill(cells, { _ in nil }, missing)
            return
        }
        func digits(_ index: Int, _ make: (Int) -> DecimalDigits?) -> DecimalDigits? {
            guard isWanted(index), figures.present?[index] ?? true else { return nil }
            return make(index)
        }
        switch figures.numbers {
        case .integer(let numbers):
            fill(cells, { digits($0) { DecimalDigits(numbers[$0]) } }, missing)
        case .decimal(let mantissas, let scale):
            fill(
                cells, { digits($0) { DecimalDigits(mantissa: mantissas[$0], scale: scale) } },
                missing)
        case .double(let numbers):
            fill(cells, { digits($0) { DecimalDigits(numbers[$0]) } }, missing)
        }
    }

    private mutating func fill(
        _ cells: Range<Int>, _ digits: (Int) -> DecimalDigits?, _ missing: [UInt8]
    ) {
        for cell in cells {
            if let digits = digits(cell) {
                digits.write(to: &bytes)
            } else {
                bytes.append(contentsOf: missing)
            }
            ends.append(bytes.count)
        }
    }

    /// Appends one of them.
    func write(_ index: Int, to other: inout [UInt8]) {
        bytes.span.extracting(ends.span[index]..<ends.span[index + 1])
            .withUnsafeBufferPointer { other.append(contentsOf: $0) }
    }
}

/// The texts that the rows of a block share, made once: a row is a few copies and five numbers.
struct RowPieces {
    /// Up to the dimensions, for each period.
    var periods: Texts
    /// From the dimensions up to the value, for each group.
    var groups: Texts
    /// After the value, the numerator, the denominator and n.
    var between: Texts
    /// After the last number, for each state.
    var endings: Texts
    /// Before low and high; nil when no intervals were asked for.
    var bounds: Texts?
    /// At the end of a row.
    var end: [UInt8]
    /// In place of a missing number.
    var missing: [UInt8]
    /// Between two rows.
    var separator: [UInt8]

    /// Rows that are written one after the other; beside them others are.
    private static let run = 1 << 13
    /// How many runs are in memory at a time.
    private static let runs = 8

    /// Writes every row of a block in the order of the contract. O(cells), on all processors.
    func write(
        _ block: CellBlock, with writer: inout RowWriter, to sink: ReportSink
    ) rethrows {
        let count = block.cellCount
        for first in stride(from: 0, to: count, by: Self.run * Self.runs) {
            let last = min(first + Self.run * Self.runs, count)
            let runs = stride(from: first, to: last, by: Self.run).map {
                $0..<min($0 + Self.run, last)
            }
            for rows in runs.concurrentMap({ self.rows(of: block, $0) }) {
                writer.append(rows, separator)
                try writer.drain(to: sink)
            }
        }
    }

    private func rows(of block: CellBlock, _ cells: Range<Int>) -> RowWriter {
        var writer = RowWriter(reserving: cells.count << 7)
        let value = Texts(block.value, cells, missing: missing) { block.state[$0].hasValue }
        let others = [block.numerator, block.denominator, block.n, block.open].map {
            Texts($0, cells, missing: missing)
        }
        let limits =
            bounds == nil
            ? []
            : [block.low, block.high].map {
                Texts($0, cells, missing: missing)
            }
        for (row, cell) in cells.enumerated() where block.state[cell] != .absent {
            writer.beginRow(separator)
            periods.write(cell / block.groupCount, to: &writer.bytes)
            groups.write(cell % block.groupCount, to: &writer.bytes)
            value.write(row, to: &writer.bytes)
            for (index, numbers) in others.enumerated() {
                between.write(index, to: &writer.bytes)
                numbers.write(row, to: &writer.bytes)
            }
            endings.write(Int(block.state[cell].rawValue), to: &writer.bytes)
            for (index, numbers) in limits.enumerated() {
                bounds?.write(index, to: &writer.bytes)
                numbers.write(row, to: &writer.bytes)
            }
            writer.append(end)
        }
        return writer
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
