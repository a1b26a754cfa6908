import Foundation
import KPICore
import KPIIngest
import KPIModel
import Testing

/// What is proposed for a file from its headers and values.
struct MappingProposalTests {
    private func proposal(
        _ text: String, to dataset: String, kind: String = "csv"
    ) async throws -> MappingProposal {
        let path = Self.path(kind)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try await proposal(ofFile: path, to: dataset)
    }

    private func proposal(
        ofFile path: String, to dataset: String
    ) async throws -> MappingProposal {
        let library = try Library.workspace()
        let target = try #require(library.dataset(dataset))
        return try await MappingProposal.of(
            path, named: (path as NSString).lastPathComponent, to: target,
            zone: library.calendar.zone)
    }

    private static func path(_ kind: String) -> String {
        FileManager.default.temporaryDirectory.path + "/map-\(UUID().uuidString).\(kind)"
    }

    @Test("JSON lines have the keys of any record, a workbook the headers of its first sheet")
    func otherFormats() async throws {
        let lines = try await proposal(
            """
            {"ticket_id": "T1", "Opened": "2026-01-02T10:00:00"}
            {"ticket_id": "T2", "Opened": "2026-01-03T10:00:00", "Via": "Phone"}

            """, to: "tickets", kind: "jsonl")
        #expect(Set(lines.matches.map(\.column)) == ["ticket_id", "created_at", "channel"])
        #expect(lines.rows == 2 && lines.missing.isEmpty)
        let path = Self.path("xlsx")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await EmptyFile.write(["ticket_id", "created_at", "shoe size"], to: path)
        let sheet = try await proposal(ofFile: path, to: "tickets")
        #expect(sheet.matches.map(\.column) == ["ticket_id", "created_at"])
        #expect(sheet.unused == ["shoe size"])
        await #expect(throws: Diagnostics.self) {
            try await proposal(ofFile: "/nowhere/export.xlsx", to: "tickets")
        }
    }

    @Test("A spelling of a value of the model is that value")
    func spellings() async throws {
        let found = try await proposal(
            "ticket_id,created_at,channel\nT1,2026-01-02,Phone\nT2,2026-01-02,email\n",
            to: "tickets")
        let channel = try #require(found.matches.first { $0.column == "channel" })
        #expect(channel.values.map(\.from) == ["Phone"] && channel.values.map(\.to) == ["phone"])
        #expect(!channel.isCertain)
    }

    @Test("Headers of the standard model are certain")
    func standard() async throws {
        let found = try await proposal(
            "ticket_id,created_at,due_at\nT1,2026-01-02 10:00:00,2026-01-03\n", to: "tickets")
        #expect(found.matches.map(\.column) == ["ticket_id", "created_at", "due_at"])
        #expect(found.matches.map(\.isCertain) == [true, true, true])
        #expect(found.unused.isEmpty && found.missing.isEmpty)
    }

    @Test("Chinese headers, dates of another form and values in other words")
    func chinese() async throws {
        let found = try await proposal(
            """
            工单号,来源渠道,创建时间,是否加急,备注
            A1,电话,13/9/2026 08:05,是,x
            A2,在线客服,1/9/2026 09:05,否,

            """, to: "tickets")
        let byColumn = Dictionary(uniqueKeysWithValues: found.matches.map { ($0.column, $0) })
        #expect(byColumn["ticket_id"]?.header == "工单号")
        #expect(byColumn["created_at"]?.pattern == "d/m/yyyy HH:MM")
        #expect(byColumn["created_at"]?.isCertain == true)
        #expect(byColumn["channel"]?.isCertain == false)
        #expect(byColumn["channel"]?.values.map(\.to).sorted() == ["chat", "phone"])
        #expect(found.unused.contains("备注") && found.unused.contains("是否加急"))
        let yaml = found.yaml(.zh)
        #expect(yaml.contains("推测") && yaml.contains("创建时间"))
    }

    @Test("A day that could be a month is a guess, and values of another type are none")
    func doubts() async throws {
        let found = try await proposal(
            "order_id,placed_at,region\nO1,1/2/2026,North\nO2,3/4/2026,South\n", to: "orders")
        let placed = try #require(found.matches.first { $0.column == "placed_at" })
        #expect(!placed.isCertain && placed.doubt != nil)
        let wrong = try await proposal(
            "order_line_id,net_amount\nL1,many\nL2,few\n", to: "order_lines")
        #expect(!wrong.matches.contains { $0.column == "net_amount" })
        #expect(wrong.missing.contains("net_amount") && wrong.missing.contains("order_id"))
    }

    @Test("The proposal is a source that can be read")
    func readable() async throws {
        let found = try await proposal(
            "单号,创建时间,客户编号\nA1,2026/1/2 08:00,C1\n", to: "tickets")
        let folder = FileManager.default.temporaryDirectory.path + "/map-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for file in Library.files() {
            let target = URL(fileURLWithPath: folder + "/" + file)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(Library.text(file)!.utf8).write(to: target)
        }
        try FileManager.default.createDirectory(
            atPath: folder + "/sources", withIntermediateDirectories: true)
        try Data(found.yaml(.en).utf8).write(to: URL(fileURLWithPath: folder + "/sources/t.yaml"))
        let (workspace, findings) = WorkspaceReader.read(folder)
        #expect(findings.filter { $0.severity == .error }.isEmpty)
        #expect(
            workspace?.sources.first?.columns.map(\.column) == [
                "ticket_id", "customer_id", "created_at",
            ])
    }
}
