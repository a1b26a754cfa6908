import CADBC
import Glibc
import Synchronization

/// A loaded ADBC driver: the library's function table.
///
/// The table is filled once, then only read; drivers keep pointers to it, so it stands on the heap
/// and is never moved, freed or unloaded. Hence `@unchecked Sendable`.
final class Driver: @unchecked Sendable {
    let table: UnsafeMutablePointer<AdbcDriver>
    /// The ADBC version that the driver agreed to: 1_001_000 or 1_000_000.
    let version: Int32

    private static let loaded = Mutex<[String: Driver]>([:])

    /// The driver behind an entry point of an open library, loaded once in a process.
    static func load(_ library: DynamicLibrary, entry: String) throws -> Driver {
        try loaded.withLock { loaded in
            let key = "\(library.path)\0\(entry)"
            if let driver = loaded[key] { return driver }
            let driver = try Driver(library, entry: entry)
            loaded[key] = driver
            return driver
        }
    }

    private init(_ library: DynamicLibrary, entry: String) throws {
        guard let symbol = library.symbol(entry) else {
            throw EngineError(
                .libraryUnusable, message: "\(library.path) has no ADBC entry point \(entry)")
        }
        let initialise = unsafeBitCast(symbol, to: AdbcDriverInitFunc.self)
        table = .allocate(capacity: 1)
        let versions = [CADBC_VERSION_1_1, CADBC_VERSION_1_0].map { Int32($0) }
        for version in versions where Self.fill(table, initialise, version) {
            self.version = version
            return
        }
        table.deallocate()
        throw EngineError(
            .libraryUnusable, message: "\(library.path) speaks neither ADBC 1.1 nor 1.0")
    }

    private static func fill(
        _ table: UnsafeMutablePointer<AdbcDriver>, _ initialise: AdbcDriverInitFunc,
        _ version: Int32
    ) -> Bool {
        table.initialize(to: AdbcDriver())
        var error = blankError()
        defer { error.release?(&error) }
        return initialise(version, table, &error) == 0
    }

    /// The error struct as it goes into a call: the vendor code says that all members exist.
    private static func blankError() -> AdbcError {
        var error = AdbcError()
        error.vendor_code = Int32.min
        return error
    }

    /// Calls one function of the table. A status other than 0 is thrown, the C error released.
    ///
    /// - Parameters:
    ///   - step: the function's name, for the error's text.
    ///   - body: makes the call; nil when the driver has no such function.
    func call(
        _ step: String, _ body: (UnsafeMutablePointer<AdbcError>) -> AdbcStatusCode?
    ) throws {
        var error = Self.blankError()
        error.private_driver = table
        defer { error.release?(&error) }
        guard let status = body(&error) else {
            throw EngineError(.notSupported, status: 2, message: "the driver has no \(step)")
        }
        if status != 0 { throw Self.read(error, status, step) }
    }

    /// The C error as a value. Does not release it.
    static func read(_ error: AdbcError, _ status: AdbcStatusCode, _ step: String) -> EngineError {
        let state = withUnsafeBytes(of: error.sqlstate) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let message = error.message.map { String(cString: $0) } ?? "\(step) failed without words"
        return .reported(status: status, sqlState: state, message: message)
    }
}

/// A shared library that was opened and is never closed: engines own threads and thread-locals.
struct DynamicLibrary: @unchecked Sendable {
    let path: String
    private let handle: UnsafeMutableRawPointer

    /// Opens a library. `path` without a slash is looked up by the system's loader.
    init(opening path: String) throws {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw EngineError(.libraryUnusable, message: "\(path) does not load: \(reason)")
        }
        self.path = path
        self.handle = handle
    }

    func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(handle, name) }
}
