extension String {
    /// As an SQL identifier. For the few statements whose names cannot be bound.
    var quotedIdentifier: String { quoted(by: "\"") }

    /// Between two marks, with each mark inside doubled.
    func quoted(by mark: Character) -> String {
        let parts = split(separator: mark, omittingEmptySubsequences: false)
        return "\(mark)\(parts.joined(separator: "\(mark)\(mark)"))\(mark)"
    }
}
