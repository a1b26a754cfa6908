import Foundation
import KPICore
import KPIFormula
import Yams

/// Reads `kpis/*.yaml` and resolves the formulas of all cards together.
struct CardReader {
    let workspace: Workspace
    let findings: Findings
    private var pending: [(id: String, root: Field, fields: [String: Field])] = []
    /// Cards whose breakdowns are those of the card that they extend, and may be of another dataset.
    private var inherits: Set<String> = []
    private var places: [String: Place] = [:]
    private var labels: [String: Bilingual] = [:]
    private var drafts: [String: FormulaResolver.Draft] = [:]
    /// Levels of the library's organisation, where it is not used: cards name them all the same.
    var absentLevels: Set<String> = []
    /// The cards of the library by their ids, for those that extend them.
    var bases: [String: Field] = [:]
    /// Formulas that are no card's, by id.
    private(set) var asides: [String: KPIFormula] = [:]

    init(workspace: Workspace, findings: Findings) {
        self.workspace = workspace
        self.findings = findings
    }

    static let known = [
        "id", "label", "code", "description", "purpose", "department", "category", "objective",
        "success_factor", "formula", "unit", "direction", "target", "attention", "target_basis",
        "period", "form", "breakdowns", "basis", "use", "assessed", "controlled_by", "collector",
        "verifier", "source", "provenance", "notes", "state", "version", "effective", "parameters",
        "earlier", "min_n", "companions", "awaits", "variants", "variant", "extends", "aspect",
        "requires_provenance",
    ]

    /// - Parameter isWanted: of the ids of cards; by default all.
    mutating func add(_ root: Field, where isWanted: (String) -> Bool = { _ in true }) {
        guard let fields = root.mapping(["kpis"]),
            let list = root.required("kpis", in: fields)?.list
        else { return }
        for card in list where isWanted(card.node["id"]?.string ?? "") { addCard(card) }
    }

    private mutating func addCard(_ card: Field) {
        guard let own = card.mapping(Self.known) else { return }
        guard let fields = CardChoice(bases: bases).fields(of: card, own) else { return }
        let isAwaited = fields["formula"] == nil && fields["awaits"] != nil
        let formulaField = isAwaited ? nil : card.required("formula", in: fields)
        if fields["label"] == nil { card.report(.missingField("label")) }
        guard let idField = card.required("id", in: fields),
            let id = idField.identifier(kebab: true)
        else { return }
        if let first = places[id] {
            idField.report(.duplicate(kind: "KPI", id: id, first: first.description))
            return
        }
        places[id] = idField.place
        labels[id] = fields["label"]?.bilingual ?? Bilingual(zh: id, en: id)
        pending.append((id, card, fields))
        if own["extends"] != nil, own["breakdowns"] == nil { inherits.insert(id) }
        let unit = fields["unit"]
        let declared = unit.flatMap { DatasetReader.unit($0, workspace.currency) }
        let isPercent = unit.flatMap(\.string) == "percent"
        addEarlier(id, fields, declared, isPercent)
        addVariants(id, fields)
        guard let formula = formulaField?.formula else { return }
        drafts[id] = FormulaResolver.Draft(
            card: id, from: fields["effective"].flatMap(day)?.day ?? .min, formula: formula,
            declaredUnit: declared, isPercent: isPercent,
            parameters: fields["parameters"].map(MeasureReader.parameters) ?? [:])
    }

    /// A formula that may name every card and is none itself. No card can have such an id.
    mutating func addAside(_ id: String, _ formula: FormulaScalar) {
        drafts[id] = FormulaResolver.Draft(
            card: id, from: .min, formula: formula, declaredUnit: nil, isPercent: false)
        asides[id] = KPIFormula(node: .missing, unit: .ratio, isPercent: false)
    }

    private mutating func resolveAsides(_ resolver: inout FormulaResolver) {
        for id in asides.keys.sorted() {
            do throws(Diagnostics) {
                asides[id] = settled(try resolver.formula(of: id, on: .max))
            } catch {
                findings.report(drafts[id]!.formula.origin.placed(error.items))
                asides[id] = nil
            }
        }
    }

    /// The formulas of variants are checked like those of cards; no other card can name them.
    private mutating func addVariants(_ id: String, _ fields: [String: Field]) {
        for (index, field) in (fields["variants"]?.list ?? []).enumerated() {
            guard let own = field.mapping(CardChoice.variantFields) else { continue }
            if own["label"] == nil { field.report(.missingField("label")) }
            if own["formula"] == nil, own["parameters"] == nil, own["awaits"] == nil {
                field.report(.missingField("formula"))
            }
            guard let formula = own["formula"]?.formula else { continue }
            let draft = Self.variant(id, index)
            drafts[draft] = FormulaResolver.Draft(
                card: draft, from: .min, formula: formula, declaredUnit: nil, isPercent: false)
        }
    }

    private static func variant(_ id: String, _ index: Int) -> String { "\(id) variant \(index)" }

    private func variants(
        _ card: Card, _ field: Field?, _ resolver: inout FormulaResolver
    ) -> [CardVariant] {
        var variants: [CardVariant] = []
        for (index, field) in (field?.list ?? []).enumerated() {
            guard let own = field.mapping(CardChoice.variantFields),
                let label = own["label"]?.bilingual
            else { continue }
            // Parameters are those of the card's own formula.
            if card.variant == nil {
                CardFields.checkParameters(card, own["parameters"], workspace)
            }
            if let draft = drafts[Self.variant(card.id, index)] {
                do throws(Diagnostics) {
                    _ = try resolver.formula(of: draft.card, on: .max)
                } catch {
                    findings.report(draft.formula.origin.placed(error.items))
                }
            }
            variants.append(
                CardVariant(
                    id: own["id"]?.identifier(kebab: true), label: label,
                    parameters: own["parameters"].map(MeasureReader.parameters) ?? [:],
                    formulaText: own["formula"]?.string, awaits: own["awaits"]?.bilingual))
        }
        return variants
    }

    /// The definitions that the card had before, each a draft of its own.
    private mutating func addEarlier(
        _ id: String, _ fields: [String: Field], _ unit: KPICore.Unit?, _ isPercent: Bool
    ) {
        guard let list = fields["earlier"]?.list else { return }
        if fields["effective"] == nil { fields["earlier"]!.report(.missingField("effective")) }
        for (index, field) in list.enumerated() {
            guard let own = field.mapping(Self.dated),
                let formula = field.required("formula", in: own)?.formula
            else { continue }
            if index > 0, own["effective"] == nil { field.report(.missingField("effective")) }
            drafts[Self.draft(id, index)] = FormulaResolver.Draft(
                card: id, from: own["effective"].flatMap(day)?.day ?? .min, formula: formula,
                declaredUnit: unit, isPercent: isPercent,
                parameters: own["parameters"].map(MeasureReader.parameters) ?? [:])
        }
    }

    /// No KPI can have such an id.
    private static func draft(_ id: String, _ index: Int) -> String { "\(id) \(index)" }

    /// One definition of a card as it is written.
    private struct Written {
        var draft: String
        var text: String
        var label: String?
    }

    /// Every definition that the card had, in the order of their dates, of one unit with the present one:
    /// its own, each cut where a KPI that it names got another definition.
    private func definitions(
        _ card: Card, _ fields: [String: Field], _ resolver: inout FormulaResolver
    ) -> [CardDefinition] {
        var written: [Written] = []
        for (index, field) in (fields["earlier"]?.list ?? []).enumerated() {
            guard drafts[Self.draft(card.id, index)] != nil, let own = field.mapping(Self.dated)
            else { continue }
            written.append(
                Written(
                    draft: Self.draft(card.id, index), text: own["formula"]?.string ?? "",
                    label: own["version"]?.string))
        }
        written.append(
            Written(draft: card.id, text: card.formulaText, label: card.versionLabel))
        let starts = written.map { drafts[$0.draft]!.from }
        if zip(starts, starts.dropFirst()).contains(where: { $0 >= $1 }) {
            fields["earlier"]?.report(
                .wrongKind(field: "earlier", expected: "definitions in the order of their dates"))
        }
        for definition in written { _ = try? resolver.formula(of: definition.draft, on: .max) }
        let beginnings = resolver.beginnings(card.id)
        let last = beginnings.max() ?? .min
        var found: [CardDefinition] = []
        for (index, definition) in written.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : .max
            let cuts = beginnings.filter { $0 > starts[index] && $0 < end }.sorted()
            for start in [starts[index]] + cuts {
                // From the last beginning on everything stays as it is.
                let day = start >= last ? .max : start
                if let one = self.definition(definition, from: start, on: day, card, &resolver) {
                    found.append(one)
                }
            }
        }
        return found
    }

    private func definition(
        _ written: Written, from start: Int, on day: Int, _ card: Card,
        _ resolver: inout FormulaResolver
    ) -> CardDefinition? {
        let draft = drafts[written.draft]!
        do throws(Diagnostics) {
            let formula = try resolver.formula(of: written.draft, on: day)
            guard formula.unit.isLike(card.formula.unit) else {
                throw Diagnostics(
                    .cardUnitDiffers(
                        declared: card.formula.unit.definition, found: formula.unit.definition),
                    span: draft.formula.tree.span)
            }
            return CardDefinition(
                from: start == .min ? nil : CivilDate(day: start),
                formula: settled(formula), formulaText: written.text,
                versionLabel: written.label, isDefined: !resolver.namesUndefined)
        } catch {
            findings.report(draft.formula.origin.placed(error.items))
            return nil
        }
    }

    /// Without parameters that are set to what the measure has anyway.
    private func settled(_ formula: KPIFormula) -> KPIFormula {
        var formula = formula
        formula.node = formula.node.mappingMeasures { use in
            let known = workspace.dataset(use.dataset)?.measure(use.measure)?.parameters ?? [:]
            var use = use
            use.parameters = use.parameters.filter { known[$0.key] != $0.value }
            return use
        }
        return formula
    }

    private static let dated = ["formula", "effective", "version", "parameters"]

    private func day(_ field: Field) -> CivilDate? {
        let date = field.string.flatMap { CivilDate($0) }
        if date == nil {
            field.report(.wrongKind(field: field.name, expected: "a day such as 2026-01-01"))
        }
        return date
    }

    /// Of all cards, also of those that cannot be read.
    var ids: [String] { pending.map(\.id) }

    mutating func resolve() -> [Card] {
        let names = NameIndex(
            datasets: workspace.datasets, cards: pending.map { ($0.id, labels[$0.id]!) })
        var resolver = FormulaResolver(
            datasets: Dictionary(uniqueKeysWithValues: workspace.datasets.map { ($0.id, $0) }),
            calendar: workspace.calendar, names: names, drafts: drafts)
        var cards: [Card] = []
        for (id, _, fields) in pending {
            if drafts[id] == nil, let awaits = fields["awaits"]?.bilingual {
                let unit = fields["unit"].flatMap { DatasetReader.unit($0, workspace.currency) }
                let none = KPIFormula(
                    node: .missing, unit: unit ?? .ratio,
                    isPercent: fields["unit"]?.string == "percent")
                var card = card(id, fields, none)
                card.awaits = awaits
                cards.append(card)
                continue
            }
            do throws(Diagnostics) {
                let formula = settled(try resolver.formula(of: id, on: .max))
                var card = card(id, fields, formula)
                card.variants = variants(card, fields["variants"], &resolver)
                card.definitions = definitions(card, fields, &resolver)
                cards.append(card)
            } catch {
                if let draft = drafts[id] {
                    findings.report(draft.formula.origin.placed(error.items))
                }
                // Its other fields are looked at all the same.
                let none = KPIFormula(node: .missing, unit: .ratio, isPercent: false)
                _ = card(id, fields, none)
            }
        }
        resolveAsides(&resolver)
        checkBalance(cards)
        return cards
    }

    /// A service department that is told only how fast and how cheap it is makes its customers pay for it.
    private func checkBalance(_ cards: [Card]) {
        let service = cards.filter {
            $0.departments.first == "service" && ![.retired, .suspended].contains($0.life)
        }
        guard service.count > 1, service.allSatisfy(\.isOfEfficiency), let first = service.first
        else { return }
        findings.report(
            .onlyEfficiency(department: "service", kpis: service.map(\.id)), at: places[first.id])
    }

    private func card(_ id: String, _ fields: [String: Field], _ formula: KPIFormula) -> Card {
        var card = Card(
            id: id, label: labels[id]!, formula: formula,
            formulaText: fields["formula"]?.string ?? "")
        card.parameters = drafts[id]?.parameters ?? [:]
        card.effective = fields["effective"].flatMap(day)
        CardFields(
            workspace: workspace, fields: fields, absentLevels: absentLevels,
            inheritsBreakdowns: inherits.contains(id)
        ).read(into: &card)
        CardProvenance(workspace: workspace).check(card, fields)
        return card
    }
}
