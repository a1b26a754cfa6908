import KPICore
import KPIFormula

/// Reads `verifications/*.yaml`: one verification in each file.
struct VerificationReader {
    private struct Draft {
        var id: String
        var root: Field
        var fields: [String: Field]
        var sides: [String: (field: Field, fields: [String: Field])]
    }

    private var drafts: [Draft] = []
    private var places: [String: Place] = [:]

    private static let known = [
        "verification", "label", "description", "left", "right", "by", "grain", "tolerance",
        "direction", "collector", "verifier", "records",
    ]

    mutating func add(_ root: Field) {
        guard let fields = root.mapping(Self.known),
            let idField = root.required("verification", in: fields),
            let id = idField.identifier(kebab: true)
        else { return }
        if let first = places[id] {
            idField.report(.duplicate(kind: "verification", id: id, first: first.description))
            return
        }
        places[id] = idField.place
        var draft = Draft(id: id, root: root, fields: fields, sides: [:])
        for name in ["left", "right"] {
            guard let field = root.required(name, in: fields),
                let own = field.mapping(["kpi", "formula", "label"])
            else { continue }
            if own["kpi"] == nil, own["formula"] == nil { field.report(.missingField("kpi")) }
            if own["kpi"] != nil {
                own["formula"]?.reportName(.unknownField("formula", closest: []))
            }
            draft.sides[name] = (field, own)
        }
        drafts.append(draft)
    }

    /// Sides that are formulas, by ids that no card can have.
    var formulas: [(id: String, formula: FormulaScalar)] {
        drafts.flatMap { draft in
            draft.sides.sorted { $0.key < $1.key }.compactMap { name, side in
                side.fields["kpi"] == nil
                    ? side.fields["formula"]?.formula.map { (Self.side(draft.id, name), $0) } : nil
            }
        }
    }

    private static func side(_ id: String, _ name: String) -> String { "\(id)/\(name)" }

    /// - Parameters:
    ///   - formulas: of the sides that are formulas, those without errors.
    ///   - cards: ids of all cards; what is wrong with one is said where it stands.
    func resolve(
        _ workspace: Workspace, formulas: [String: KPIFormula], cards: [String]
    ) -> [Verification] {
        drafts.compactMap { verification($0, workspace, formulas, cards) }
    }

    private func verification(
        _ draft: Draft, _ workspace: Workspace, _ formulas: [String: KPIFormula],
        _ cards: [String]
    ) -> Verification? {
        let fields = draft.fields
        let left = card("left", of: draft, workspace, formulas, cards)
        let right = card("right", of: draft, workspace, formulas, cards)
        let collector = draft.root.required("collector", in: fields)?.string
        let verifier = draft.root.required("verifier", in: fields)?.string
        guard let collector, let verifier else { return nil }
        if CardProvenance.isSame(collector, verifier) {
            fields["verifier"]!.report(.verifierCollects(verifier))
        }
        guard let left, let right else { return nil }
        var verification = Verification(
            id: draft.id,
            label: fields["label"]?.bilingual ?? Bilingual(zh: draft.id, en: draft.id),
            left: left, right: right, collector: collector, verifier: verifier)
        verification.direction =
            fields["direction"]?.choice([
                "equal": .equal, "both_rise": .bothRise, "opposite": .opposite,
            ]) ?? .equal
        verification.grain =
            fields["grain"]?.choice([
                "day": .day, "week": .week, "month": .month, "quarter": .quarter, "half": .half,
                "year": .year,
            ]) ?? .month
        if let field = fields["tolerance"], let text = field.string {
            verification.toleranceText = text
            verification.tolerance = tolerance(field, left.formula.unit) ?? .share(0)
        }
        checkUnits(verification, fields["right"])
        verification.by = breakdowns(fields["by"], verification, workspace)
        verification.records = records(fields["records"], workspace)
        return verification
    }

    private func card(
        _ name: String, of draft: Draft, _ workspace: Workspace, _ formulas: [String: KPIFormula],
        _ cards: [String]
    ) -> Card? {
        guard let side = draft.sides[name] else { return nil }
        if let field = side.fields["kpi"] {
            guard let text = field.string else { return nil }
            let card = workspace.card(text)
            if card == nil, !cards.contains(text) {
                field.report(.unknownKPI(text, closest: NearMatch.closest(to: text, among: cards)))
            }
            return card
        }
        let id = Self.side(draft.id, name)
        guard let formula = formulas[id] else { return nil }
        let text = side.fields["formula"]?.string ?? ""
        return Card(
            id: id, label: side.fields["label"]?.bilingual ?? Bilingual(zh: text, en: text),
            formula: formula, formulaText: text)
    }

    private func checkUnits(_ verification: Verification, _ field: Field?) {
        let (left, right) = (verification.left.formula.unit, verification.right.formula.unit)
        if verification.direction == .equal, !left.isLike(right) {
            field?.report(.sidesDiffer(left.definition, right.definition))
        }
    }

    /// `5%` of the right side; else in the unit: `10000`, `2h`, of ratios `3 points`.
    private func tolerance(_ field: Field, _ unit: KPICore.Unit) -> Verification.Tolerance? {
        let text = (field.string ?? "").filter { $0 != " " }
        if text.hasSuffix("%"), let share = ExactDecimal(text.dropLast())?.doubleValue, share >= 0 {
            return .share(share / 100)
        }
        var factors: [(String, Double)] = [("", 1)]
        if unit == .duration { factors = [("min", 60), ("h", 3600), ("d", 86_400), ("s", 1)] }
        if unit == .ratio { factors = [("points", 0.01), ("点", 0.01)] }
        for (suffix, factor) in factors where text.hasSuffix(suffix) {
            let number = ExactDecimal(text.dropLast(suffix.count))?.doubleValue
            if let number, number >= 0 { return .amount(number * factor) }
        }
        field.report(
            .badValue(
                field: "tolerance", value: field.string ?? "",
                expected: "5%, 10000, 2h; of rates 3 points", closest: []))
        return nil
    }

    private func breakdowns(
        _ field: Field?, _ verification: Verification, _ workspace: Workspace
    ) -> [String] {
        let names = field?.strings ?? []
        let uses = [verification.left, verification.right].flatMap(\.formula.node.measures)
        for dataset in Set(uses.map(\.dataset)).sorted().compactMap(workspace.dataset) {
            let known = dataset.dimensions.map(\.id)
            for name in names where !known.contains(name) {
                field?.report(
                    .unknownDimension(
                        name, closest: NearMatch.closest(to: name, among: known), known: known))
            }
        }
        return names
    }

    private func records(_ field: Field?, _ workspace: Workspace) -> String? {
        guard let field, let name = field.string else { return nil }
        if workspace.dataset(name) == nil {
            let known = workspace.datasets.map(\.id)
            field.report(.unknownDataset(name, closest: NearMatch.closest(to: name, among: known)))
            return nil
        }
        return name
    }
}
