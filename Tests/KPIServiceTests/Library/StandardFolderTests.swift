import Foundation
import KPICore
import KPIIngest
import KPIService
import Testing

/// Small folders of CSV files in the shape of the standard model, with what real ones have wrong.
@Suite("Folders of the standard model")
struct StandardFolderTests {
    private static let people = [
        "org_units": """
        org_unit_id,name,unit_kind,parent_org_unit_id,valid_from
        CO,Company,company,,2024-01-01
        T1,Desk one,team,CO,2024-01-01
        T2,Desk two,team,CO,2025-03-01
        """,
        "employees": "employee_id,job_role,hired_on\nE1,agent,2024-01-01\n",
        "assignments": """
        assignment_id,employee_id,org_unit_id,valid_from,valid_to
        A1,E1,T1,2024-01-01,2025-03-15
        A2,E1,T2,2025-03-15,
        """,
    ]
    private static let sales = [
        "orders": "order_id,placed_at,employee_id\nO1,2025-01-05,E1\nO2,2025-03-05,E1\n",
        "order_lines": """
        order_line_id,order_id,line_kind,net_amount,recognised_at
        L1,O1,product,10,2025-01-05
        L2,O2,product,30,2025-03-05
        """,
        "plans": """
        plan_id,plan_item,org_unit_id,period_start,period_end,planned_value
        B1,sales_revenue,T1,2025-01-01,2025-02-01,100
        B2,sales_revenue,T2,2025-01-01,2025-02-01,100
        """,
    ]

    /// `KPI period team value`, `-` for none.
    private func cells(
        _ files: [String: String], _ kpi: String, from: String, to: String, asOf: String? = nil
    ) async throws -> [String] {
        let scratch = try ScratchWorkspace()
        for (name, text) in files { try scratch.write(text + "\n", to: "data/\(name).csv") }
        let (folder, data) = (scratch.folder + "/w", scratch.folder + "/data")
        _ = try StandardWorkspace.write(to: folder, data: data)
        let company = try await Company.open(folder)
        _ = try await Loader(warehouse: company.warehouse, dataFolder: data).load()
        var words = QuestionText()
        (words.kpis, words.grains, words.groupings) = ([kpi], ["month"], ["team"])
        (words.from, words.to, words.asOf) = (from, to, asOf)
        let question = try QuestionReader(company.workspace).question(words)
        return try await company.compute(question).cells.map { key, cell in
            let value = cell.value.number.map { "\(Int(($0 * 100).rounded()))" } ?? "-"
            return "\(key.period) \(key.members["team"] ?? "*") \(value)"
        }.sorted()
    }

    @Test("A unit that does not exist yet has no cell, though a plan names it")
    func unitsOfPlans() async throws {
        let files = Self.people.merging(Self.sales) { $1 }
        let found = try await cells(
            files, "sales-target-attainment-rate", from: "2025-01", to: "2025-03")
        #expect(found.contains("2025-01 T1 10"))
        #expect(!found.contains { $0.hasPrefix("2025-01 T2") || $0.hasPrefix("2025-02 T2") })
        #expect(found.contains { $0.hasPrefix("2025-03 T2") })
    }

    @Test("A row whose parent is missing is set aside before ranges are compared")
    func quarantineBeforeRanges() async throws {
        var files = Self.people.merging(Self.sales) { $1 }
        files["assignments"]! += "\nA3,E1,NOUNIT,2024-06-01,"
        let found = try await cells(files, "sales-revenue", from: "2025-01", to: "2025-01")
        #expect(found.contains("2025-01 T1 1000"))
    }

    @Test("Who a record belongs to is what was recorded by as-of")
    func attributionAtAsOf() async throws {
        var files = Self.people
        files["feedback"] = """
            feedback_id,feedback_kind,employee_id,received_at,occurred_at,is_valid,duplicate_of_feedback_id
            F1,complaint,E1,2025-03-10 09:00,2025-03-20 09:00,,
            """
        files["coverage"] = "entity,covered_from,covered_to\nfeedback,2025-01-01,2025-05-01"
        let kpi = "customer-feedback-volume"
        let before = try await cells(
            files, kpi, from: "2025-03", to: "2025-03", asOf: "2025-03-12")
        #expect(before.contains("2025-03 T1 100") && !before.contains("2025-03 T2 100"))
        let after = try await cells(files, kpi, from: "2025-03", to: "2025-03")
        #expect(after.contains("2025-03 T2 100") && !after.contains("2025-03 T1 100"))
    }
}
