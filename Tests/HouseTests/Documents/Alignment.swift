import Foundation

/// How the lines that a command printed fit those that a document shows, with the fewest changes.
///
/// A shown line that is only `…` stands for one or more lines. O(shown × printed).
struct Alignment {
    enum Pair: Equatable {
        /// The shown line stands for the printed one.
        case same(String)
        /// A `…` and the lines it stands for.
        case left(out: [String])
        case changed(shown: String, printed: String)
        case missing(shown: String)
        case added(printed: String)

        var differs: Bool {
            switch self {
            case .same, .left: false
            case .changed, .missing, .added: true
            }
        }
    }

    let pairs: [Pair]

    init(shown: [String], printed: [String]) {
        pairs = Self.path(Self.costs(shown, printed), shown, printed)
    }

    var fits: Bool { !pairs.contains { $0.differs } }

    /// What the document should show: as it is where it fits, else what was printed.
    var merged: [String] {
        pairs.compactMap { pair in
            switch pair {
            case .same(let line): line
            case .left: Line.ellipsis
            case .changed(_, let line), .added(let line): line
            case .missing: nil
            }
        }
    }

    /// Both texts, line by line: `-` is shown only, `+` printed only. Of what fits, only the lines next to
    /// a difference.
    var differences: String {
        var lines: [String] = []
        for (index, pair) in pairs.enumerated() {
            let near = pairs[max(0, index - 2)..<min(pairs.count, index + 3)]
            switch pair {
            case .same(let line) where near.contains { $0.differs }: lines.append("    \(line)")
            case .same where lines.last == Self.fitting: break
            case .same: lines.append(Self.fitting)
            case .left(let left): lines.append("    … (\(left.count) lines)")
            case .changed(let shown, let printed): lines += ["  - \(shown)", "  + \(printed)"]
            case .missing(let line): lines.append("  - \(line)")
            case .added(let line): lines.append("  + \(line)")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static let fitting = "    (lines that fit)"
}

extension Alignment {
    /// To take a line away or to add one costs more than to change one: with a `…` next to it, which
    /// takes any line for nothing, a changed line stays a shown one.
    private static let gap = 5

    /// A row of a table stays that row: a line with the same first word is preferred.
    private static func change(_ shown: String, _ printed: String) -> Int {
        shown.split(separator: " ").first == printed.split(separator: " ").first ? 2 : 4
    }

    /// The cost of fitting the rest of what is shown (from `i`) to the rest of what was printed (`j`).
    private static func costs(_ shown: [String], _ printed: [String]) -> [[Int]] {
        var costs = Array(
            repeating: Array(repeating: 0, count: printed.count + 1), count: shown.count + 1)
        for i in (0...shown.count).reversed() {
            for j in (0...printed.count).reversed() {
                costs[i][j] =
                    moves(i, j, shown, printed).map { cost(of: $0, at: i, j, costs) }
                    .min() ?? 0
            }
        }
        return costs
    }

    private enum Move: Equatable {
        case match, skip, skipLast, missing, added
        case change(cost: Int)
    }

    /// What can be done next, the best first among those that cost the same.
    private static func moves(
        _ i: Int, _ j: Int, _ shown: [String], _ printed: [String]
    ) -> [Move] {
        switch (i < shown.count, j < printed.count) {
        case (false, false): []
        case (true, false): [.missing]
        case (false, true): [.added]
        case (true, true) where shown[i] == Line.ellipsis: [.skipLast, .skip, .missing]
        case (true, true):
            Line.fits(shown: shown[i], printed: printed[j])
                ? [.match, .missing, .added]
                : [.change(cost: change(shown[i], printed[j])), .missing, .added]
        }
    }

    private static func cost(of move: Move, at i: Int, _ j: Int, _ costs: [[Int]]) -> Int {
        switch move {
        case .match, .skipLast: costs[i + 1][j + 1]
        case .skip: costs[i][j + 1]
        case .change(let cost): costs[i + 1][j + 1] + cost
        case .missing: costs[i + 1][j] + gap
        case .added: costs[i][j + 1] + gap
        }
    }

    private static func path(
        _ costs: [[Int]], _ shown: [String], _ printed: [String]
    ) -> [Pair] {
        var (i, j, pairs, skipped) = (0, 0, [Pair](), [String]())
        while let move = moves(i, j, shown, printed)
            .first(where: { cost(of: $0, at: i, j, costs) == costs[i][j] })
        {
            switch move {
            case .match: pairs.append(.same(shown[i]))
            case .skip: skipped.append(printed[j])
            case .skipLast:
                pairs.append(.left(out: skipped + [printed[j]]))
                skipped = []
            case .change: pairs.append(.changed(shown: shown[i], printed: printed[j]))
            case .missing: pairs.append(.missing(shown: shown[i]))
            case .added: pairs.append(.added(printed: printed[j]))
            }
            if move != .added, move != .skip { i += 1 }
            if move != .missing { j += 1 }
        }
        return pairs
    }
}

/// Whether one line stands for another.
enum Line {
    static let ellipsis = "…"

    /// `…` in the shown line stands for any text.
    static func fits(shown: String, printed: String) -> Bool {
        let (shown, printed) = (withoutRun(shown), withoutRun(printed))
        guard shown != printed else { return true }
        let parts = shown.components(separatedBy: ellipsis)
        guard let first = parts.first, let last = parts.last, parts.count > 1,
            printed.hasPrefix(first)
        else { return false }
        var rest = printed.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.range(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }

    /// The line without what differs from run to run: how long it took, and the day on which the reader
    /// published.
    private static func withoutRun(_ line: String) -> String {
        line.replacing(/(done in|用时) [0-9.]+ s$/) { "\($0.output.1) ⟨time⟩ s" }
            .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2} ann$/, with: "⟨today⟩ ann")
    }
}
