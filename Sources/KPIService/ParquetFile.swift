import KPICore
import KPIEngine
import KPIIngest

/// An answer as a Parquet file: the columns of the CSV, numbers as DOUBLE with the exact text beside.
package struct ParquetFile {
    let answer: Answer

    package init(answer: Answer) { self.answer = answer }

    /// - Throws: `Diagnostics` when the file cannot be written.
    package func write(to path: String) async throws {
        do {
            let database = try await Database.inMemory()
            let connection = try await database.connect()
            for (index, block) in answer.blocks.enumerated() {
                try await connection.ingest(
                    table(block), into: "cells", mode: index == 0 ? .create : .append)
            }
            try await connection.execute("COPY cells TO ? (FORMAT parquet)", [.text(path)])
        } catch let error as EngineError {
            throw Diagnostics(.engine(error.message))
        }
    }

    private func table(_ block: CellBlock) -> Table {
        let cells = block.state.indices.filter { block.state[$0] != .absent }
        let count = cells.count
        let groups = block.groupCount
        func repeated(_ text: String) -> Column.Values {
            .text([String](repeating: text, count: count))
        }
        func column(_ name: String, _ texts: (Int) -> String) -> Column {
            Column(name: name, values: .text(cells.map(texts)))
        }
        var columns = [
            Column(name: "kpi", values: repeated(block.kpi.id)),
            Column(name: "grain", values: repeated(block.grain.rawValue)),
            column("period") { block.periods[$0 / max(1, groups)] },
        ]
        for name in answer.dimensions {
            let position = block.dimensions.firstIndex(of: name)
            columns.append(
                column(name) { index in position.map { block.members[$0][index % groups] } ?? "*" })
        }
        columns += number("value", block.value, cells)
        columns.append(Column(name: "unit", values: repeated(block.kpi.unit.description)))
        columns += number("numerator", block.numerator, cells)
        columns += number("denominator", block.denominator, cells)
        columns += number("n", block.n, cells)
        columns += number("open", block.open, cells)
        columns.append(column("status") { block.state[$0].status })
        columns.append(column("reason") { block.state[$0].reason })
        columns.append(Column(name: "version", values: repeated(block.kpi.version)))
        columns.append(Column(name: "watermark", values: repeated(block.kpi.watermark)))
        if answer.hasIntervals {
            columns += number("low", block.low, cells) + number("high", block.high, cells)
        }
        columns.append(column("value_exact") { exact(block.value[$0]) })
        return Table(columns: columns)
    }

    private func exact(_ value: Scalar) -> String {
        switch value {
        case .integer(let number): String(number)
        case .decimal(let number): number.trimmed.description
        case .double(let number): number.description
        default: ""
        }
    }

    private func number(_ name: String, _ figures: Figures?, _ cells: [Int]) -> [Column] {
        guard let figures else {
            let none = [Double](repeating: 0, count: cells.count)
            return [
                Column(
                    name: name, values: .double(none),
                    validity: [Bool](repeating: false, count: cells.count))
            ]
        }
        return [
            Column(
                name: name, values: .double(cells.map { figures.numbers.double($0) }),
                validity: figures.present.map { present in cells.map { present[$0] } })
        ]
    }
}
