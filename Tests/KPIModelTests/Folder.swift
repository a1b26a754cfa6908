import Foundation
import KPICore
import KPIModel

/// A workspace folder of its own, which goes when the object goes.
final class Folder: Sendable {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("model-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    func write(_ name: String, _ bytes: Data) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: url)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    var findings: [Diagnostic] { WorkspaceReader.read(path).findings }

    /// `FILE:LINE:COLUMN CODE` of every finding, in order.
    var found: [String] {
        findings.map { "\($0.place.map(String.init(describing:)) ?? "-") \($0.code)" }
    }

    static let settings = "name: Test\ntime_zone: Asia/Shanghai\ncurrency: CNY\n"

    static let deals = """
        dataset: deals
        key: id
        time: closed_on
        columns:
          id: text
          closed_on: date
          opened_at: timestamp
          amount: money
          stage: text
        dimensions:
          stage: stage
        measures:
          revenue: {aggregate: sum(amount), where: stage = "won", label: {zh: 成交额, en: Revenue won}}
          won: {aggregate: count(), where: stage = "won", label: {zh: 赢单数, en: Deals won}}
          cycle: {aggregate: "mean(duration(closed_on, closed_on))", label: {zh: 历时, en: Cycle}}

        """

    /// The settings, the dataset `deals` and one file of cards.
    static func cards(_ cards: String) throws -> Folder {
        try Folder([
            "plumbline.yaml": settings, "datasets/deals.yaml": deals, "kpis/all.yaml": cards,
        ])
    }
}
