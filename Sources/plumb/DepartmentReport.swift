import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIQuery
import KPIReport
import KPIService

/// The KPIs of every department in the last full month: value, change, target.
struct DepartmentReport {
    let company: Company
    let language: Language

    func text() async throws -> String {
        let answer = try await company.compute(try await lastMonths())
        guard let month = lastFullMonth(answer) else {
            return say("还没有一个完整的月份", "there is no full month yet") + "\n"
        }
        var departments: [String] = []
        for card in company.workspace.cards {
            let name = card.departments.first ?? "—"
            if !departments.contains(name) { departments.append(name) }
        }
        var parts: [String] = []
        for department in departments {
            let cards = company.workspace.cards.filter {
                ($0.departments.first ?? "—") == department
            }
            let rows = cards.compactMap { card in
                answer.blocks.first { $0.kpi.id == card.id }.flatMap { row(card, $0, month) }
            }
            let table = TextTable(
                headers: headers(month, title(department)), rows: rows,
                alignment: [.left, .right, .right, .left, .left, .right])
            parts.append(table.text())
        }
        return parts.joined(separator: "\n")
    }

    /// All KPIs in the months that end with the one as-of lies in: one of them is full, and the one before it
    /// is what it is compared with.
    private func lastMonths() async throws -> Question {
        var question = try QuestionReader(company.workspace).question(QuestionText())
        let facts = try await company.warehouse.facts()
        let outline = try Planner(workspace: company.workspace, facts: facts).outline(question)
        question.asOf = outline.asOf
        question.from = outline.grains[0].frames.suffix(4).first?.begins
        return question
    }

    private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    private func title(_ department: String) -> String {
        let names = [
            "service": "客服", "sales": "销售", "marketing": "市场", "customer": "客户", "finance": "财务",
            "hr": "人力资源", "partner": "合作伙伴", "operations": "运营", "market-development": "市场开发",
            "performance-management": "绩效管理",
        ]
        if language == .zh { return names[department] ?? department }
        if department == "hr" { return "HR" }
        let words = department.replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    private func headers(_ month: String, _ department: String) -> [String] {
        [
            department, month, say("较上月", "change"), say("目标", "target"), say("达成", "met"),
            say("样本 n", "n"),
        ]
    }

    /// The latest month in which some KPI is final.
    private func lastFullMonth(_ answer: Answer) -> String? {
        let months = answer.blocks.flatMap { block in
            block.periods.indices.filter { block.state[$0] == .final }.map { block.periods[$0] }
        }
        return months.max()
    }

    private func row(_ card: Card, _ block: CellBlock, _ month: String) -> [String]? {
        guard let index = block.periods.firstIndex(of: month) else { return nil }
        let format = ValueFormat(block.kpi, language)
        let value = block.value[index]
        let hasValue = block.state[index].hasValue
        let number = block.value.numbers.double(index)
        return [
            card.label[language],
            hasValue ? format.text(value) : CellWords.status(block.state[index])[language],
            hasValue && index > 0 ? change(block, index) : "",
            card.target?.text ?? "",
            hasValue ? card.target.map { $0.isMet(by: number) ? "✓" : "✗" } ?? "" : "",
            block.n.map { ValueFormat.number($0[index]) } ?? "",
        ]
    }

    /// Percentage points for what is shown as percent, percent for everything else.
    private func change(_ block: CellBlock, _ index: Int) -> String {
        guard block.state[index - 1].hasValue else { return "" }
        let now = block.value.numbers.double(index)
        let before = block.value.numbers.double(index - 1)
        let isRate = block.kpi.isPercent
        guard isRate || before != 0 else { return "" }
        let change = isRate ? (now - before) * 100 : (now - before) / before * 100
        let tenths = (change * 10).rounded() / 10
        let sign = tenths > 0 ? "+" : tenths < 0 ? "−" : "±"
        return "\(sign)\(abs(tenths))" + (isRate ? say(" 点", " pt") : "%")
    }
}
