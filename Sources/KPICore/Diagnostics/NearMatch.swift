/// Suggestions for a name that was not found.
package enum NearMatch {
    /// The candidates within two edits (one for names of up to three characters), nearest first,
    /// then those that contain the name. At most `limit`. O(candidates × length²).
    package static func closest(
        to name: String, among candidates: some Sequence<String>, limit: Int = 3
    ) -> [String] {
        let wanted = Array(name.lowercased())
        let allowed = wanted.count <= 3 ? 1 : 2
        var scored: [(distance: Int, name: String)] = []
        for candidate in Set(candidates) {
            let other = Array(candidate.lowercased())
            let distance = editDistance(wanted, other, limit: allowed)
            if distance <= allowed {
                scored.append((distance, candidate))
            } else if wanted.count >= 2, other.count >= 2,
                candidate.lowercased().contains(name.lowercased())
                    || name.lowercased().contains(candidate.lowercased())
            {
                scored.append((allowed + 1, candidate))
            }
        }
        return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(limit).map(\.name)
    }

    /// Levenshtein distance, or `limit + 1` when it is larger.
    static func editDistance(_ a: [Character], _ b: [Character], limit: Int) -> Int {
        guard abs(a.count - b.count) <= limit else { return limit + 1 }
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let cost = min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return min(row[b.count], limit + 1)
    }
}
