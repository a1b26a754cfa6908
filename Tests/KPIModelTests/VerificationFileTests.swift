import KPICore
import KPIModel
import Testing

/// `verifications/*.yaml`.
@Suite struct VerificationFileTests {
    private func folder(_ verification: String) throws -> Folder {
        let folder = try Folder.cards(
            "kpis:\n  - {id: won-revenue, label: Won revenue, formula: revenue}\n"
                + "  - {id: won-share, label: share, formula: won ÷ count}\n")
        try folder.write(
            "datasets/deals.yaml", Folder.deals + "  count: {aggregate: count()}\n")
        try folder.write("verifications/a.yaml", verification)
        return folder
    }

    private static let sound = """
        verification: two-books
        label: {zh: 两本账, en: Two books}
        left: {kpi: won-revenue}
        right: {formula: won_revenue + revenue, label: {zh: 右, en: right}}
        by: [stage]
        grain: quarter
        tolerance: 5%
        collector: sales
        verifier: finance
        records: deals

        """

    @Test func sidesAreKPIsOrFormulas() throws {
        let folder = try folder(Self.sound)
        #expect(folder.found == [])
        let workspace = try #require(WorkspaceReader.read(folder.path).workspace)
        let verification = try #require(workspace.verification("two-books"))
        #expect(verification.left.id == "won-revenue")
        #expect(verification.right.label.en == "right")
        #expect(verification.right.formula.node.measures.map(\.measure) == ["revenue"])
        #expect(verification.tolerance == .share(0.05))
        #expect(verification.grain == .quarter && verification.by == ["stage"])
        #expect(verification.direction == .equal && verification.records == "deals")
        // A side is no card of the workspace.
        #expect(workspace.cards.map(\.id) == ["won-revenue", "won-share"])
    }

    private func changed(_ from: String, _ to: String) throws -> [String] {
        try folder(Self.sound.replacing(from, with: to)).found
    }

    @Test func whoCollectsDoesNotVerify() throws {
        #expect(
            try changed("verifier: finance", "verifier: Sales")
                == ["verifications/a.yaml:9:11 KPI0233"])
        #expect(
            try changed("verifier: finance\n", "") == ["verifications/a.yaml:1:1 KPI0205"])
    }

    @Test func whatIsWrongIsSaidWhereItStands() throws {
        #expect(
            try changed("kpi: won-revenue", "kpi: won-revenues")
                == ["verifications/a.yaml:3:13 KPI0401"])
        #expect(
            try changed("won_revenue + revenue", "revenu")
                == ["verifications/a.yaml:4:18 KPI0107"])
        #expect(
            try changed("won_revenue + revenue", "won")
                == ["verifications/a.yaml:4:8 KPI0234"])
        #expect(try changed("[stage]", "[stag]") == ["verifications/a.yaml:5:5 KPI0402"])
        #expect(try changed("quarter", "fortnight") == ["verifications/a.yaml:6:8 KPI0207"])
        #expect(try changed("5%", "2h") == ["verifications/a.yaml:7:12 KPI0207"])
        #expect(try changed("5%", "-5") == ["verifications/a.yaml:7:12 KPI0207"])
        #expect(
            try changed("records: deals", "records: deal") == ["verifications/a.yaml:10:10 KPI0210"]
        )
        #expect(
            try changed("left: {kpi: won-revenue}\n", "") == ["verifications/a.yaml:1:1 KPI0205"])
        #expect(
            try changed("{kpi: won-revenue}", "{label: x}") == ["verifications/a.yaml:3:7 KPI0205"])
        #expect(
            try changed("verification: two-books", "verification: Two") == [
                "verifications/a.yaml:1:15 KPI0208"
            ])
    }

    @Test func sidesThatMoveTogetherMayHaveOtherUnits() throws {
        let text = Self.sound.replacing("won_revenue + revenue", with: "won")
        #expect(try folder(text + "direction: both_rise\n").found == [])
        #expect(
            try folder(text + "direction: up\n").found.map { $0.suffix(7) } == [
                "KPI0234", "KPI0207",
            ])
    }

    @Test func tolerancesAreInTheUnitOfTheSide() throws {
        func tolerance(_ left: String, _ text: String) throws -> Verification.Tolerance? {
            let folder = try folder(
                Self.sound.replacing("won-revenue", with: left)
                    .replacing("won_revenue + revenue", with: left.replacing("-", with: "_"))
                    .replacing("5%", with: text))
            return WorkspaceReader.read(folder.path).workspace?.verifications.first?.tolerance
        }
        #expect(try tolerance("won-revenue", "1000") == .amount(1000))
        #expect(try tolerance("won-share", "3 points") == .amount(0.03))
        #expect(try tolerance("won-share", "2.5 %") == .share(0.025))
        #expect(Verification.Tolerance.share(0.1).amount(of: -50) == 5)
    }

    @Test func aCardWithAnErrorIsReportedOnce() throws {
        let folder = try folder(Self.sound)
        try folder.write(
            "kpis/all.yaml", "kpis:\n  - {id: won-revenue, label: Won revenue, formula: revenu}\n")
        #expect(folder.found.map { $0.prefix(13) } == ["kpis/all.yaml"])
    }

    @Test func anIdStandsOnce() throws {
        let folder = try folder(Self.sound)
        try folder.write("verifications/b.yaml", Self.sound)
        #expect(folder.found == ["verifications/b.yaml:1:15 KPI0209"])
    }
}
