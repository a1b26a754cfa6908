import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery

extension Company {
    /// How far the data behind KPIs can be trusted.
    ///
    /// - Parameters:
    ///   - names: KPIs by id or label; none: all that are computed.
    ///   - grain: of the marks of who collected.
    ///   - now: the wall clock, for ages alone.
    package func quality(
        _ names: [String] = [], grain: Grain = .quarter, now: Instant = WallClock.now
    ) async throws -> Quality {
        guard try await warehouse.hasDatasets() else {
            throw Diagnostics(.notLoaded(dataset: workspace.datasets.first?.id ?? ""))
        }
        let planner = Planner(workspace: workspace, facts: [:])
        let cards =
            try names.isEmpty
            ? workspace.cards.filter { !$0.formula.node.measures.isEmpty }
            : names.map { try planner.card(named: $0) }
        do {
            try await warehouse.database.lockDown(exceptIn: warehouse.dataFolders)
            let company = self
            return try await warehouse.database.connect().transaction { connection in
                try QualityReading(
                    company: company, cards: cards, isWhole: names.isEmpty, now: now,
                    on: connection
                ).quality(grain, on: connection)
            }
        } catch let error as EngineError {
            throw Warehouse.diagnostics(error, path: warehouse.database.path ?? "")
        }
    }
}

/// One look at the quality of the loaded records, inside a transaction.
struct QualityReading {
    let company: Company
    let cards: [Card]
    let now: Instant
    /// Datasets that are loaded and asked for, in the order of the workspace.
    let datasets: [Dataset]
    private let facts: [String: DatasetFacts]
    private let outcomes: [ExpectationOutcome]
    private let setAside: [String: Int]

    var workspace: Workspace { company.workspace }

    init(
        company: Company, cards: [Card], isWhole: Bool, now: Instant,
        on connection: isolated Connection
    ) throws {
        self.company = company
        self.cards = cards
        self.now = now
        let workspace = company.workspace
        let known = try company.warehouse.facts(of: nil, on: connection)
        let wanted = Set(cards.flatMap(workspace.datasets(behind:)))
        let datasets = workspace.datasets.filter {
            known[$0.id] != nil && (isWhole || wanted.contains($0.id))
        }
        facts = known
        self.datasets = datasets
        outcomes = try company.warehouse.outcomes(of: datasets, now: now, on: connection)
        setAside = try Self.setAside(on: connection)
    }

    /// Records set aside by dataset, each once whatever is wrong with it.
    private static func setAside(on connection: isolated Connection) throws -> [String: Int] {
        let found = try connection.query(
            "SELECT dataset, count(DISTINCT (file, line)) FROM plumb.quarantine GROUP BY 1")
        return (0..<found.rowCount).reduce(into: [:]) { counts, row in
            if case .text(let id) = found[row, 0] { counts[id] = found[row, 1].count }
        }
    }

    func quality(_ grain: Grain, on connection: isolated Connection) throws -> Quality {
        let gaps = try RecordGaps(workspace: workspace, cards: cards, loaded: Set(facts.keys))
            .read(on: connection)
        let collection = CollectionReading(workspace: workspace, datasets: datasets)
        return Quality(
            now: text(now), datasets: try datasets.map { try quality(of: $0, on: connection) },
            kpis: try cards.map { card in
                var quality = quality(of: card, gaps[card.id] ?? RecordGaps.Found())
                (quality.ownCollected, quality.collected) =
                    try collection.share(of: card, on: connection)
                return quality
            },
            marks: try collection.marks(grain, on: connection))
    }

    private func quality(
        of dataset: Dataset, on connection: isolated Connection
    ) throws -> DatasetQuality {
        let count: SQLText = "SELECT count(*) FROM data.\(name: dataset.id)"
        let watermark = facts[dataset.id]?.knownWatermark
        return DatasetQuality(
            id: dataset.id, label: dataset.label,
            records: try connection.query(count.text)[0, 0].count,
            watermark: watermark.map(text) ?? "", age: watermark.map(age),
            setAside: setAside[dataset.id] ?? 0,
            checks: outcomes.filter { $0.finding.dataset == dataset.id })
    }

    private func quality(of card: Card, _ gaps: RecordGaps.Found) -> KPIQuality {
        let ids = workspace.datasets(behind: card)
        var quality = KPIQuality(id: card.id, label: card.label, datasets: ids)
        if let least = ids.compactMap({ facts[$0]?.knownWatermark }).min() {
            quality.watermark = text(least)
            quality.age = age(least)
        }
        quality.records = gaps.records
        quality.incomplete = gaps.incomplete
        quality.gaps = gaps.gaps
        quality.failed = outcomes.filter {
            ids.contains($0.finding.dataset) && !$0.finding.holds
        }
        quality.setAside = ids.reduce(0) { $0 + (setAside[$1] ?? 0) }
        return quality
    }

    private func text(_ instant: Instant) -> String {
        let zone = workspace.calendar.zone
        return LocalClock.text(zone.local(instant / microsecondsPerSecond * microsecondsPerSecond))
            + zone.offsetText(at: instant)
    }

    private func age(_ watermark: Instant) -> Int64 {
        (now - watermark) / microsecondsPerSecond
    }
}

extension Workspace {
    /// Every dataset that a card reads, those of its measures first, each once.
    package func datasets(behind card: Card) -> [String] {
        let uses = card.formula.node.measures
        var found = uses.map(\.dataset)
        for use in uses {
            let expressions = measure(use).expressions + [use.filter].compactMap { $0 }
            found += expressions.flatMap { datasets(read: $0, on: use.dataset).sorted() }
        }
        return found.indices.filter { !found[..<$0].contains(found[$0]) }.map { found[$0] }
    }
}

extension Scalar {
    /// A count that a statement answered with; 0 for none.
    var count: Int {
        switch self {
        case .integer(let value): Int(value)
        case .decimal(let value) where value.scale == 0: Int(exactly: value.mantissa) ?? 0
        default: 0
        }
    }
}
