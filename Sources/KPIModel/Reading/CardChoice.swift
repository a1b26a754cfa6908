import KPICore
import Yams

/// What a card takes from the library, and which of its readings it chooses.
struct CardChoice {
    /// The cards of the library by their ids.
    let bases: [String: Field]

    static let variantFields = [
        "id", "label", "parameters", "formula", "unit", "direction", "target", "awaits",
    ]

    /// The fields of a card: what it says itself goes before what it `extends`, and the `variant` that it
    /// chooses before both. Nil: the library has no such card.
    func fields(of card: Field, _ own: [String: Field]) -> [String: Field]? {
        guard let fields = extended(card, own) else { return nil }
        guard let choice = fields["variant"], let variant = chosen(choice, among: fields) else {
            return fields
        }
        var chosen = fields
        for name in ["formula", "unit", "direction", "target", "awaits"] {
            if let field = variant[name] { chosen[name] = field }
        }
        if let parameters = variant["parameters"] {
            var all = fields["parameters"] ?? parameters
            if fields["parameters"] != nil { all.overlays.append(parameters) }
            chosen["parameters"] = all
        }
        if variant["awaits"] != nil { chosen["formula"] = nil }
        // Another unit leaves targets in the old one without meaning.
        if let unit = variant["unit"] {
            // Any that the formula has.
            if unit.isWord("formula") { chosen["unit"] = nil }
            chosen["target"] = own["target"] ?? variant["target"]
            chosen["attention"] = own["attention"]
        }
        return chosen
    }

    private func extended(_ card: Field, _ own: [String: Field]) -> [String: Field]? {
        guard let extends = own["extends"] else { return own }
        let named = extends.isWord("library") ? own["id"] : extends
        guard let named, let id = named.string else { return own }
        guard let base = bases[id], let fields = base.mapping(CardReader.known) else {
            named.report(.unknownKPI(id, closest: NearMatch.closest(to: id, among: bases.keys)))
            return nil
        }
        return fields.merging(own) { $1 }
    }

    private func chosen(_ choice: Field, among fields: [String: Field]) -> [String: Field]? {
        guard let wanted = choice.string else { return nil }
        let variants = (fields["variants"]?.list ?? [])
            .compactMap { $0.mapping(Self.variantFields) }
        let found = variants.first { $0["id"]?.isWord(wanted) ?? false }
        if found == nil {
            let known = variants.compactMap { $0["id"]?.string }
            choice.report(
                .badValue(
                    field: "variant", value: wanted, expected: known.joined(separator: ", "),
                    closest: NearMatch.closest(to: wanted, among: known)))
        }
        return found
    }
}
