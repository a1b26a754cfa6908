import Foundation

/// The largest ratio, ours to the rival's, that is accepted.
struct Thresholds: Decodable {
    let full: [String: Double]
    let quick: [String: Double]

    static func read(_ path: String, quick: Bool) throws -> [String: Double] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let all = try JSONDecoder().decode(Thresholds.self, from: data)
        return quick ? all.quick : all.full
    }
}

/// One measured ratio.
struct Figure {
    enum Kind: String {
        case cells, queries, writing, check, refresh, page, working
    }

    let kind: Kind
    let name: String
    let ours: Double
    let rivalName: String
    let rival: Double

    init(_ kind: Kind, _ name: String, _ ours: Double, _ rivalName: String, _ rival: Double) {
        self.kind = kind
        self.name = name
        self.ours = ours
        self.rivalName = rivalName
        self.rival = rival
    }

    var ratio: Double { ours / rival }

    func exceeds(_ thresholds: [String: Double]) -> Bool {
        ratio > thresholds[kind.rawValue] ?? .infinity
    }

    static func table(_ figures: [Figure], _ thresholds: [String: Double]) -> String {
        let header = ["figure", "seconds", "rival", "seconds", "ratio", "at most", ""]
        let rows = figures.map { figure in
            [
                figure.name, text(figure.ours), figure.rivalName, text(figure.rival),
                text(figure.ratio), thresholds[figure.kind.rawValue].map(text) ?? "",
                figure.exceeds(thresholds) ? "exceeded" : "met",
            ]
        }
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func text(_ number: Double) -> String {
        String(format: number < 0.1 ? "%.4f" : "%.3f", number)
    }
}
