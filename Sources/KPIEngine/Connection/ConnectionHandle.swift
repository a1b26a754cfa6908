import CADBC

/// What connections are opened to, and keep open.
protocol ConnectionTarget: AnyObject, Sendable {
    var handle: DatabaseHandle { get }
}

extension Database: ConnectionTarget {}
extension RemoteDatabase: ConnectionTarget {}

/// An open connection of a driver. Used and released on its connection's queue only, hence
/// `@unchecked Sendable`; it keeps the database open.
final class ConnectionHandle: @unchecked Sendable {
    let target: any ConnectionTarget
    let raw: UnsafeMutablePointer<AdbcConnection>
    var driver: Driver { target.handle.driver }

    init(_ target: any ConnectionTarget) throws {
        self.target = target
        let driver = target.handle.driver
        raw = .allocate(capacity: 1)
        raw.initialize(to: AdbcConnection())
        try driver.call("ConnectionNew") { driver.table.pointee.ConnectionNew?(raw, $0) }
        raw.pointee.private_driver = driver.table
        try driver.call("ConnectionInit") {
            driver.table.pointee.ConnectionInit?(raw, target.handle.raw, $0)
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
