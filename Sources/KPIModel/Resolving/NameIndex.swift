import KPICore
import KPIFormula

/// What a name in a KPI formula may mean.
struct NameIndex {
    enum Meaning: Hashable {
        case measure(dataset: String, id: String)
        case kpi(String)
        case column(String)
        /// A measure that has errors of its own.
        case unread(dataset: String)
    }

    private var meanings: [String: [Meaning]] = [:]

    init(datasets: [Dataset], cards: [(id: String, label: Bilingual)]) {
        for dataset in datasets {
            for measure in dataset.measures {
                let meaning = Meaning.measure(dataset: dataset.id, id: measure.id)
                add([measure.id, measure.label.zh, measure.label.en], meaning)
            }
            add(dataset.unreadMeasures, .unread(dataset: dataset.id))
            for column in dataset.columns {
                let names = [column.name, column.label?.zh, column.label?.en]
                add(names.compactMap { $0 }, .column("\(dataset.id).\(column.name)"))
            }
        }
        for card in cards {
            let name = card.id.replacing("-", with: "_")
            add([name, card.label.zh, card.label.en], .kpi(card.id))
        }
    }

    private mutating func add(_ names: [String], _ meaning: Meaning) {
        for name in Set(names) { meanings[name, default: []].append(meaning) }
    }

    func callAsFunction(_ name: String) -> [Meaning] { meanings[name] ?? [] }

    /// Names that may stand in a formula, for suggestions.
    var usable: [String] {
        meanings.filter { $0.value.contains(where: \.isUsable) }.map(\.key)
    }
}

extension NameIndex.Meaning {
    var isUnread: Bool { if case .unread = self { true } else { false } }

    /// Whether it may stand in a formula.
    var isUsable: Bool {
        switch self {
        case .measure, .kpi: true
        case .column, .unread: false
        }
    }
}
