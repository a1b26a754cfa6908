import KPICore
import KPIModel

/// Where a server is, with the secrets that lead into it. Lives as long as a load and is never shown.
struct PostgresAddress: Sendable {
    /// As libpq takes it.
    let url: String
    /// As messages say it: host, port and database.
    let server: String
    private let secrets: [String]

    /// - Parameter environment: gives the value of a variable.
    /// - Throws: `Diagnostics` for a variable that is not set or holds no URL. Its value is not repeated.
    init(_ address: PostgresOrigin.Address, _ environment: (String) -> String?) throws(Diagnostics)
    {
        func value(_ variable: String) throws(Diagnostics) -> String {
            guard let value = environment(variable), !value.isEmpty else {
                throw Diagnostics(.noVariable(variable))
            }
            return value
        }
        switch address {
        case .url(let variable):
            guard let url = ServerURL(try value(variable)) else {
                throw Diagnostics(.badAddress(variable: variable))
            }
            self.init(url)
        case .parts(let parts):
            self.init(
                ServerURL(parts, password: try parts.passwordVariable.map(value)))
        }
    }

    private init(_ url: ServerURL) {
        self.url = url.withDefaults
        server = url.server
        secrets = url.secrets.filter { !$0.isEmpty } + [url.text]
    }

    /// A text of a driver or a server in which no secret stands any more.
    func hidingSecrets(in text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "***") }
    }
}

/// A URL of a server, taken apart strictly: one that libpq could read otherwise than its author meant
/// would put parts of a password into libpq's messages.
private struct ServerURL {
    let text: String
    private(set) var password: String?
    private(set) var hosts = ""
    private(set) var database = ""
    private(set) var settings: [(name: String, value: String)] = []

    init?(_ text: String) {
        self.text = text
        guard
            let match = text.wholeMatch(
                of:
                    #/postgres(?:ql)?://(?:([^@/?#:\s]*)(?::([^@/?#:\s]*))?@)?([^@/?#\s]*)(?:/([^@/?#:\s]*))?(?:\?([^@/?#\s]*))?/#
            )
        else { return nil }
        password = match.2.map(String.init)
        hosts = String(match.3)
        database = match.4.map(String.init) ?? ""
        for pair in (match.5 ?? "").split(separator: "&") {
            guard let mark = pair.firstIndex(of: "=") else { return nil }
            settings.append((String(pair[..<mark]), String(pair[pair.index(after: mark)...])))
        }
        let coded = [match.1, match.2, match.3, match.4, match.5].compactMap { $0 }
        guard coded.allSatisfy({ Self.decoded(String($0)) != nil }) else { return nil }
    }

    init(_ parts: ServerParts, password: String?) {
        self.password = password.map(Self.encoded)
        let isNumbered = parts.host.contains(":")
        hosts =
            (isNumbered ? "[\(parts.host)]" : Self.encoded(parts.host)) + ":\(parts.port)"
        database = Self.encoded(parts.database)
        if let encryption = parts.encryption { settings = [("sslmode", encryption)] }
        let login = Self.encoded(parts.user) + (self.password.map { ":" + $0 } ?? "")
        let query = settings.map { "?\($0.name)=\($0.value)" }.joined()
        text = "postgresql://\(login)@\(hosts)/\(database)\(query)"
    }

    /// A server that does not answer is given up after a while, and sees who asks.
    var withDefaults: String {
        var text = text
        for (name, value) in [("connect_timeout", "15"), ("application_name", "plumb")]
        where !settings.contains(where: { $0.name == name }) {
            text += (text.contains("?") ? "&" : "?") + "\(name)=\(value)"
        }
        return text
    }

    var server: String {
        let host = Self.decoded(hosts) ?? hosts
        let name = Self.decoded(database) ?? database
        return (host.isEmpty ? "PostgreSQL" : host) + (name.isEmpty ? "" : "/\(name)")
    }

    /// As written, and as the server takes it.
    var secrets: [String] {
        let hidden = ["password", "sslpassword"]
        let written =
            [password].compactMap { $0 }
            + settings.filter { hidden.contains($0.name) }.map(\.value)
        return written.flatMap { [$0, Self.decoded($0) ?? $0] }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._~".utf8.contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + digits
        }.joined()
    }

    /// Nil where a `%` is not followed by two digits.
    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
                let value = UInt8(digits, radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
