/// Columns of equal length, in order. What a statement answers and what is ingested.
package struct Table: Sendable, Equatable {
    package var columns: [Column]
    package var rowCount: Int

    package init(columns: [Column] = []) {
        self.columns = columns
        rowCount = columns.first?.count ?? 0
        assert(columns.allSatisfy { $0.count == rowCount })
    }

    /// The column of this name, or nil. Names are compared exactly.
    package subscript(name: String) -> Column? {
        columns.first { $0.name == name }
    }

    /// The scalar at a row and column; `.null` where it is missing.
    package subscript(row: Int, column: Int) -> Scalar { columns[column][row] }
}
