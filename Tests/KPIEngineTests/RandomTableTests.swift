import KPICore
import KPIEngine
import Testing

/// A small generator whose whole state is its seed, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension SeededGenerator {
    private mutating func array<Element>(
        _ count: Int, _ make: (inout Self) -> Element
    ) -> [Element] {
        (0..<count).map { _ in make(&self) }
    }

    private mutating func text() -> String {
        let letters: [Character] = ["a", "Z", "0", "'", "\"", "\\", "\n", "\0", "值", "🙂", "é", " "]
        return String(
            (0..<Int.random(in: 0...20, using: &self)).map { _ in
                letters.randomElement(using: &self)!
            })
    }

    private mutating func values(_ count: Int) -> Column.Values {
        let micros = -2_000_000_000_000_000...4_000_000_000_000_000 as ClosedRange<Int64>
        switch Int.random(in: 0..<12, using: &self) {
        case 0: return .int64(array(count) { Int64.random(in: .min ... .max, using: &$0) })
        case 1: return .uint64(array(count) { UInt64.random(in: 0 ... .max, using: &$0) })
        case 2: return decimals(count)
        case 3:
            return .double(array(count) { Double(Int64.random(in: .min ... .max, using: &$0)) / 7 })
        case 4: return .bool(array(count) { Bool.random(using: &$0) })
        case 5: return .text(array(count) { $0.text() })
        case 6: return .binary(array(count) { Array($0.text().utf8.shuffled(using: &$0)) })
        case 7: return .date(array(count) { Int32.random(in: -700_000...2_900_000, using: &$0) })
        case 8: return .time(array(count) { Int64.random(in: 0..<86_400_000_000, using: &$0) })
        case 9: return .timestamp(array(count) { .random(in: micros, using: &$0) }, zone: nil)
        case 10: return .timestamp(array(count) { .random(in: micros, using: &$0) }, zone: "UTC")
        default:
            return .interval(
                array(count) {
                    CalendarInterval(
                        months: .random(in: -999...999, using: &$0),
                        days: .random(in: -999...999, using: &$0),
                        nanoseconds: .random(in: -99_999_999...99_999_999, using: &$0) * 1000)
                })
        }
    }

    private mutating func decimals(_ count: Int) -> Column.Values {
        let bound = ExactDecimal.powerOfTen(Int.random(in: 1...38, using: &self))! - 1
        let mantissas = array(count) { Int128.random(in: -bound...bound, using: &$0) }
        return .decimal(mantissas, scale: Int.random(in: 0...38, using: &self))
    }

    mutating func table() -> Table {
        let count = [0, 1, 7, 2047, 2048, 2049, 5000].randomElement(using: &self)!
        let width = Int.random(in: 1...6, using: &self)
        let columns = (0..<width).map { index in
            let share = [0.0, 0.0, 0.1, 0.9, 1.0].randomElement(using: &self)!
            let validity = array(count) { Double.random(in: 0..<1, using: &$0) >= share }
            return Column(
                name: "c\(index)", values: values(count), validity: share == 0 ? nil : validity)
        }
        return Table(columns: columns)
    }
}

@Suite struct RandomTableTests {
    /// What is ingested is what is queried, for any table. The seed of a failure is its argument.
    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func ingestedTablesComeBackEqual(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let table = generator.table()
        let connection = try await memoryConnection()
        #expect(try await connection.ingest(table, into: "t") == Int64(table.rowCount))
        let stored = try await connection.query("FROM t")
        #expect(stored.rows == table.rows, "seed \(seed)")
        let half = try await connection.query("FROM t OFFSET ?", [.integer(3)])
        #expect(half.rows == Array(table.rows.dropFirst(3)), "seed \(seed)")
    }
}
