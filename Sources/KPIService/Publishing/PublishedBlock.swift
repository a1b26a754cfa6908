import Crypto
import Foundation
import KPICore

/// The published cells of one KPI, period and grouping: written once, never changed.
package struct PublishedBlock: Sendable {
    package var kpi: String
    package var grain: Grain
    package var period: String
    /// Where the period began in the calendar of then.
    package var start: Instant
    /// Sorted; empty for the whole company.
    package var dimensions: [String]
    /// From 1.
    package var revision = 1
    package var version: String
    package var versionLabel: String
    package var unit: String
    package var isPercent: Bool
    package var watermark: String
    package var asOf: Instant
    /// Published although its period was not over, or a waiting time had not passed.
    package var isUnfinished = false
    package var basis: Basis
    package var cells: [Cell]
    /// nil until it is published.
    package var publication: Publication?

    package struct Cell: Sendable, Equatable {
        /// One for each dimension.
        package var members: [String]
        package var figures: CellFigures
    }

    /// What decides about the cells beside records and definition, to find out later what changed.
    package struct Basis: Sendable, Hashable {
        /// Definitions of the dimensions.
        var grouping: String
        /// Declared coverage, or where derived coverage begins.
        var coverage: String
        /// Of what was covered of the windows.
        var covered: Int64
        /// Of the windows and of what was covered and open of them.
        var signature: Int64
        /// Columns that held times at or after as-of.
        var hidden: String
    }

    /// What `--again` makes another revision of.
    struct Identity: Hashable {
        let kpi: String
        let grain: Grain
        let period: String
        let dimensions: [String]
    }

    var identity: Identity {
        Identity(kpi: kpi, grain: grain, period: period, dimensions: dimensions)
    }

    /// `by team`, in the words of a command.
    var groupingText: String { dimensions.joined(separator: ",") }
}

/// One run of `publish`.
package struct Publication: Sendable, Hashable {
    package var at: Instant
    package var by: String
    package var note: String
    /// The last load that the cells know of, and when it was: 0 before any.
    package var load: Int64
    package var loadedAt: Instant
}

/// Numbers of cells as texts that lose nothing: exact ones with all their digits, doubles as the
/// shortest text that reads back as the same double.
enum FrozenNumber {
    enum Kind: String {
        case integer, decimal, double
    }

    static func kind(_ numbers: some Sequence<Scalar>) -> Kind? {
        for number in numbers {
            switch number {
            case .integer: return .integer
            case .decimal: return .decimal
            case .double: return .double
            default: continue
            }
        }
        return nil
    }

    static func text(_ number: Scalar) -> String? {
        switch number {
        case .integer(let value): String(value)
        case .decimal(let value): value.trimmed.description
        case .double(let value): value.description
        default: nil
        }
    }

    static func number(_ text: String?, _ kind: Kind?) -> Scalar {
        guard let text, let kind else { return .null }
        switch kind {
        case .integer: return Int64(text).map(Scalar.integer) ?? .null
        case .decimal: return ExactDecimal(text).map(Scalar.decimal) ?? .null
        case .double: return Double(text).map(Scalar.double) ?? .null
        }
    }
}

extension PublishedBlock {
    /// The kinds of value, numerator, denominator, n and open.
    var kinds: [FrozenNumber.Kind?] {
        (0..<5).map { place in FrozenNumber.kind(cells.lazy.map { $0.figures.numbers[place] }) }
    }

    /// A hash of everything that is published in the block: it tells when somebody changed it.
    var seal: String {
        let head: [String] = [
            kpi, grain.rawValue, period, String(start), Self.text(dimensions), String(revision),
            version, versionLabel, unit, watermark, String(asOf), isUnfinished ? "1" : "0",
        ]
        let rows = cells.map { cell in
            let numbers = cell.figures.numbers.map { FrozenNumber.text($0) ?? "" }
            let state = cell.figures.state
            return ([Self.text(cell.members), state.status, state.reason] + numbers)
                .joined(separator: "\t")
        }
        let hash = SHA256.hash(data: Data((head + rows).joined(separator: "\n").utf8))
        return hash.map { padded(String($0, radix: 16)) }.joined()
    }

    private func padded(_ digits: String) -> String { digits.count == 1 ? "0" + digits : digits }

    /// A list as one text of JSON.
    static func text(_ list: [String]) -> String {
        String(decoding: (try? JSONEncoder().encode(list)) ?? Data(), as: UTF8.self)
    }

    static func list(_ text: String) -> [String] {
        (try? JSONDecoder().decode([String].self, from: Data(text.utf8))) ?? []
    }
}
