import Crypto
import Foundation
import KPICore
import KPIFormula
import KPIModel
import KPIQuery

/// What the cells of a kept question were defined as.
struct KeptDefinitions: Equatable {
    /// A hash of the question, its dimensions, the organisation and what is declared to be covered.
    var frame: String
    /// Of every KPI the hashes of its definitions.
    var versions: [String: String]

    init(frame: String, versions: [String: String]) {
        self.frame = frame
        self.versions = versions
    }

    /// As it is stored.
    init(_ text: String) {
        let lines = text.split(separator: "\n").map(String.init)
        frame = lines.first ?? ""
        versions = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: " ").map(String.init)
            if parts.count == 2 { versions[parts[0]] = parts[1] }
        }
    }

    var text: String {
        ([frame] + versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
            .joined(separator: "\n")
    }

    /// The KPIs that are defined otherwise here, where nothing else differs.
    func redefined(since other: KeptDefinitions) -> Set<String>? {
        guard frame == other.frame, Set(versions.keys) == Set(other.versions.keys) else {
            return nil
        }
        return Set(versions.keys.filter { versions[$0] != other.versions[$0] })
    }
}

extension Company {
    /// Everything that decides about the cells of a question beside records and time.
    func keptDefinitions(
        _ question: Question, _ outline: Outline, _ facts: [String: DatasetFacts]
    ) -> KeptDefinitions {
        var parts = ["3", "\(question.kpis)", "\(question.grains)", "\(question.groupings)"]
        parts.append(question.filter.map { "\($0.node)" } ?? "-")
        let ids = Set(outline.kpis.flatMap(\.card.formula.node.measures).map(\.dataset)).sorted()
        for dataset in ids.compactMap({ workspace.dataset($0) }) {
            for name in question.dimensions {
                parts.append(
                    "\(dataset.id).\(name) \(dataset.dimension(name)?.expression.description ?? "-")"
                )
            }
            parts.append(facts[dataset.id]?.declaredText ?? "[]")
        }
        if let organisation = workspace.organisation {
            parts.append(organisation.company[workspace.locale])
            parts += organisation.levels.map { "\($0.id) \($0.expression)" }
            parts.append("\(organisation.people) \(organisation.condition?.description ?? "-")")
        }
        parts += workingHours(of: question, ids)
        let versions = Dictionary(grouping: outline.kpis, by: \.card.id).mapValues { kpis in
            kpis.map { version(of: $0.card) }.joined(separator: ",")
        }
        return KeptDefinitions(frame: Self.hash(parts), versions: versions)
    }

    /// Of several texts one.
    static func hash(_ parts: [String]) -> String {
        let hash = SHA256.hash(data: Data(parts.joined(separator: "\n").utf8))
        return hash.map { String($0, radix: 16) }.joined(separator: ".")
    }

    /// The working calendars behind the groups of a question. A filter may use any of them.
    private func workingHours(of question: Question, _ datasets: [String]) -> [String] {
        if question.filter != nil {
            return workspace.calendar.working?.calendars.map(\.signature) ?? []
        }
        let groups = datasets.compactMap { workspace.dataset($0) }.flatMap { dataset in
            question.dimensions.compactMap { dataset.dimension($0)?.expression }
        }
        return workspace.workingHours(of: groups)
    }
}
