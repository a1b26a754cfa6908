import KPICore

/// The cells of an answer for people, as an aligned table with units, marks and a legend.
package struct TableReport: Sendable {
    package var language: Language
    /// Colours are written only for a terminal.
    package var isTerminal: Bool

    package init(language: Language, isTerminal: Bool = false) {
        self.language = language
        self.isTerminal = isTerminal
    }

    /// The whole table. O(cells), all in memory: for answers that a person reads.
    ///
    /// One KPI stands in a line above the table, several in a first column, each on its first row.
    /// Columns that are empty throughout are left out.
    package func text(_ answer: Answer) -> String {
        guard answer.cellCount > 0 else { return CellWords.empty[language] + "\n" }
        let ids = Set(answer.blocks.map(\.kpi.id))
        let columns = used(columns(answer, namesKPI: ids.count > 1))
        let title = ids.count > 1 ? "" : bold(name(answer.blocks[0].kpi)) + "\n\n"
        let states = answer.blocks.flatMap(\.state).filter { $0 != .absent }
        return title + table(columns, states) + legend(states)
    }

    private func name(_ kpi: KPIHeader) -> String {
        let label = kpi.label[language]
        let name = label.isEmpty || label == kpi.id ? kpi.id : "\(label) (\(kpi.id))"
        return name.oneLine + CellWords.clock(kpi, language)
    }

    // MARK: Columns

    private struct Column {
        var header: String
        var alignment = TextTable.Alignment.left
        /// Whether the state of a cell colours it.
        var showsState = false
        var cells: [String] = []
    }

    private func columns(_ answer: Answer, namesKPI: Bool) -> [Column] {
        var columns = namesKPI ? [Column(header: CellWords.kpi[language])] : []
        columns.append(Column(header: CellWords.period[language]))
        columns += answer.dimensions.map { Column(header: $0) }
        columns += figureColumns
        var last: String?
        for block in answer.blocks {
            for cell in 0..<block.cellCount where block.state[cell] != .absent {
                let kpi = block.kpi.id == last ? "" : name(block.kpi)
                last = block.kpi.id
                let texts = (namesKPI ? [kpi] : []) + row(block, cell, answer.dimensions)
                for (index, text) in texts.enumerated() { columns[index].cells.append(text) }
            }
        }
        return columns
    }

    private var figureColumns: [Column] {
        [
            Column(header: CellWords.value[language], alignment: .right, showsState: true),
            Column(header: CellWords.interval[language]),
            Column(header: CellWords.status[language], showsState: true),
            Column(header: CellWords.sides[language], alignment: .right),
            Column(header: CellWords.n[language], alignment: .right),
            Column(header: CellWords.open[language], alignment: .right),
        ]
    }

    private func used(_ columns: [Column]) -> [Column] {
        columns.filter { column in column.cells.contains { !$0.isEmpty } }
    }

    private func row(_ block: CellBlock, _ cell: Int, _ dimensions: [String]) -> [String] {
        let (period, group) = cell.quotientAndRemainder(dividingBy: block.groupCount)
        let name = block.periods[period]
        let state = block.state[cell]
        let value = state.hasValue ? ValueFormat(block.kpi, language).text(block.value[cell]) : nil
        return [block.grain == .total ? CellWords.total[language] : name]
            + block.memberTexts(dimensions, group: group) + [
                value ?? ValueFormat.missing, interval(block, cell),
                CellWords.status(state)[language],
                sides(block, cell), count(block.n, cell), count(block.open, cell),
            ]
    }

    private func sides(_ block: CellBlock, _ cell: Int) -> String {
        guard let top = block.numerator?[cell], let bottom = block.denominator?[cell],
            !top.isNull, !bottom.isNull
        else { return "" }
        return ValueFormat(block.kpi, language).sides(top, bottom)
    }

    /// `60.1% – 68.9%`, where an interval was asked for.
    private func interval(_ block: CellBlock, _ cell: Int) -> String {
        guard let low = block.low?[cell], let high = block.high?[cell], !low.isNull, !high.isNull
        else { return "" }
        let format = ValueFormat(block.kpi, language)
        return "\(format.text(low)) – \(format.text(high))"
    }

    private func count(_ figures: Figures?, _ cell: Int) -> String {
        guard let number = figures?[cell], !number.isNull else { return "" }
        return ValueFormat.number(number)
    }

    // MARK: Lines

    private func table(_ columns: [Column], _ states: [CellState]) -> String {
        let rows = states.indices.map { row in columns.map { $0.cells[row] } }
        let table = TextTable(
            headers: columns.map(\.header), rows: rows, alignment: columns.map(\.alignment))
        guard isTerminal else { return table.text() }
        return table.text { row, column, text in
            guard let row else { return bold(text) }
            return columns[column].showsState ? coloured(text, states[row]) : text
        }
    }

    private func legend(_ states: [CellState]) -> String {
        let seen = Set(states)
        let lines = CellState.allCases.filter(seen.contains).compactMap(CellWords.legend)
        guard !lines.isEmpty else { return "" }
        return "\n" + lines.map { styled($0[language], "2") + "\n" }.joined()
    }

    // MARK: Colours

    private func bold(_ text: String) -> String { styled(text, "1") }

    private func coloured(_ text: String, _ state: CellState) -> String {
        switch state {
        case .final: text
        case .provisional, .partial: styled(text, "33")
        default: styled(text, "2")
        }
    }

    private func styled(_ text: String, _ code: String) -> String {
        isTerminal ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
