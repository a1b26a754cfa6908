/// How the records of a dataset compare with what is expected of them.
package struct ExpectationFinding: Sendable, Hashable {
    /// What is counted.
    package enum Kind: String, Sendable, Hashable {
        case records, periods
        /// One watermark against the wall clock.
        case age
    }

    package var dataset: String
    /// The rule as text, such as `unique order_id`.
    package var expectation: String
    package var label: Bilingual?
    package var kind: Kind
    /// Records or periods that the rule is about.
    package var checked: Int
    package var failed: Int
    /// At most three: file, line and value, or period and count, or the watermark.
    package var examples: [String]

    /// Whether everything is as expected.
    package var holds: Bool { failed == 0 }

    package init(
        dataset: String, expectation: String, label: Bilingual?, kind: Kind, checked: Int,
        failed: Int, examples: [String]
    ) {
        self.dataset = dataset
        self.expectation = expectation
        self.label = label
        self.kind = kind
        self.checked = checked
        self.failed = failed
        self.examples = examples
    }

    var reason: Bilingual {
        let (zh, en) = (label?.zh ?? expectation, label?.en ?? expectation)
        let shown = (
            zh: examples.joined(separator: "、"), en: examples.joined(separator: ", ")
        )
        switch kind {
        case .records:
            return Bilingual(
                zh: "‘\(dataset)’不符合‘\(zh)’：\(checked) 条记录中有 \(failed) 条，例如 \(shown.zh)",
                en:
                    "‘\(dataset)’ does not meet ‘\(en)’: \(failed) of \(checked) records, for instance \(shown.en)"
            )
        case .periods:
            return Bilingual(
                zh: "‘\(dataset)’不符合‘\(zh)’：\(checked) 个周期中有 \(failed) 个，例如 \(shown.zh)",
                en:
                    "‘\(dataset)’ does not meet ‘\(en)’: \(failed) of \(checked) periods, for instance \(shown.en)"
            )
        case .age:
            let none = Bilingual(zh: "没有记录", en: "there are no records")
            return Bilingual(
                zh: "‘\(dataset)’不符合‘\(zh)’："
                    + (examples.isEmpty ? none.zh : "记录只到 \(shown.zh)"),
                en: "‘\(dataset)’ does not meet ‘\(en)’: "
                    + (examples.isEmpty ? none.en : "the records reach to \(shown.en)"))
        }
    }
}
