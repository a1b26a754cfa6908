/// A table of texts with aligned columns, also where Chinese stands beside Latin.
package struct TextTable: Sendable {
    package enum Alignment: Sendable { case left, right }

    package var headers: [String]
    /// Each at most as long as the headers.
    package var rows: [[String]]
    /// One for each column; columns beyond its end are aligned to the left.
    package var alignment: [Alignment]

    package init(headers: [String], rows: [[String]], alignment: [Alignment] = []) {
        self.headers = headers
        self.rows = rows
        self.alignment = alignment
    }

    /// The lines of the table: headers, a rule and the rows, two spaces between columns, no space
    /// at the end of a line. Controls are written as spaces. O(cells).
    ///
    /// - Parameter style: what to make of a padded cell, for colours; the header is row nil.
    package func text(
        style: (_ row: Int?, _ column: Int, _ text: String) -> String = { $2 }
    ) -> String {
        let names = headers.map(\.oneLine)
        let cells = rows.map { $0.map(\.oneLine) }
        let widths = names.indices.map { column in
            cells.reduce(displayWidth(names[column])) { widest, row in
                max(widest, column < row.count ? displayWidth(row[column]) : 0)
            }
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        var lines = [line(names, widths) { style(nil, $0, $1) }, rule]
        for (index, row) in cells.enumerated() {
            lines.append(line(row, widths) { style(index, $0, $1) })
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(
        _ cells: [String], _ widths: [Int], _ style: (Int, String) -> String
    ) -> String {
        let last = cells.lastIndex { !$0.isEmpty } ?? -1
        let texts = cells.indices.prefix(last + 1).map { column in
            let alignment = column < alignment.count ? alignment[column] : .left
            let isOpenEnd = column == last && alignment == .left
            let text = cells[column].padded(to: isOpenEnd ? 0 : widths[column], alignment)
            return cells[column].isEmpty ? text : style(column, text)
        }
        return texts.joined(separator: "  ")
    }
}
