import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// What is expected is checked inside the load, so that records that are refused never were there.
struct QualityAtLoad {
    let warehouse: Warehouse
    let session: Session
    /// The wall clock that ages are measured by.
    let now: Instant

    private var workspace: Workspace { warehouse.workspace }

    /// Checks every expectation that the records of these datasets decide about.
    ///
    /// - Parameters:
    ///   - touched: datasets whose records may have changed.
    ///   - stored: those that have tables of their present shape.
    /// - Throws: `Diagnostics` of all that refuse.
    func check(_ touched: Set<String>, stored: [Dataset]) throws -> [ExpectationOutcome] {
        let ids = Set(stored.map(\.id))
        var outcomes: [ExpectationOutcome] = []
        var refusals: [Diagnostic] = []
        for dataset in stored {
            let decided = dataset.expectations.filter { expectation in
                let read = expectation.datasets(in: workspace, of: dataset)
                return read.isSubset(of: ids)
                    && (touched.contains(dataset.id) || !read.isDisjoint(with: touched))
            }
            guard !decided.isEmpty else { continue }
            let check = ExpectationCheck(
                workspace: workspace, dataset: dataset,
                facts: try session.facts(of: dataset.id, warehouse), now: now, session: session)
            for expectation in decided {
                let outcome = try check.outcome(of: expectation)
                outcomes.append(outcome)
                if outcome.refuses, !outcome.finding.holds {
                    refusals.append(
                        Diagnostic(
                            .expectationRefused(outcome.finding), at: expectation.place))
                }
            }
        }
        guard refusals.isEmpty else { throw Diagnostics(refusals) }
        try keep(outcomes)
        return outcomes
    }

    /// In `plumb.quality`, under the number of the load whose records they are about.
    private func keep(_ outcomes: [ExpectationOutcome]) throws {
        let load = try session.number("SELECT coalesce(max(load), 0) FROM plumb.loads")
        for finding in outcomes.map(\.finding) {
            try session.run(
                """
                INSERT OR REPLACE INTO plumb.quality VALUES (\(integer: load), \
                \(value: .text(finding.dataset)), \(value: .text(finding.expectation)), \
                \(integer: finding.checked), \(integer: finding.failed), \
                \(value: .text(finding.examples.joined(separator: "\n"))), \
                \(value: .timestamp(now, utc: true)))
                """)
        }
    }
}

extension Warehouse {
    /// How the loaded records meet what is expected of some datasets, and since which load they do not.
    package func outcomes(
        of datasets: [Dataset], now: Instant, on connection: isolated Connection
    ) throws -> [ExpectationOutcome] {
        let session = Session(connection)
        let facts = try facts(of: nil, on: connection)
        let since = try failingSince(session)
        return try datasets.flatMap { dataset in
            let check = ExpectationCheck(
                workspace: workspace, dataset: dataset, facts: facts[dataset.id], now: now,
                session: session)
            let decided = dataset.expectations.filter { expectation in
                expectation.datasets(in: workspace, of: dataset).allSatisfy { facts[$0] != nil }
            }
            return try decided.map { expectation in
                var outcome = try check.outcome(of: expectation)
                if !outcome.finding.holds {
                    outcome.since = since["\(dataset.id) \(expectation.text)"] ?? ""
                }
                return outcome
            }
        }
    }

    /// By dataset and expectation: when the first load was that failed after the last that did not.
    private func failingSince(_ session: Session) throws -> [String: String] {
        let found = try session.read(
            """
            SELECT q.dataset || ' ' || q.expectation, min(q.\(name: "at")) FROM plumb.quality AS q \
            WHERE q.failed > 0 AND NOT EXISTS (SELECT 1 FROM plumb.quality AS p \
            WHERE p.dataset = q.dataset AND p.expectation = q.expectation AND p.failed = 0 \
            AND p.load >= q.load) GROUP BY 1
            """)
        let zone = workspace.calendar.zone
        return (0..<found.rowCount).reduce(into: [:]) { since, row in
            guard let key = found[row, 0].plainText, case .timestamp(let at, _) = found[row, 1]
            else { return }
            since[key] = LocalClock.text(zone.local(at)) + zone.offsetText(at: at)
        }
    }
}
