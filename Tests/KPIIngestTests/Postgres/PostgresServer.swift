import Foundation
import KPICore
import KPIEngine
import Synchronization
import Testing

/// A PostgreSQL server of the tests' own: in a temporary folder, on a free port, with a password.
///
/// It ends with the object; a small process beside it ends it when the tests themselves are ended.
final class PostgresServer: Sendable {
    static let user = "plumb_test"
    /// Has what a URL must write otherwise.
    static let password = "Geheim/ü@7%:x"

    /// Where `initdb` and `pg_ctl` are; nil: no server is installed.
    static let binaries: String? = {
        let manager = FileManager.default
        let packaged = "/usr/lib/postgresql"
        let versions = (try? manager.contentsOfDirectory(atPath: packaged)) ?? []
        let places =
            versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(packaged)/\($0)/bin" }
            + ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin", "/usr/pgsql/bin"]
        return places.first { manager.isExecutableFile(atPath: $0 + "/initdb") }
    }()

    static let isExpected = ProcessInfo.processInfo.environment["PLUMB_SERVER_TESTS"] == "required"

    private static let common = Mutex<PostgresServer?>(nil)

    /// The one that tests share, each in a schema of its own.
    static func shared() throws -> PostgresServer {
        try common.withLock { server in
            if let server { return server }
            let started = try PostgresServer()
            server = started
            return started
        }
    }

    let port: Int
    private let folder: String
    private let watch: Process

    init() throws {
        _ = try #require(Self.binaries, "no PostgreSQL server is installed: scripts/setup --tests")
        folder = "/tmp/plumb-postgres-\(UUID().uuidString.prefix(8))"
        port = try Self.freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        watch = Process()
        try prepare()
        try start()
    }

    deinit {
        if watch.isRunning { watch.terminate() }
        crash()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func start() throws {
        let options = "-p \(port) -h 127.0.0.1 -c unix_socket_directories= -c fsync=off"
        try Self.run(
            "pg_ctl", "start", "-w", "-D", folder + "/data", "-l", folder + "/log", "-o", options)
    }

    /// Ends it as a broken machine does: nothing is brought to an end.
    func crash() {
        try? Self.run("pg_ctl", "stop", "-m", "immediate", "-D", folder + "/data")
    }

    var environment: [String: String] { ["PLUMB_TEST_CRM": url(Self.password)] }

    func url(_ password: String, database: String = "postgres") -> String {
        let plain = CharacterSet.alphanumerics.intersection(
            CharacterSet(charactersIn: "\0"..."\u{7F}"))
        let coded = password.addingPercentEncoding(withAllowedCharacters: plain)!
        return "postgresql://\(Self.user):\(coded)@127.0.0.1:\(port)/\(database)"
    }

    /// Runs statements one after another.
    func run(_ statements: [String]) async throws {
        let connection = try await connect()
        for statement in statements { try await connection.execute(statement) }
    }

    /// The rows of a query as texts, `-` for a missing value.
    func rows(_ sql: String) async throws -> [[String]] {
        let table = try await connect().query(sql)
        return (0..<table.rowCount).map { row in
            table.columns.map { column in
                if case .text(let text) = column[row] { text } else { "-" }
            }
        }
    }

    private func connect() async throws -> Connection {
        let driver = try DriverLibrary.load(
            "libadbc_driver_postgresql.so", noun: "PostgreSQL driver",
            variable: "PLUMB_POSTGRES_DRIVER")
        return try await RemoteDatabase.open(driver, options: [("uri", url(Self.password))])
            .connect()
    }

    // MARK: Processes

    private func prepare() throws {
        let secret = folder + "/password"
        try Self.password.write(toFile: secret, atomically: true, encoding: .utf8)
        if Self.isRoot { try Self.wait(for: "/bin/chown", ["-R", Self.owner, folder]) }
        try Self.run(
            "initdb", "-D", folder + "/data", "-U", Self.user, "-A", "scram-sha-256", "--pwfile",
            secret, "--no-sync", "-E", "UTF8", "--locale=C")
        let (program, arguments) = Self.command(
            "pg_ctl", ["stop", "-m", "immediate", "-D", folder + "/data"])
        let stop = ([program] + arguments).map { "'\($0)'" }.joined(separator: " ")
        watch.executableURL = URL(fileURLWithPath: "/bin/sh")
        watch.arguments = [
            "-c", "while kill -0 \(getpid()) 2>&-; do sleep 2; done; \(stop); rm -rf '\(folder)'",
        ]
        watch.standardOutput = FileHandle.nullDevice
        watch.standardError = FileHandle.nullDevice
        try watch.run()
    }

    private static let isRoot = getuid() == 0

    /// The server refuses to run as root.
    private static let owner = getpwnam("postgres") != nil ? "postgres" : "nobody"

    private static func command(_ name: String, _ arguments: [String]) -> (String, [String]) {
        let program = binaries! + "/" + name
        guard isRoot else { return (program, arguments) }
        return ("/usr/bin/env", ["runuser", "-u", owner, "--", program] + arguments)
    }

    private static func run(_ name: String, _ arguments: String...) throws {
        let (program, arguments) = command(name, arguments)
        try wait(for: program, arguments)
    }

    /// The server must not keep what the waiting hears by open, or it would be waited for as well.
    private static let closing = """
        (for fd in /proc/self/fd/*; do fd="${fd##*/}"; if [ "$fd" -gt 2 ]; \
        then eval "exec $fd>&-"; fi; done; exec "$@")
        """

    private static func wait(for program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash", "-c", closing, "bash", program] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: "/tmp")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ServerFailure(command: ([program] + arguments).joined(separator: " "))
        }
    }

    struct ServerFailure: Error {
        let command: String
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general -> Int? in
                guard bind(descriptor, general, length) == 0,
                    getsockname(descriptor, general, &length) == 0
                else { return nil }
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
        return try #require(port)
    }
}

/// A condition of suites that need a server: with `PLUMB_SERVER_TESTS=required` they fail where there is none.
extension Trait where Self == ConditionTrait {
    static var needsServer: Self {
        .enabled(
            if: PostgresServer.binaries != nil || PostgresServer.isExpected,
            "no PostgreSQL server is installed: scripts/setup --tests")
    }
}
