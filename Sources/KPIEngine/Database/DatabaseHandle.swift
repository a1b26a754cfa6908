import CADBC

/// An open database of a driver. Opened and closed on one queue (the registry's, for DuckDB); in
/// between the pointer is only read, hence `@unchecked Sendable`.
final class DatabaseHandle: @unchecked Sendable {
    let raw: UnsafeMutablePointer<AdbcDatabase>
    let driver: Driver
    private var isClosed = false

    convenience init(_ driver: Driver, path: String, options: DatabaseOptions) throws {
        try self.init(driver, options.settings(path: path))
    }

    /// Opens what the settings name; a driver of servers connects.
    init(_ driver: Driver, _ settings: [(name: String, value: String)]) throws {
        self.driver = driver
        raw = .allocate(capacity: 1)
        raw.initialize(to: AdbcDatabase())
        try driver.call("DatabaseNew") { driver.table.pointee.DatabaseNew?(raw, $0) }
        raw.pointee.private_driver = driver.table
        for (name, value) in settings {
            guard !value.utf8.contains(0) else {
                throw EngineError(.invalidInput, message: "the \(name) holds a zero character")
            }
            try driver.call("DatabaseSetOption") {
                driver.table.pointee.DatabaseSetOption?(raw, name, value, $0)
            }
        }
        try driver.call("DatabaseInit") { driver.table.pointee.DatabaseInit?(raw, $0) }
    }

    deinit {
        close()
        raw.deallocate()
    }

    /// Closes the database: the engine writes its log into the file and gives up the lock.
    func close() {
        if isClosed { return }
        isClosed = true
        guard raw.pointee.private_data != nil else { return }
        try? driver.call("DatabaseRelease") { driver.table.pointee.DatabaseRelease?(raw, $0) }
    }
}
