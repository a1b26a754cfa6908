import Foundation
import KPICore
import KPIModel
import Testing

/// Cards that say only what differs from one of the library, and choose one of its readings.
@Suite struct CardChoiceTests {
    private func folder(_ cards: String, library: String = "[net-promoter-score]") throws -> Folder
    {
        try Folder([
            "plumbline.yaml": Folder.settings + "library: \(library)\n", "kpis/own.yaml": cards,
        ])
    }

    private func card(_ id: String, _ cards: String) throws -> Card {
        let folder = try folder(cards)
        let (workspace, findings) = WorkspaceReader.read(folder.path)
        #expect(findings.filter { $0.severity == .error }.map { $0.text() } == [])
        return try #require(workspace?.card(id))
    }

    private func base(_ id: String) throws -> Card { try #require(Library.workspace().card(id)) }

    @Test func whatIsNotSaidIsThatOfTheLibrary() throws {
        let own = try card(
            "sales-revenue",
            "kpis:\n  - id: sales-revenue\n    extends: library\n    label: Turnover\n    target: '>= 100'\n"
        )
        let base = try base("sales-revenue")
        #expect(own.label.en == "Turnover" && own.target != nil)
        #expect(own.formulaText == base.formulaText && own.description == base.description)
    }

    @Test func aVariantIsChosen() throws {
        let own = try card(
            "churn-net",
            "kpis:\n  - id: churn-net\n    extends: customer-churn-rate\n    variant: net\n")
        let base = try base("customer-churn-rate")
        #expect(own.formulaText != base.formulaText)
        #expect(own.description == base.description)
    }

    /// Every reading that the library offers can be chosen, and the target of another unit is not kept.
    @Test func everyVariantCanBeChosen() throws {
        var cards = "kpis:\n"
        var ids: Set<String> = []
        for card in try Library.workspace().cards {
            for variant in card.variants {
                let id = try #require(variant.id)
                cards +=
                    "  - {id: \(card.id)-\(id), extends: \(card.id), variant: \(id)}\n"
                ids.insert("\(card.id)-\(id)")
            }
        }
        #expect(ids.count > 40)
        let folder = try folder(cards)
        let (workspace, findings) = WorkspaceReader.read(folder.path)
        #expect(findings.filter { $0.severity == .error }.map { $0.text() } == [])
        #expect(ids.isSubset(of: workspace?.cards.map(\.id) ?? []))
    }

    @Test func whatTheLibraryDoesNotHaveIsFound() throws {
        let folder = try folder(
            """
            kpis:
              - {id: a, extends: customer-churn-rat}
              - {id: b, extends: customer-churn-rate, variant: nett}

            """)
        #expect(folder.found == ["kpis/own.yaml:2:22 KPI0401", "kpis/own.yaml:3:52 KPI0207"])
        #expect(folder.findings[0].text().contains("customer-churn-rate"))
        #expect(folder.findings[1].text().contains("net"))
    }

    /// A card whose formula names another brings it along, also one that is only extended.
    @Test func whatAFormulaNamesComesWithIt() throws {
        let listed = try folder("kpis: []\n", library: "[satisfaction-fluctuation]")
        let both: Set = ["satisfaction-fluctuation", "customer-satisfaction-rate"]
        let workspace = WorkspaceReader.read(listed.path).workspace
        #expect(Set(workspace?.cards.map(\.id) ?? []) == both)
        let extended = try card(
            "swing", "kpis:\n  - {id: swing, extends: satisfaction-fluctuation, variant: points}\n")
        #expect(!extended.formula.node.measures.isEmpty)
    }

    // MARK: Balance

    @Test func aDepartmentWatchedBySpeedAloneIsWarned() throws {
        let fast = try folder(
            "kpis: []\n", library: "[first-response-time, ticket-volume, service-level]")
        #expect(fast.findings.map(\.code) == ["KPI0235"])
        #expect(fast.findings.map(\.severity) == [.warning])
        let balanced = try folder(
            "kpis: []\n",
            library: "[first-response-time, ticket-volume, first-contact-resolution-rate]")
        #expect(balanced.findings.map(\.code) == [])
    }

    @Test func aCardSaysWhichSideItIsOn() throws {
        let own = try folder(
            "kpis:\n  - {id: ticket-volume, extends: library, aspect: quality}\n",
            library: "[first-response-time, ticket-volume]")
        #expect(own.findings.map(\.code) == [])
    }
}
