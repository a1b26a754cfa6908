import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIService
import Testing

/// A workspace on the standard model for a folder of files, made once and grown with the folder.
@Suite("A workspace on the standard model")
struct StandardWorkspaceTests {
    private static let leads = "lead_id,created_at\nL1,2026-01-05 10:00:00\n"

    private func folders() throws -> (scratch: ScratchWorkspace, target: String, data: String) {
        let scratch = try ScratchWorkspace()
        try scratch.write(Self.leads, to: "data/leads.csv")
        return (scratch, scratch.folder + "/w", scratch.folder + "/data")
    }

    private func sources(_ target: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: target + "/sources").sorted()
    }

    @Test("It has a source for each file, and says what it does without")
    func made() throws {
        let (scratch, target, data) = try folders()
        try scratch.write(
            "lead_id,created_at,shoe_size\nL1,2026-01-05 10:00:00,43\n", to: "data/leads.csv")
        let report = try StandardWorkspace.write(to: target, data: data)
        #expect(try sources(target) == ["leads.yaml"])
        #expect(report.ignored.map(\.file) == ["leads.csv"])
        #expect(report.ignored.map(\.headers) == [["shoe_size"]])
        #expect(report.absent.count == 39 && !report.absent.contains("leads"))
        #expect(try Company.read(target).coverageFile == nil)
        withExtendedLifetime(scratch) {}
    }

    @Test("Sources of records kept by hand say how these are signed off")
    func keptByHand() throws {
        let (scratch, target, data) = try folders()
        try scratch.write(
            "market_size_id,period_start,period_end,market_value\n", to: "data/market_sizes.csv")
        _ = try StandardWorkspace.write(to: target, data: data)
        let text = try scratch.read("w/sources/market_sizes.yaml")
        #expect(text.contains("# sign_off: {collector:"))
        #expect(try !scratch.read("w/sources/leads.yaml").contains("sign_off"))
        let signed = text.replacing("# sign_off", with: "sign_off")
        try scratch.write(signed, to: "w/sources/market_sizes.yaml")
        let source = try Company.read(target).sources.first { $0.dataset == "market_sizes" }
        #expect(source?.keeper == "who keeps it")
    }

    @Test(
        "Again: files, columns and coverage that came since are added, and nothing else is touched")
    func again() throws {
        let (scratch, target, data) = try folders()
        _ = try StandardWorkspace.write(to: target, data: data)
        try scratch.write("kpis: []\n", to: "w/kpis/own.yaml")
        let idle = try StandardWorkspace.write(to: target, data: data)
        #expect(idle.files.isEmpty && idle.unmapped.isEmpty)

        try scratch.write(
            "lead_id,created_at,channel\nL1,2026-01-05 10:00:00,web\n", to: "data/leads.csv")
        try scratch.write(
            "customer_id,created_at\nC1,2026-01-05 10:00:00\n", to: "data/customers.csv")
        try scratch.write(
            "entity,covered_from,covered_to\nleads,2026-01-01,2026-02-01\n", to: "data/coverage.csv"
        )
        let grown = try StandardWorkspace.write(to: target, data: nil)
        #expect(grown.files == ["plumbline.yaml", "sources/customers.yaml", "sources/leads.yaml"])
        let workspace = try Company.read(target)
        #expect(workspace.coverageFile == "coverage.csv")
        let leads = try #require(workspace.sources.first { $0.dataset == "leads" })
        #expect(leads.columns.map(\.column).contains("channel"))
        #expect(try scratch.read("w/kpis/own.yaml") == "kpis: []\n")
    }

    @Test("A source that was changed by hand stays as it is; the columns it lacks are told")
    func edited() throws {
        let (scratch, target, data) = try folders()
        _ = try StandardWorkspace.write(to: target, data: data)
        let own = try scratch.read("w/sources/leads.yaml") + "# mine\n"
        try scratch.write(own, to: "w/sources/leads.yaml")
        try scratch.write(
            "lead_id,created_at,channel\nL1,2026-01-05 10:00:00,web\n", to: "data/leads.csv")
        let report = try StandardWorkspace.write(to: target, data: data)
        #expect(report.files.isEmpty)
        #expect(report.unmapped.map(\.headers) == [["channel"]])
        #expect(try scratch.read("w/sources/leads.yaml") == own)
    }

    @Test(
        "Another workspace, another folder of data, a file without its key: refused, nothing written"
    )
    func refusals() throws {
        let (scratch, target, data) = try folders()
        _ = try StarterWorkspace.write(to: scratch.folder + "/other")
        #expect(throws: Diagnostics.self) {
            try StandardWorkspace.write(to: scratch.folder + "/other", data: data)
        }
        _ = try StandardWorkspace.write(to: target, data: data)
        #expect(throws: Diagnostics.self) {
            try StandardWorkspace.write(to: target, data: scratch.folder + "/elsewhere")
        }
        try scratch.write("customer,created_at\nC1,2026-01-05\n", to: "data/customers.csv")
        #expect(throws: Diagnostics.self) { try StandardWorkspace.write(to: target, data: data) }
        #expect(try sources(target) == ["leads.yaml"])
    }
}
