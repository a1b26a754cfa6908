import CADBC
import KPICore

/// One batch of rows on its way to an engine, as the Arrow C structs.
///
/// The engine takes the structs over by clearing nothing and calling `release`, or leaves them; in
/// both cases `releaseIfLeft` afterwards is right.
struct ArrowBatch: ~Copyable {
    var schema = ArrowSchema()
    var array = ArrowArray()

    /// Copies a table into Arrow's layout. Linear in its size; text is copied once.
    ///
    /// - Throws: `invalidInput` for columns of unequal length or a decimal scale outside 0...38.
    init(_ table: Table, decimals: DecimalWidth) throws {
        let arena = ArrowArena()
        var schemas: [UnsafeMutablePointer<ArrowSchema>] = []
        var arrays: [UnsafeMutablePointer<ArrowArray>] = []
        for column in table.columns {
            guard column.count == table.rowCount else {
                throw EngineError(
                    .invalidInput,
                    message: "column ‘\(column.name)’ has \(column.count) rows, the table "
                        + "\(table.rowCount)")
            }
            let encoded = try EncodedColumn(column, decimals, arena)
            schemas.append(encoded.schema(arena))
            arrays.append(encoded.array(arena))
        }
        schema.format = arena.string("+s")
        schema.name = arena.string("")
        schema.n_children = Int64(schemas.count)
        schema.children = arena.pointers(schemas)
        array.length = Int64(table.rowCount)
        array.n_buffers = 1
        array.buffers = arena.buffers([nil])
        array.n_children = Int64(arrays.count)
        array.children = arena.pointers(arrays)
        schema.private_data = Unmanaged.passRetained(arena).toOpaque()
        array.private_data = Unmanaged.passRetained(arena).toOpaque()
        schema.release = releaseSchema
        array.release = releaseArray
    }

    /// Releases what the engine did not take.
    mutating func releaseIfLeft() {
        array.release?(&array)
        schema.release?(&schema)
    }
}

/// How many digits an exported decimal column declares.
enum DecimalWidth {
    /// Always 38, so that a stored column has the same type whatever rows come first.
    case widest
    /// As many as the values have, as a literal does, so that a comparison stays narrow.
    case fitting
}

/// One column in Arrow's layout, in an arena.
private struct EncodedColumn {
    let name: String
    let format: String
    let count: Int
    let nullCount: Int
    let buffers: [UnsafeRawPointer?]

    init(_ column: Column, _ decimals: DecimalWidth, _ arena: ArrowArena) throws {
        name = column.name
        count = column.count
        if case .null = column.values {
            (format, nullCount, buffers) = ("n", count, [])
            return
        }
        guard column.validity == nil || column.validity?.count == column.count else {
            throw EngineError(
                .invalidInput, message: "column ‘\(column.name)’ has flags for other than its rows")
        }
        nullCount = column.validity?.lazy.filter { !$0 }.count ?? 0
        let bitmap = nullCount == 0 ? nil : column.validity.map(arena.bits)
        let (format, values) = try Self.encode(column, decimals, arena)
        self.format = format
        buffers = [bitmap] + values
    }

    private static func encode(
        _ column: Column, _ decimals: DecimalWidth, _ arena: ArrowArena
    ) throws -> (format: String, values: [UnsafeRawPointer]) {
        switch column.values {
        case .int64(let elements): ("l", [arena.copy(elements)])
        case .uint64(let elements): ("L", [arena.copy(elements)])
        case .double(let elements): ("g", [arena.copy(elements)])
        case .bool(let elements): ("b", [arena.bits(elements)])
        case .date(let elements): ("tdD", [arena.copy(elements)])
        case .time(let elements): ("ttu", [arena.copy(elements)])
        case .timestamp(let elements, let zone): ("tsu:\(zone ?? "")", [arena.copy(elements)])
        case .decimal(let elements, let scale):
            (try decimalFormat(column, elements, scale, decimals), [arena.copy(elements)])
        case .text(let elements): textBuffers(elements, arena)
        case .binary(let elements): binaryBuffers(elements, arena)
        case .interval(let elements): ("tin", [arena.copy(elements.map(MonthDayNano.init))])
        case .null: ("n", [])
        }
    }

    private static func textBuffers(
        _ elements: [String], _ arena: ArrowArena
    ) -> (format: String, values: [UnsafeRawPointer]) {
        let (buffers, isLarge) = arena.ranges(elements, bytes: \.utf8.count) { text, target in
            var text = text
            text.withUTF8 { bytes in
                if let base = bytes.baseAddress { target.update(from: base, count: bytes.count) }
            }
        }
        return (isLarge ? "U" : "u", buffers)
    }

    private static func binaryBuffers(
        _ elements: [[UInt8]], _ arena: ArrowArena
    ) -> (format: String, values: [UnsafeRawPointer]) {
        let (buffers, isLarge) = arena.ranges(elements, bytes: \.count) { bytes, target in
            target.update(from: bytes, count: bytes.count)
        }
        return (isLarge ? "Z" : "z", buffers)
    }

    private static func decimalFormat(
        _ column: Column, _ mantissas: [Int128], _ scale: Int, _ decimals: DecimalWidth
    ) throws -> String {
        guard (0...38).contains(scale) else {
            throw EngineError(
                .invalidInput, message: "column ‘\(column.name)’ has the decimal scale \(scale)")
        }
        var largest: UInt128 = 0
        for row in mantissas.indices where column.isValid(row) {
            largest = max(largest, mantissas[row].magnitude)
        }
        let digits = String(largest).utf8.count
        guard digits <= 38 else {
            throw EngineError(
                .invalidInput, message: "column ‘\(column.name)’ has a decimal of \(digits) digits")
        }
        let precision =
            switch decimals {
            case .widest: 38
            case .fitting: max(digits, scale, 1)
            }
        return "d:\(precision),\(scale)"
    }

    func schema(_ arena: ArrowArena) -> UnsafeMutablePointer<ArrowSchema> {
        let schema = arena.allocate(ArrowSchema.self, 1)
        schema.pointee.format = arena.string(format)
        schema.pointee.name = arena.string(name)
        schema.pointee.flags = 2  // The column may hold missing values.
        schema.pointee.release = releaseChildSchema
        return schema
    }

    func array(_ arena: ArrowArena) -> UnsafeMutablePointer<ArrowArray> {
        let array = arena.allocate(ArrowArray.self, 1)
        array.pointee.length = Int64(count)
        array.pointee.null_count = Int64(nullCount)
        array.pointee.n_buffers = Int64(buffers.count)
        array.pointee.buffers = arena.buffers(buffers)
        array.pointee.release = releaseChildArray
        return array
    }
}

extension MonthDayNano {
    fileprivate init(_ interval: CalendarInterval) {
        self.init(
            months: interval.months, days: interval.days, nanoseconds: interval.nanoseconds)
    }
}
