import KPICore
import KPIFormula
import KPIIngest
import KPIModel
import KPIQuery
import KPIService
import TestSupport
import Testing

/// A formula in both languages.
private struct Twin {
    let zh: String
    let en: String

    /// A random formula of counts and their quotients.
    static func random(_ random: inout SplitMix) -> Twin {
        switch random.int(0...3) {
        case 0:
            let (a, b) = (count(3, &random), count(3, &random))
            return Twin(zh: "(\(a.zh)) ÷ (\(b.zh)) × 100%", en: "(\(a.en)) / (\(b.en)) * 100%")
        case 1:
            return Twin(zh: "占比(件数，渠道)", en: "share(pieces, channel)")
                .beside(count(2, &random), random.pick(["<", "≥", "≠"]))
        default: return count(4, &random)
        }
    }

    /// One of two counts, by how the twin compares with zero.
    private func beside(_ other: Twin, _ sign: String) -> Twin {
        let english = ["<": "<", "≥": ">=", "≠": "!="][sign]!
        return Twin(
            zh: "如果(\(zh) \(sign) 50% 且 \(other.zh) 非空，\(other.zh)，空)",
            en: "if(\(en) \(english) 0.5 and \(other.en) is present, \(other.en), missing)")
    }

    private static func count(_ depth: Int, _ random: inout SplitMix) -> Twin {
        if depth == 0 { return leaf(&random) }
        let a = count(depth - 1, &random)
        switch random.int(0...8) {
        case 0: return join(a, "+", "+", count(depth - 1, &random))
        case 1: return join(a, "−", "-", count(depth - 1, &random))
        case 2: return Twin(zh: "上期(\(a.zh))", en: "previous(\(a.en))")
        case 3: return Twin(zh: "累计（\(a.zh)，年）", en: "to_date(\(a.en), year)")
        case 4: return Twin(zh: "滚动(\(a.zh), 3, 月)", en: "rolling(\(a.en), 3, month)")
        case 5:
            let b = count(depth - 1, &random)
            return Twin(zh: "取大(\(a.zh), \(b.zh))", en: "greatest(\(a.en), \(b.en))")
        case 6: return Twin(zh: "首个有值(\(a.zh), 0)", en: "coalesce(\(a.en), 0)")
        case 7: return Twin(zh: "去年同期(\(a.zh))", en: "year_ago(\(a.en))")
        default: return leaf(&random)
        }
    }

    private static func join(_ a: Twin, _ zh: String, _ en: String, _ b: Twin) -> Twin {
        Twin(zh: "(\(a.zh) \(zh) \(b.zh))", en: "(\(a.en) \(en) \(b.en))")
    }

    private static func leaf(_ random: inout SplitMix) -> Twin {
        let twins = [
            Twin(zh: "商机数", en: "deals"), Twin(zh: "件数", en: "pieces"),
            Twin(zh: "负责人数", en: "kinds"),
            Twin(zh: "商机数【渠道 = “web”】", en: "deals[channel = \"web\"]"),
            Twin(
                zh: "件数[大区 属于 (\"North\"、\"South\")]",
                en: "pieces[region in (\"North\", \"South\")]"),
            Twin(zh: "件数[非 大小 为空]", en: "pieces[not size is missing]"),
        ]
        return random.pick(twins)
    }
}

struct TwinTests {
    private static let seed: UInt64 = 2026

    @Test("A formula and its twin in the other language have one plan and one version")
    func twins() async throws {
        var random = SplitMix(seed: Self.seed)
        let twins = (0..<200).map { _ in Twin.random(&random) }
        let cards = twins.enumerated().flatMap { index, twin in
            [
                RandomCompany.card("zh-\(index)", twin.zh),
                RandomCompany.card("en-\(index)", twin.en),
            ]
        }
        let scratch = try ScratchWorkspace()
        try RandomCompany(seed: Self.seed).write(to: scratch, cards: cards)
        let company = try await scratch.loaded()
        let planner = Planner(
            workspace: company.workspace, facts: try await company.warehouse.facts())
        for (index, twin) in twins.enumerated() {
            let plans = try ["zh", "en"].map { language in
                try planner.plan(
                    Question(
                        kpis: ["\(language)-\(index)"], grains: [.month],
                        groupings: [[], ["channel"]]))
            }
            let statements = plans.map { $0.scans.map(\.statement) }
            #expect(statements[0] == statements[1], "seed \(Self.seed), \(twin)")
            let versions = plans.map { plan in
                Company.version(of: plan.kpis[0].card, in: company.workspace)
            }
            #expect(versions[0] == versions[1], "seed \(Self.seed), \(twin)")
        }
    }

    @Test("Different formulas have different versions, equal ones the same")
    func versions() throws {
        let scratch = try ScratchWorkspace()
        let formulas = [
            "deals", "pieces", "deals + pieces", "pieces + deals", "previous(deals)",
            "50% × deals", "0.5 * deals", "0.50 × deals",
        ]
        let cards = formulas.enumerated().map { RandomCompany.card("f-\($0)", $1) }
        try RandomCompany(seed: 1).write(to: scratch, cards: cards)
        let workspace = try Company.read(scratch.folder)
        let versions = formulas.indices.map { index in
            Company.version(of: workspace.card("f-\(index)")!, in: workspace)
        }
        #expect(Set(versions).count == formulas.count - 2)
        #expect(versions[5] == versions[6] && versions[6] == versions[7])
    }
}
