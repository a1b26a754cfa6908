import KPICore
import Yams

/// A set of KPIs of the library that belong together.
package struct Pack: Sendable {
    package enum Kind: String, Sendable {
        /// All of a department, in groups.
        case department
        /// A few that hold each other in balance.
        case balanced
        /// Three to start with.
        case starter
        /// A set that is built step by step; its groups are the steps.
        case guided
    }

    package struct Group: Sendable {
        package var label: Bilingual?
        /// What is to be done in a step.
        package var note: Bilingual?
        /// None where a step is about all KPIs that were chosen.
        package var kpis: [String]
    }

    package var id: String
    package var kind: Kind
    package var label: Bilingual
    package var purpose: Bilingual
    package var groups: [Group]

    package var kpis: [String] { groups.flatMap(\.kpis) }
}

extension [Pack] {
    /// - Throws: `Diagnostics` when there is none of that id.
    package func named(_ id: String) throws(Diagnostics) -> Pack {
        if let found = first(where: { $0.id == id }) { return found }
        throw Diagnostics(
            .badValue(
                field: "pack", value: id, expected: map(\.id).joined(separator: ", "),
                closest: NearMatch.closest(to: id, among: map(\.id))))
    }
}

extension Library {
    /// The packs, in the order of `packs.yaml`.
    ///
    /// - Throws: `Diagnostics` with everything that is wrong in the file.
    package static func packs(of library: Workspace) throws(Diagnostics) -> [Pack] {
        let findings = Findings()
        guard let text = text("packs.yaml"), let node = try? Yams.compose(yaml: text) else {
            throw Diagnostics(.unreadableFile("packs.yaml"))
        }
        let source = SourceText(path: "packs.yaml", text: text)
        let root = Field(name: "packs.yaml", node: node, source: source, findings: findings)
        let list = root.mapping(["packs"]).flatMap { root.required("packs", in: $0) }?.list ?? []
        let packs = list.compactMap { pack($0, library) }
        guard findings.items.isEmpty else { throw Diagnostics(findings.items) }
        return packs
    }

    private static func pack(_ field: Field, _ library: Workspace) -> Pack? {
        guard let fields = field.mapping(["id", "kind", "label", "purpose", "groups"]),
            let id = field.required("id", in: fields)?.identifier(kebab: true),
            let kind = field.required("kind", in: fields)?.choice([
                "department": Pack.Kind.department, "balanced": .balanced, "starter": .starter,
                "guided": .guided,
            ]),
            let label = field.required("label", in: fields)?.bilingual,
            let purpose = field.required("purpose", in: fields)?.bilingual,
            let groups = field.required("groups", in: fields)?.list
        else { return nil }
        return Pack(
            id: id, kind: kind, label: label, purpose: purpose,
            groups: groups.compactMap { group($0, library) })
    }

    private static func group(_ field: Field, _ library: Workspace) -> Pack.Group? {
        guard let fields = field.mapping(["label", "note", "kpis"]) else { return nil }
        if fields["note"] == nil { _ = field.required("kpis", in: fields) }
        let kpis = fields["kpis"]?.strings ?? []
        for id in kpis where library.card(id) == nil {
            let known = library.cards.map(\.id)
            fields["kpis"]?.report(
                .unknownName(id, closest: NearMatch.closest(to: id, among: known)))
        }
        return Pack.Group(
            label: fields["label"]?.bilingual, note: fields["note"]?.bilingual, kpis: kpis)
    }
}
