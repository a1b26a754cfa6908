import Foundation
import KPICore
import KPIModel
import Yams

/// A check of 1,000 cards in 20 files, against reading the YAML of the same files alone.
struct CheckMeasure {
    let folder: String
    let runs: Int

    func measure() throws -> (ours: Double, rival: Double) {
        try writeFiles()
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }
        var ours: [Double] = []
        var rival: [Double] = []
        for _ in 0..<runs {
            let (outcome, time) = seconds { WorkspaceReader.read(folder) }
            guard outcome.workspace?.cards.count == 1000, outcome.findings.isEmpty else {
                throw Diagnostics(outcome.findings)
            }
            ours.append(time)
            rival.append(try seconds { try compose(paths) }.seconds)
        }
        return (ours.median, rival.median)
    }

    private func compose(_ paths: [String]) throws {
        for path in paths {
            _ = try Yams.compose(yaml: String(contentsOfFile: path, encoding: .utf8))
        }
    }

    private func writeFiles() throws {
        try BenchWorkspace.write(to: folder)
        try? FileManager.default.removeItem(atPath: folder + "/kpis")
        for file in 0..<20 {
            let cards = (0..<50).map { Self.card(file * 50 + $0) }.joined()
            try BenchWorkspace.write("kpis:\n" + cards, to: "\(folder)/kpis/cards-\(file).yaml")
        }
    }

    private static func card(_ number: Int) -> String {
        """
          - id: kpi-\(number)
            label: {zh: 指标\(number)号, en: KPI number \(number)}
            description: {zh: 已解决问题占提交问题的比例, en: Share of the tickets that were resolved}
            department: service
            formula: \(formulas[number % formulas.count])
            direction: higher
            target: ">= 98%"
            period: week
            breakdowns: [department, team, person]
            collector: service desk
            verifier: quality

        """
    }

    private static let formulas = [
        "tickets_resolved ÷ tickets_opened × 100%", "tickets_opened", "previous(tickets_opened, 2)",
        "(tickets_opened − previous(tickets_opened)) ÷ previous(tickets_opened) × 100%",
        "tickets_resolved[channel = \"phone\"] ÷ tickets_resolved", "to_date(ratings_given, year)",
        "top_ratings ÷ ratings_given − previous(top_ratings ÷ ratings_given)",
    ]
}
