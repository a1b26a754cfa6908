import CADBC
import KPICore
import Testing

@testable import KPIEngine

/// Arrow memory made by hand, for types and layouts that DuckDB does not send.
final class HandmadeColumn {
    private let arena = ArrowArena()
    private var schema = ArrowSchema()
    private var array = ArrowArray()
    private let format: String
    private let count: Int
    private let offset: Int

    /// - Parameter buffers: the value buffers, each as bytes, after the bitmap.
    init(
        _ format: String, count: Int, offset: Int = 0, valid: [Bool]? = nil, buffers: [[UInt8]?]
    ) {
        (self.format, self.count, self.offset) = (format, count, offset)
        let bitmap = valid.map(arena.bits)
        let values = buffers.map { bytes in bytes.map { arena.copy($0) } }
        schema.format = arena.string(format)
        schema.name = arena.string("v")
        array.length = Int64(count)
        array.null_count = valid == nil ? 0 : -1
        array.offset = Int64(offset)
        array.n_buffers = Int64(1 + values.count)
        array.buffers = arena.buffers([bitmap] + values)
    }

    func setDictionary(_ dictionary: HandmadeColumn) {
        let schemaCopy = arena.allocate(ArrowSchema.self, 1)
        let arrayCopy = arena.allocate(ArrowArray.self, 1)
        schemaCopy.pointee = dictionary.schema
        arrayCopy.pointee = dictionary.array
        schema.dictionary = schemaCopy
        array.dictionary = arrayCopy
    }

    /// The column as a table decoder reads it, from `batches` batches of the same memory.
    func decode(batches: Int = 1, skipping rows: Int = 0) throws -> Column {
        try withExtendedLifetime(self) {
            let parent = ArrowArena()
            var batch = ArrowArray()
            var shape = ArrowSchema()
            let child = parent.allocate(ArrowArray.self, 1)
            let childShape = parent.allocate(ArrowSchema.self, 1)
            child.pointee = array
            childShape.pointee = schema
            (shape.n_children, batch.n_children) = (1, 1)
            shape.children = parent.pointers([childShape])
            batch.children = parent.pointers([child])
            batch.offset = Int64(rows)
            batch.length = Int64(count - rows)
            var decoder = try TableDecoder(shape)
            for _ in 0..<batches { try decoder.append(batch) }
            return withExtendedLifetime(parent) { decoder.table.columns[0] }
        }
    }
}

/// The bytes of values as they stand in memory.
func bytes<Value: BitwiseCopyable>(_ values: Value...) -> [UInt8] {
    values.withUnsafeBytes { [UInt8]($0) }
}

private func scalars(_ column: Column) -> [Scalar] { (0..<column.count).map { column[$0] } }

@Suite struct ArrowTests {
    @Test func floatsOfEveryWidth() throws {
        let half = HandmadeColumn("e", count: 2, buffers: [bytes(Float16(0.5), Float16(-2))])
        #expect(try half.decode().values == .double([0.5, -2]))
        let single = HandmadeColumn("f", count: 1, buffers: [bytes(Float(0.1))])
        #expect(try single.decode().values == .double([Double(Float(0.1))]))
    }

    @Test func decimalsOfEveryWidth() throws {
        let narrow = HandmadeColumn("d:9,2,32", count: 1, buffers: [bytes(Int32(-125))])
        #expect(try narrow.decode().values == .decimal([-125], scale: 2))
        let middle = HandmadeColumn("d:18,3,64", count: 1, buffers: [bytes(Int64.min)])
        #expect(try middle.decode().values == .decimal([Int128(Int64.min)], scale: 3))
        let negative = HandmadeColumn("d:5,-2", count: 1, buffers: [bytes(Int128(-7))])
        #expect(try negative.decode().values == .decimal([-700], scale: 0))
    }

    @Test func wideDecimalsMustFit() throws {
        let fits = HandmadeColumn(
            "d:76,4,256", count: 3,
            buffers: [bytes(Int128(-1), Int128(-1), Int128.max, 0, Int128.min, Int128(-1))])
        #expect(try fits.decode().values == .decimal([-1, .max, .min], scale: 4))
        let large = bytes(Int128(0), Int128(1))
        let error = #expect(throws: EngineError.self) {
            try HandmadeColumn("d:76,4,256", count: 1, buffers: [large]).decode()
        }
        #expect(error?.kind == .valueOutOfRange)
        #expect(error?.message.contains("‘v’") == true)
        let missing = HandmadeColumn("d:76,4,256", count: 1, valid: [false], buffers: [large])
        #expect(try scalars(missing.decode()) == [.null])
    }

    @Test func timesOfEveryUnit() throws {
        let cases: [(String, [UInt8])] = [
            ("tts", bytes(Int32(1))), ("ttm", bytes(Int32(1000))), ("ttu", bytes(Int64(1_000_000))),
            ("ttn", bytes(Int64(1_000_000_999))),
        ]
        for (format, buffer) in cases {
            let column = HandmadeColumn(format, count: 1, buffers: [buffer])
            #expect(try column.decode().values == .time([1_000_000]))
        }
    }

    @Test func timestampsOfEveryUnit() throws {
        for (format, count) in [("tss", -1), ("tsm", -1000), ("tsu", -1_000_000)] {
            let column = HandmadeColumn(
                format + ":Asia/Shanghai", count: 1, buffers: [bytes(Int64(count))])
            #expect(try column.decode().values == .timestamp([-1_000_000], zone: "Asia/Shanghai"))
        }
        let floored = HandmadeColumn(
            "tsn:", count: 3, buffers: [bytes(Int64(-1), Int64(-1000), Int64(1999))])
        #expect(try floored.decode().values == .timestamp([-1, -1, 1], zone: nil))
        let infinite = HandmadeColumn("tss:", count: 2, buffers: [bytes(Int64.max, -Int64.max)])
        #expect(try infinite.decode().values == .timestamp([.max, -.max], zone: nil))
        let far = HandmadeColumn("tss:", count: 1, buffers: [bytes(Int64.max - 1)])
        #expect(throws: EngineError.self) { try far.decode() }
    }

    @Test func datesInMillisecondsAreWholeDays() throws {
        let column = HandmadeColumn(
            "tdm", count: 3, buffers: [bytes(Int64(86_400_000), Int64(-1), Int64(-86_400_000))])
        #expect(try column.decode().values == .date([1, -1, -1]))
    }

    @Test func durationsAndIntervals() throws {
        func interval(_ months: Int32, _ days: Int32, _ nanoseconds: Int64) -> Column.Values {
            .interval([CalendarInterval(months: months, days: days, nanoseconds: nanoseconds)])
        }
        let seconds = HandmadeColumn("tDs", count: 1, buffers: [bytes(Int64(-2))])
        #expect(try seconds.decode().values == interval(0, 0, -2_000_000_000))
        let tooLong = HandmadeColumn("tDs", count: 1, buffers: [bytes(Int64.max)])
        #expect(throws: EngineError.self) { try tooLong.decode() }
        let months = HandmadeColumn("tiM", count: 1, buffers: [bytes(Int32(-3))])
        #expect(try months.decode().values == interval(-3, 0, 0))
        let dayTime = HandmadeColumn("tiD", count: 1, buffers: [bytes(Int32(2), Int32(-5))])
        #expect(try dayTime.decode().values == interval(0, 2, -5_000_000))
    }

    @Test(arguments: [("U", "Z"), ("u", "z")])
    func offsetsOfBothWidths(_ text: String, _ binary: String) throws {
        let data = Array("甲longer than twelve".utf8)
        let offsets =
            text == "U"
            ? bytes(Int64(0), Int64(3), Int64(3), Int64(data.count))
            : bytes(Int32(0), Int32(3), Int32(3), Int32(data.count))
        let words = HandmadeColumn(text, count: 3, buffers: [offsets, data])
        #expect(try words.decode().values == .text(["甲", "", "longer than twelve"]))
        let raw = HandmadeColumn(binary, count: 3, buffers: [offsets, data])
        #expect(try raw.decode().values == .binary([Array(data[..<3]), [], Array(data[3...])]))
        let empty = HandmadeColumn(
            text, count: 2, buffers: [[UInt8](repeating: 0, count: 24), nil])
        #expect(try empty.decode().values == .text(["", ""]))
    }

    @Test func viewsInPlaceAndElsewhere() throws {
        let first = Array("longer than twelve".utf8)
        let second = Array("xx在别的缓冲区里".utf8)
        var views = bytes(Int32(12)) + Array("twelve bytes".utf8)
        views += bytes(Int32(first.count), Int32(0), Int32(0), Int32(0))
        views += bytes(Int32.max, Int32.max, Int32.max, Int32.max)
        views += bytes(Int32(second.count - 2), Int32(0), Int32(1), Int32(2))
        let column = HandmadeColumn(
            "vu", count: 4, valid: [true, true, false, true], buffers: [views, first, second])
        #expect(
            try scalars(column.decode()) == [
                .text("twelve bytes"), .text("longer than twelve"), .null, .text("在别的缓冲区里"),
            ])
    }

    @Test func fixedBinary() throws {
        let column = HandmadeColumn("w:3", count: 2, buffers: [[1, 2, 3, 4, 5, 6]])
        #expect(try column.decode().values == .binary([[1, 2, 3], [4, 5, 6]]))
    }

    @Test(arguments: [
        ("c", 1), ("C", 1), ("s", 2), ("S", 2), ("i", 4), ("I", 4), ("l", 8), ("L", 8),
    ])
    func dictionaryIndicesOfEveryWidth(_ format: String, _ width: Int) throws {
        let words = HandmadeColumn(
            "u", count: 2, buffers: [bytes(Int32(0), Int32(3), Int32(6)), Array("甲乙".utf8)])
        let one = [1] + [UInt8](repeating: 0, count: width - 1)
        let zero = [UInt8](repeating: 0, count: width)
        let column = HandmadeColumn(
            format, count: 3, valid: [true, false, true], buffers: [one + zero + zero])
        column.setDictionary(words)
        #expect(try scalars(column.decode()) == [.text("乙"), .null, .text("甲")])
        let outside = HandmadeColumn(format, count: 1, buffers: [[9] + zero.dropFirst()])
        outside.setDictionary(words)
        #expect(throws: EngineError.self) { try outside.decode() }
    }

    @Test func offsetsOfArraysAndOfTheirParentAddUp() throws {
        let column = HandmadeColumn(
            "s", count: 4, offset: 2, valid: [true, true, true, false, true, false],
            buffers: [bytes(Int16(0), Int16(1), Int16(2), Int16(3), Int16(4), Int16(5))])
        #expect(try scalars(column.decode()) == [.integer(2), .null, .integer(4), .null])
        #expect(try scalars(column.decode(skipping: 1)) == [.null, .integer(4), .null])
    }

    @Test func bitmapsOfBatchesJoin() throws {
        let column = HandmadeColumn(
            "b", count: 3, valid: [true, false, true], buffers: [[0b101]])
        let twice = try column.decode(batches: 2)
        #expect(twice.validity == [true, false, true, true, false, true])
        #expect(
            scalars(twice) == [.bool(true), .null, .bool(true), .bool(true), .null, .bool(true)])
    }

    @Test func missingValuesInABitmapOfOnesAreNone() throws {
        let column = HandmadeColumn("l", count: 2, valid: [true, true], buffers: [bytes(1, 2)])
        #expect(try column.decode().validity == nil)
    }

    @Test(arguments: ["+l", "+L", "+s", "+m", "+ud:0", "+r", "+vl", "w:x", "d:1", "ts?:", "", "?"])
    func otherFormatsAreErrorsThatNameTheColumn(_ format: String) {
        let column = HandmadeColumn(format, count: 0, buffers: [])
        let error = #expect(throws: EngineError.self) { try column.decode() }
        #expect(error?.kind == .unsupportedType)
        #expect(error?.message.contains("‘v’") == true)
        #expect(error?.message.contains("‘\(format)’") == true)
    }

    @Test func columnsWithoutTheirBuffersAreErrors() {
        for format in ["l", "i", "b", "u", "vu", "w:2", "d:9,2"] {
            let column = HandmadeColumn(format, count: 1, buffers: [nil])
            let error = #expect(throws: EngineError.self) { try column.decode() }
            #expect(error?.kind == .engineFault)
        }
    }
}
