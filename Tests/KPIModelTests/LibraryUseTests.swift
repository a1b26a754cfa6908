import Foundation
import KPICore
import KPIModel
import Testing

/// What a workspace takes from the library with `library:`, `extends:` and `coverage.yaml`.
@Suite struct LibraryUseTests {
    private static let settings = Folder.settings + "library: true\n"
    private static let some = Folder.settings + "library: [net-promoter-score, sales-revenue]\n"
    private static let units = """
        source: units
        dataset: org_units
        files: units.csv
        columns: {org_unit_id: id, name: name, unit_kind: kind, valid_from: from}

        """

    private func workspace(_ files: [String: String]) throws -> Workspace {
        let folder = try Folder(files)
        let (workspace, findings) = WorkspaceReader.read(folder.path)
        #expect(findings.filter { $0.severity == .error }.map { $0.text() } == [])
        return try #require(workspace)
    }

    @Test func allOfTheLibraryIsThereWithoutACopy() throws {
        let library = try Library.workspace()
        let own = try workspace(["plumbline.yaml": Self.settings])
        #expect(own.datasets.map(\.id) == library.datasets.map(\.id))
        #expect(own.cards.map(\.id) == library.cards.map(\.id))
        #expect(own.calendar.working != nil)
    }

    @Test func aListChoosesCards() throws {
        let own = try workspace(["plumbline.yaml": Self.some])
        #expect(Set(own.cards.map(\.id)) == ["net-promoter-score", "sales-revenue"])
        #expect(own.datasets.count == (try Library.workspace()).datasets.count)
        let none = try workspace(["plumbline.yaml": Folder.settings + "library: false\n"])
        #expect(none.datasets.isEmpty && none.cards.isEmpty)
    }

    @Test func anUnknownCardOfTheListIsFound() throws {
        let folder = try Folder([
            "plumbline.yaml": Folder.settings + "library:\n  - net-promoter-scor\n"
        ])
        #expect(folder.found == ["plumbline.yaml:5:5 KPI0401"])
        #expect(folder.findings[0].text().contains("‘net-promoter-score’"))
    }

    @Test func aDatasetAndACardOfOnesOwnReplaceThoseOfTheLibrary() throws {
        let own = try workspace([
            "plumbline.yaml": Folder.settings + "library: [net-promoter-score]\n",
            "datasets/alerts.yaml": "dataset: alerts\ncolumns: {id: text}\n",
            "kpis/own.yaml": """
            kpis:
              - id: net-promoter-score
                label: mine
                formula: nps_promoters ÷ nps_answers

            """,
        ])
        #expect(own.dataset("alerts")?.columns.map(\.name) == ["id"])
        #expect(own.datasets.filter { $0.id == "alerts" }.count == 1)
        #expect(own.cards.map(\.label.en) == ["mine"])
    }

    @Test func anExtensionSaysOnlyWhatDiffers() throws {
        let own = try workspace([
            "plumbline.yaml": Self.settings,
            "datasets/leads.yaml": """
            dataset: leads
            extends: library
            label: {zh: 名单, en: Prospects}
            columns:
              converted_at:
                type: timestamp
                of: related(opportunities, min(closed_at), lead_id = this.lead_id)
              city: text
            dimensions: {city: city}

            """,
        ])
        let base = try #require(try Library.workspace().dataset("leads"))
        let leads = try #require(own.dataset("leads"))
        #expect(leads.label.en == "Prospects")
        #expect(leads.columns.map(\.name) == base.columns.map(\.name) + ["city"])
        #expect(leads.column("converted_at")?.computed != nil)
        #expect(leads.dimensions.map(\.id).filter { base.dimension($0) == nil } == ["city"])
        #expect(leads.measures.map(\.id) == base.measures.map(\.id))
        #expect(own.card("lead-to-customer-conversion-rate") != nil)
    }

    @Test func anExtensionIsOfADatasetThatTheLibraryHas() throws {
        let columns = "columns: {id: text}\n"
        let folder = try Folder([
            "plumbline.yaml": Self.settings,
            "datasets/a.yaml": "dataset: lead\nextends: library\n" + columns,
            "datasets/b.yaml": "dataset: leads\nextends: model\n" + columns,
        ])
        #expect(folder.found.contains("datasets/a.yaml:2:10 KPI0210"))
        #expect(folder.found.contains("datasets/b.yaml:2:10 KPI0206"))
        let alone = try Folder([
            "plumbline.yaml": Folder.settings,
            "datasets/a.yaml": "dataset: leads\nextends: library\n" + columns,
        ])
        #expect(alone.found == ["datasets/a.yaml:2:10 KPI0210"])
    }

    /// A column that cards of the library need is left out: the finding stands in the library's file.
    @Test func findingsNameTheFileTheyAreIn() throws {
        let folder = try Folder([
            "plumbline.yaml": Folder.settings + "library: [net-promoter-score]\n",
            "datasets/survey_answers.yaml": "dataset: survey_answers\ncolumns: {id: text}\n",
            "datasets/leads.yaml": """
            dataset: leads
            extends: library
            measures:
              more: {aggregate: cuont()}

            """,
        ])
        let files = Set(folder.findings.compactMap { $0.place?.file })
        #expect(files.contains("\(Library.folder)/kpis/marketing.yaml"))
        #expect(folder.found.contains { $0.hasPrefix("datasets/leads.yaml:4:") })
        #expect(files.allSatisfy { FileManager.default.fileExists(atPath: place($0, folder)) })
    }

    private func place(_ file: String, _ folder: Folder) -> String {
        file.hasPrefix("/") ? file : "\(folder.path)/\(file)"
    }

    @Test func theOrganisationOfTheLibraryIsUsedWhereASourceBringsUnits() throws {
        let without = try workspace(["plumbline.yaml": Self.settings])
        #expect(without.organisation == nil)
        #expect(without.dataset("tickets")?.dimension("team") == nil)
        #expect(without.cards.allSatisfy { !$0.breakdowns.contains("team") })
        let with = try workspace([
            "plumbline.yaml": Self.settings, "sources/units.yaml": Self.units,
        ])
        #expect(with.organisation?.levelNames == ["company", "department", "team", "person"])
        #expect(with.card("sales-revenue")?.breakdowns.contains("team") == true)
        let own = try workspace([
            "plumbline.yaml": Self.settings, "sources/units.yaml": Self.units,
            "organization.yaml": """
            company: Mine
            people: assignments
            person: employee_id
            units: org_units
            levels:
              department: department
              team: team

            """,
        ])
        #expect(own.organisation?.company.en == "Mine")
    }

    @Test func coverageIsDeclaredInAFileOfItsOwn() throws {
        let own = try workspace([
            "plumbline.yaml": Self.settings,
            "coverage.yaml": """
            leads: {from: 2017-06-01, to: 2018-06-01}
            opportunities:
              closed_at: [{from: 2017-01-01, to: 2017-02-01}, {from: 2017-03-01, to: 2018-01-01}]

            """,
        ])
        let leads = try #require(own.dataset("leads"))
        #expect(Set(leads.coverage.keys) == Set(leads.timeColumns))
        #expect(leads.coverage["converted_at"]?.to == CivilDate("2018-06-01"))
        let closed = own.dataset("opportunities")?.coverage
        #expect(closed?.keys.map { $0 } == ["closed_at"])
        #expect(closed?["closed_at"]?.gaps.count == 1)
    }

    @Test func coverageThatCannotBeMeantIsFound() throws {
        let folder = try Folder([
            "plumbline.yaml": Folder.settings,
            "datasets/deals.yaml": Folder.deals
                + "coverage: {from: 2025-01-01, to: 2026-01-01}\n",
            "coverage.yaml": """
            deals: {from: 2025-01-01}
            deal: {from: 2025-01-01}

            """,
        ])
        #expect(folder.found == ["coverage.yaml:1:1 KPI0209", "coverage.yaml:2:1 KPI0210"])
    }
}
