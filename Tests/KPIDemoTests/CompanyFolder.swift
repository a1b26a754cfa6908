import Foundation
import KPICore
import KPIDemo

/// All files of a company in the shape of the standard model.
struct CompanyFolder: Sendable {
    let bytes: [String: Data]

    init(seed: UInt64 = 1, scale: Double, end: (year: Int, month: Int) = (2026, 10)) throws {
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

    /// Each row's cells of some columns, in the order asked for. No cell of these files has
    /// quotes.
    func rows(_ entity: String, _ columns: String...) -> [[String]] {
        let lines = [UInt8](bytes[entity + ".csv"] ?? Data()).split(separator: 10)
        guard let header = lines.first else { return [] }
        let names = String(decoding: header, as: UTF8.self).split(separator: ",").map(String.init)
        let places = columns.map { names.firstIndex(of: $0) ?? -1 }
        return lines.dropFirst().map { line in
            let cells = line.split(separator: 44, omittingEmptySubsequences: false)
            return places.map { String(decoding: cells[$0], as: UTF8.self) }
        }
    }

    func column(_ entity: String, _ column: String) -> [String] {
        rows(entity, column).map { $0[0] }
    }
}

/// The company of seed 1, made once: a small one for what must hold in any, a larger one for
/// what shows in numbers alone.
enum Demo {
    static let small = try! CompanyFolder(scale: 0.1)
    static let large = try! CompanyFolder(scale: 0.6)
}

/// Seconds between two timestamps, nil where one is missing.
func seconds(from start: String, to end: String) -> Int? {
    func second(_ time: String) -> Int? {
        let parts = time.dropFirst(11).split(separator: ":").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        return day(time) * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2]
    }
    guard let start = second(start), let end = second(end) else { return nil }
    return end - start
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
