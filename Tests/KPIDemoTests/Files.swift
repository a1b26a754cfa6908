import Foundation
import KPICore
import KPIDemo

/// One generated file, read back.
struct Table: Sendable {
    let columns: [String]
    let rows: [[String]]

    init(_ bytes: Data) {
        let lines = [UInt8](bytes).split(separator: 10, omittingEmptySubsequences: true)
        let cells = lines.map { line in
            line.split(separator: 44, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        columns = cells.first ?? []
        rows = Array(cells.dropFirst())
    }

    subscript(_ column: String) -> [String] {
        let index = place(column)
        return rows.map { $0[index] }
    }

    func place(_ column: String) -> Int { columns.firstIndex(of: column) ?? -1 }

    /// The values of one column by those of another.
    func map(_ key: String, to value: String) -> [String: String] {
        Dictionary(zip(self[key], self[value])) { first, _ in first }
    }
}

/// All files of a demonstration company.
struct Files: Sendable {
    let bytes: [String: Data]

    init(seed: UInt64 = 1, scale: Double = 0.05, end: (year: Int, month: Int) = (2026, 10)) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("demo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try DemoCompany(seed: seed, scale: scale, end: end).write(to: folder.path)
        var bytes: [String: Data] = [:]
        for file in DemoCompany.files {
            bytes[file] = try Data(contentsOf: folder.appendingPathComponent(file))
        }
        self.bytes = bytes
    }

    subscript(_ file: String) -> Table { Table(bytes[file + ".csv"] ?? Data()) }
}

/// The company of seed 1 at scale 1, made and read once.
enum Demo {
    static let files = try! Files(scale: 1)
    static let teams = files["teams"]
    static let employees = files["employees"]
    static let customers = files["customers"]
    static let campaigns = files["campaigns"]
    static let tickets = files["tickets"]
    static let ratings = files["ratings"]
    static let deals = files["opportunities"]
    static let orders = files["orders"]
}

func month(_ time: String) -> String { String(decoding: time.utf8.prefix(7), as: UTF8.self) }

/// Days since 1970 of a date or time.
func day(_ time: String) -> Int {
    CivilDate(String(decoding: time.utf8.prefix(10), as: UTF8.self))?.day ?? .min
}

func mean(_ values: some Sequence<Double>) -> Double {
    var (sum, count) = (0.0, 0.0)
    for value in values { (sum, count) = (sum + value, count + 1) }
    return sum / count
}

func share<T>(_ values: some Sequence<T>, _ holds: (T) -> Bool) -> Double {
    mean(values.map { holds($0) ? 1 : 0 })
}
