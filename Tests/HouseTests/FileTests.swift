import Foundation
import Testing

@Suite("Files of the repository", .enabled(if: Checkout.tracked != nil))
struct FileTests {
    @Test("No tracked file is larger than 1 MB")
    func areSmall() throws {
        for path in try #require(Checkout.tracked) {
            // A file that is tracked and deleted, but not committed, has no size.
            guard let data = try? Checkout.data(path) else { continue }
            #expect(data.count <= 1 << 20, "\(path) has \(data.count) bytes")
        }
    }

    @Test("No tracked file names a path of one machine")
    func nameNoMachine() throws {
        // In two parts, for this file is tracked too.
        let folders = ["work", "home", "root", "Users"].map { "/" + $0 + "/" }
        for path in try #require(Checkout.tracked) {
            guard let data = try? Checkout.data(path) else { continue }
            let text = String(decoding: data, as: UTF8.self)
            for folder in folders where Self.names(folder, in: text) {
                Issue.record("\(path) names a path in \(folder)")
            }
        }
    }

    /// Whether a path begins with the folder; `docs/work/` does not.
    private static func names(_ folder: String, in text: String) -> Bool {
        var rest = text[...]
        while let found = rest.range(of: folder) {
            let before =
                found.lowerBound > text.startIndex
                ? text[text.index(before: found.lowerBound)] : " "
            if !before.isLetter && !before.isNumber && !"._-}*".contains(before) { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }
}
