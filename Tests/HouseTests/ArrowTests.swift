import Foundation
import Testing

/// The rooms and what each may import: the only table of the arrows.
private let arrows: [String: Set<String>] = [
    "KPICore": [],
    "KPIFormula": ["KPICore"],
    "KPIModel": ["KPIFormula", "KPICore", "Yams"],
    "KPIQuery": ["KPIModel", "KPIFormula", "KPICore"],
    "KPIEngine": ["KPICore", "CADBC"],
    "KPIIngest": [
        "KPIQuery", "KPIModel", "KPIFormula", "KPIEngine", "KPICore", "CZlib", "Crypto",
    ],
    "KPIReport": ["KPICore"],
    "KPIDemo": ["KPICore"],
    "KPIService": [
        "KPIIngest", "KPIQuery", "KPIModel", "KPIFormula", "KPIEngine", "KPIReport", "KPICore",
        "Crypto", "GRDB",
    ],
    "plumb": [
        "KPIService", "KPIDemo", "KPIIngest", "KPIQuery", "KPIModel", "KPIFormula", "KPIReport",
        "KPICore", "ArgumentParser",
    ],
    // C declarations
    "CADBC": [],
    "CZlib": [],
]

/// Modules of the toolchain and of the system, open to every room.
private let system: Set<String> = [
    "Dispatch", "Foundation", "Glibc", "Synchronization",
]

@Suite("Arrows between rooms")
struct ArrowTests {
    @Test("Every room stands in the table", arguments: Checkout.rooms)
    func isKnown(room: String) {
        #expect(arrows[room] != nil)
    }

    @Test("A room imports only what its arrows allow", arguments: arrows.keys.sorted())
    func imports(room: String) throws {
        let allowed = try #require(arrows[room]).union(system)
        for file in Checkout.sources(of: room) {
            let text = try String(contentsOf: file, encoding: .utf8)
            let foreign = Self.imports(text).subtracting(allowed)
            #expect(foreign.isEmpty, "\(room)/\(file.lastPathComponent) imports \(foreign)")
        }
    }

    @Test("No room reaches itself along the arrows")
    func hasNoCircle() {
        for room in arrows.keys {
            var reached: Set<String> = []
            var open = arrows[room] ?? []
            while let next = open.popFirst() {
                if reached.insert(next).inserted { open.formUnion(arrows[next] ?? []) }
            }
            #expect(!reached.contains(room))
        }
    }

    /// The modules that a file imports, whatever stands before `import` on the line.
    private static func imports(_ text: String) -> Set<String> {
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
        ]
        var names: Set<String> = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let start = words.firstIndex(of: "import"),
                words[..<start].allSatisfy({ $0.hasPrefix("@") || Self.access.contains($0) })
            else { continue }
            let name = words[(start + 1)...].first { !kinds.contains($0) }
            if let module = name?.split(separator: ".").first { names.insert(String(module)) }
        }
        return names
    }

    private static let access: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private",
    ]
}
