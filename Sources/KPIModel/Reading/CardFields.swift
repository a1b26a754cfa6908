import Foundation
import KPICore
import KPIFormula
import Yams

/// What a card says beside its formula.
struct CardFields {
    let workspace: Workspace
    let fields: [String: Field]
    /// Levels of an organisation that is not there: no breakdowns, and no mistakes.
    let absentLevels: Set<String>
    /// Whether the breakdowns are those of the card that this one extends, and may be of another dataset.
    let inheritsBreakdowns: Bool

    /// Fills a card that has its formula and parameters.
    func read(into card: inout Card) {
        describe(&card)
        assess(&card)
        Self.checkParameters(card, fields["parameters"], workspace)
        if let collector = card.collector, collector == card.verifier {
            fields["verifier"]?.report(.collectorVerifies(collector))
        }
    }

    // MARK: Description

    private func describe(_ card: inout Card) {
        card.code = fields["code"]?.string
        card.description = fields["description"]?.bilingual
        card.purpose = fields["purpose"]?.bilingual
        card.departments = fields["department"]?.strings ?? []
        card.category = fields["category"]?.bilingual
        card.objective = fields["objective"]?.bilingual
        card.successFactor = fields["success_factor"]?.bilingual
        card.form = fields["form"]?.bilingual
        card.basis = fields["basis"]?.bilingual
        card.assessed = fields["assessed"]?.string
        card.controlledBy = fields["controlled_by"]?.string
        card.collector = fields["collector"]?.string
        card.verifier = fields["verifier"]?.string
        card.source = fields["source"]?.bilingual
        card.provenance = fields["provenance"]?.string
        card.requiredProvenance = fields["requires_provenance"].flatMap(DatasetReader.provenance)
        card.notes = fields["notes"]?.bilingual
        card.versionLabel = fields["version"]?.string
    }

    // MARK: Assessment

    private func assess(_ card: inout Card) {
        card.direction =
            fields["direction"]?.choice(["higher": .higher, "lower": .lower, "range": .range])
            ?? .higher
        card.target = fields["target"].flatMap { threshold($0, card) }
        card.attention = fields["attention"].flatMap { threshold($0, card) }
        card.targetBasis = fields["target_basis"]?.choice([
            "fixed": .fixed, "industry": .industry, "strategy": .strategy, "campaign": .campaign,
        ])
        card.period = fields["period"]?.choice([
            "day": .day, "week": .week, "month": .month, "quarter": .quarter, "half": .half,
            "year": .year,
        ])
        card.use = (fields["use"].flatMap(uses)) ?? []
        card.life =
            fields["state"]?.choice([
                "draft": .draft, "pilot": .pilot, "active": .active, "suspended": .suspended,
                "retired": .retired,
            ]) ?? .active
        card.variant = fields["variant"]?.string
        card.aspect = fields["aspect"]?.choice(["efficiency": .efficiency, "quality": .quality])
        card.minimumRecords = fields["min_n"]?.integer(in: 1...1_000_000)
        card.awaits = fields["awaits"]?.bilingual
        card.companions = fields["companions"].map(companions) ?? []
        card.breakdowns = fields["breakdowns"].map { breakdowns($0, card) } ?? []
    }

    /// Measures by their ids.
    private func companions(_ field: Field) -> [MeasureUse] {
        (field.strings ?? []).compactMap { name in
            let owners = workspace.datasets.filter { $0.measure(name) != nil }
            guard owners.count == 1 else {
                let known = workspace.datasets.flatMap { $0.measures.map(\.id) }
                field.report(.unknownName(name, closest: NearMatch.closest(to: name, among: known)))
                return nil
            }
            return MeasureUse(dataset: owners[0].id, measure: name)
        }
    }

    /// Each must be one of a measure of the formula.
    static func checkParameters(_ card: Card, _ field: Field?, _ workspace: Workspace) {
        guard let field, card.formula.node != .missing else { return }
        let known = card.formula.node.measures.reduce(into: Set<String>()) { names, use in
            names.formUnion(workspace.measure(use).parameters.keys)
        }
        for (name, entry) in field.entries ?? [] where !known.contains(name) {
            entry.reportName(.unknownName(name, closest: NearMatch.closest(to: name, among: known)))
        }
    }

    private func uses(_ field: Field) -> [Card.Use] {
        let items: [Field]
        if case .sequence = field.node { items = field.list ?? [] } else { items = [field] }
        return items.compactMap {
            $0.choice(["daily": .daily, "management": .management, "appraisal": .appraisal])
        }
    }

    private func breakdowns(_ field: Field, _ card: Card) -> [String] {
        var names = (field.strings ?? []).filter { !absentLevels.contains($0) }
        for use in card.formula.node.measures {
            guard let dataset = workspace.dataset(use.dataset) else { continue }
            let hasAge = workspace.measure(use).entity?.cohort?.age != nil
            for name in names where dataset.dimension(name) == nil {
                if hasAge, name == Cohort.ageDimension { continue }
                if inheritsBreakdowns {
                    names.removeAll { $0 == name }
                    continue
                }
                field.report(
                    .unknownDimension(
                        name,
                        closest: NearMatch.closest(to: name, among: dataset.dimensions.map(\.id)),
                        known: dataset.dimensions.map(\.id)))
            }
        }
        return names
    }

    // MARK: Thresholds

    /// `>= 60%`, `< 24h`, `>= 4.5`, `60%..80%`.
    private func threshold(_ field: Field, _ card: Card) -> Threshold? {
        guard let text = field.string else { return nil }
        let compact = text.filter { $0 != " " }.replacing("≥", with: ">=").replacing(
            "≤", with: "<=")
        if let dots = compact.range(of: "..") {
            if let low = Self.amount(compact[..<dots.lowerBound], card.formula),
                let high = Self.amount(compact[dots.upperBound...], card.formula), low <= high
            {
                return Threshold(text: text, relation: .atLeast, bound: low, upper: high)
            }
        }
        for relation in [Threshold.Relation.atLeast, .atMost, .above, .below] {
            guard compact.hasPrefix(relation.rawValue) else { continue }
            if let bound = Self.amount(
                compact.dropFirst(relation.rawValue.count), card.formula)
            {
                return Threshold(text: text, relation: relation, bound: bound)
            }
        }
        if let bound = Self.amount(compact[...], card.formula) {
            let relation: Threshold.Relation = card.direction == .lower ? .atMost : .atLeast
            return Threshold(text: text, relation: relation, bound: bound)
        }
        field.report(
            .badValue(
                field: field.name, value: text,
                expected:
                    ">= 60%, < 24h, >= 4.5, 60%..80%; a rate with %, a duration with s, min, h or d",
                closest: []))
        return nil
    }

    /// A bound in base units. A percentage is written with `%` and a duration with its unit, for a bare
    /// `12` could be meant otherwise.
    private static func amount(_ text: Substring, _ formula: KPIFormula) -> Double? {
        let factors: [(String, Double)] = [
            ("%", 0.01), ("min", 60), ("h", 3600), ("d", 86_400), ("s", 1), ("", 1),
        ]
        for (suffix, factor) in factors where text.hasSuffix(suffix) {
            guard let number = ExactDecimal(text.dropLast(suffix.count)) else { continue }
            let isTime = ["min", "h", "d", "s"].contains(suffix)
            if number != ExactDecimal(0) {
                if isTime != (formula.unit == .duration) { return nil }
                if suffix.isEmpty, formula.isPercent, number > ExactDecimal(1) { return nil }
            }
            return suffix == "%"
                ? ExactDecimal(mantissa: number.mantissa, scale: number.scale + 2).doubleValue
                : number.doubleValue * factor
        }
        return nil
    }
}
