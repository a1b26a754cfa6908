/// The files of a changing company's workspace.
extension ChangingCompany {
    func write(to scratch: ScratchWorkspace) throws {
        try writeRecords(to: scratch)
        try scratch.write(
            "name: changing\ntime_zone: \(zone)\ncurrency: CNY\nengine: {threads: 1}\n",
            to: "plumbline.yaml")
        try scratch.write(Self.organisation, to: "organization.yaml")
        try scratch.write(dealDataset, to: "datasets/deals.yaml")
        try scratch.write(stateDataset, to: "datasets/states.yaml")
        try scratch.write(Self.postingDataset, to: "datasets/postings.yaml")
        try scratch.write(
            "dataset: regions\nkey: person\ncolumns: {person: text, region: text}\n",
            to: "datasets/regions.yaml")
        try scratch.write(
            source("deals", Self.dealColumns, isSnapshot ? "snapshot" : "upsert"),
            to: "sources/deals.yaml")
        for (name, columns) in Self.otherColumns {
            try scratch.write(source(name, columns, "snapshot"), to: "sources/\(name).yaml")
        }
        try scratch.write(cards, to: "kpis/all.yaml")
    }

    func writeRecords(to scratch: ScratchWorkspace) throws {
        func csv(_ columns: [String], _ rows: [[String]], _ name: String) throws {
            let text = ([columns] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
            try scratch.write(text, to: "data/\(name).csv")
        }
        try csv(Self.dealColumns, deals, "deals")
        try csv(Self.otherColumns["states"]!, states, "states")
        try csv(Self.otherColumns["postings"]!, postings, "postings")
        try csv(Self.otherColumns["regions"]!, regions, "regions")
    }

    private static let otherColumns = [
        "states": ["id", "customer", "tier", "valid_from", "valid_to"],
        "postings": ["id", "employee", "team", "valid_from", "valid_to"],
        "regions": ["person", "region"],
    ]

    private func source(_ name: String, _ columns: [String], _ mode: String) -> String {
        let mapping = columns.map { "  \($0): \($0)\n" }.joined()
        return "source: \(name)\ndataset: \(name)\nfiles: \(name).csv\nmode: \(mode)\n"
            + "columns:\n\(mapping)"
    }

    private var declared: String { coverage.map { "coverage: \($0)\n" } ?? "" }

    // MARK: Definitions

    private static let organisation = """
        company: Changing
        people: postings
        person: employee
        levels: {team: team}

        """

    private var dealDataset: String {
        """
        dataset: deals
        key: id
        time: [closed_on, opened_at]
        \(declared)columns:
          id: integer
          owner: text
          customer: text
          channel: text
          closed_on: date
          opened_at: timestamp
          done_at: timestamp
          amount: money
          quantity: integer
        references:
          home: {to: regions, on: owner, key: person}
          posting: {to: postings, on: owner, key: employee}
          state: {to: states, on: customer, key: customer}
        person: posting
        dimensions:
          channel: channel
          owner: owner
          region: home.region
          tier: state.tier
        measures:
          deals: {aggregate: count()}
          total: {aggregate: sum(amount)}
          average: {aggregate: mean(amount)}
          lowest: {aggregate: min(amount)}
          large: {aggregate: sum(amount), where: quantity > \(largeFrom)}
          south: {aggregate: count(), where: home.region = "South"}
          kinds: {aggregate: distinct(owner)}
          middle: {aggregate: median(amount)}
          opened: {aggregate: count(), time: opened_at}
          waiting: {aggregate: "mean(duration(opened_at, done_at))", open: done_at is missing, time: opened_at}
          patience: {aggregate: "median(duration(opened_at, done_at))", time: opened_at}
          returning: {per: owner, having: count() >= 2, aggregate: count()}
          newcomers: {per: owner, where: closed_on = ever(min(closed_on)), aggregate: count()}
          fresh: {per: owner, having: in_period(ever(min(closed_on))), aggregate: sum(sum(amount))}
          settled:
            aggregate: count()
            time: opened_at
            window: 5 days
            where: 'not exists(deals, customer = this.customer and id != this.id
              and opened_at >= this.opened_at and opened_at < this.opened_at + days(5))'
          entrants: {per: customer, cohort: min(closed_on), age: month, aggregate: count()}

        """
    }

    private var stateDataset: String {
        """
        dataset: states
        key: id
        time: [valid_from]
        valid: [valid_from, valid_to]
        \(declared)columns:
          id: text
          customer: text
          tier: text
          valid_from: date
          valid_to: {type: date, planned: true}
        dimensions:
          tier: tier
        measures:
          active: {aggregate: distinct(customer), stock: closing}
          gold: {aggregate: count(), stock: closing, where: tier = "gold"}
          kept_customers:
            per: customer
            stock: opening
            aggregate: count()
            where: 'exists(states, customer = this.customer and in_force(period_end()))'

        """
    }

    private static let postingDataset = """
        dataset: postings
        key: id
        time: [valid_from]
        valid: [valid_from, valid_to]
        columns:
          id: text
          employee: text
          team: text
          valid_from: date
          valid_to: {type: date, planned: true}

        """

    /// Cards by what they can be broken down by.
    static let dealKPIs = [
        "deals", "total", "average", "lowest", "large", "south", "kinds", "middle", "opened",
        "waiting", "patience", "returning", "newcomers", "fresh", "settled", "entrants",
        "growth", "to-year", "rolled", "part", "each", "choice",
    ]
    static let stateKPIs = ["active", "gold", "kept-customers", "retention", "active-growth"]

    private var cards: String {
        let formulas: [(String, String)] =
            Self.dealKPIs.prefix(16).map { ($0, $0) }
            + [
                ("growth", "(total − \(growthBase)) ÷ \(growthBase)"),
                ("to-year", "to_date(total, year)"), ("rolled", "rolling(kinds, 2, month)"),
                ("part", "share(total)"), ("each", "total ÷ deals × 100%"),
                ("choice", "if(deals > 3, total, coalesce(previous(total), 0))"),
                ("active", "active"), ("gold", "closing(gold)"),
                ("kept-customers", "kept_customers"),
                ("retention", "kept_customers ÷ opening(active)"),
                ("active-growth", "closing(active) − previous(active)"),
            ]
        return "kpis:\n"
            + formulas.map { id, formula in
                "  - {id: \(id), label: {zh: \(id)-zh, en: \(id)-en}, formula: '\(formula)'}\n"
            }.joined()
    }
}
