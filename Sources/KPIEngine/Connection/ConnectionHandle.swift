import CADBC

/// An open connection of a driver. Used and released on its connection's queue only, hence
/// `@unchecked Sendable`; it keeps the database open.
final class ConnectionHandle: @unchecked Sendable {
    let database: Database
    let raw: UnsafeMutablePointer<AdbcConnection>
    var driver: Driver { database.library.driver }

    init(_ database: Database) throws {
        self.database = database
        let driver = database.library.driver
        raw = .allocate(capacity: 1)
        raw.initialize(to: AdbcConnection())
        try driver.call("ConnectionNew") { driver.table.pointee.ConnectionNew?(raw, $0) }
        raw.pointee.private_driver = driver.table
        try driver.call("ConnectionInit") {
            driver.table.pointee.ConnectionInit?(raw, database.handle.raw, $0)
        }
    }

    deinit {
        if raw.pointee.private_data != nil {
            try? driver.call("ConnectionRelease") {
                driver.table.pointee.ConnectionRelease?(raw, $0)
            }
        }
        raw.deallocate()
    }
}
