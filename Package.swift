// swift-tools-version: 6.2
import PackageDescription

// Rooms and the way their arrows point are described in README.md. A test over this manifest and
// the imports checks that no target depends on anything but what is named here.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

/// A room: a library of the product with its own tests in `Tests/NAMETests`.
func room(
    _ name: String, on dependencies: [Target.Dependency] = [], exclude: [String] = [],
    resources: [Resource] = [], linker: [LinkerSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources,
        swiftSettings: settings,
        linkerSettings: linker)
}

func tests(of room: String, on dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: room + "Tests",
        dependencies: [.target(name: room), "TestSupport"] + dependencies,
        swiftSettings: settings)
}

let package = Package(
    name: "plumbline",
    products: [.executable(name: "plumb", targets: ["plumb"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    ],
    targets: [
        // C declarations
        .target(name: "CADBC", publicHeadersPath: "include"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        // Rooms, the deepest first
        room("KPICore"),
        room("KPIFormula", on: ["KPICore"]),
        room(
            "KPIModel", on: ["KPIFormula", "KPICore", "Yams"], resources: [.copy("Library")]),
        room("KPIQuery", on: ["KPIModel", "KPIFormula", "KPICore"]),
        room("KPIEngine", on: ["KPICore", "CADBC"], linker: [.linkedLibrary("dl")]),
        room(
            "KPIIngest",
            on: ["KPIQuery", "KPIModel", "KPIFormula", "KPIEngine", "KPICore", "CZlib", crypto]),
        room("KPIReport", on: ["KPICore"]),
        room("KPIDemo", on: ["KPICore"], exclude: ["README.md"]),
        room(
            "KPIService",
            on: [
                "KPIIngest", "KPIQuery", "KPIModel", "KPIFormula", "KPIEngine", "KPIReport",
                "KPICore", crypto, grdb,
            ]),
        .executableTarget(
            name: "plumb",
            dependencies: [
                "KPIService", "KPIDemo", "KPIIngest", "KPIQuery", "KPIModel", "KPIFormula",
                "KPIReport", "KPICore", argumentParser,
            ], swiftSettings: settings),

        // Measurements, see Benchmarks/README.md
        .executableTarget(
            name: "plumb-bench",
            dependencies: [
                "KPIService", "KPIIngest", "KPIQuery", "KPIModel", "KPIEngine", "KPIReport",
                "KPICore", argumentParser, "Yams",
            ], path: "Benchmarks", exclude: ["README.md", "thresholds.json"],
            swiftSettings: settings),

        // Tests
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
        .testTarget(name: "HouseTests", swiftSettings: settings),
        tests(of: "KPICore"),
        tests(of: "KPIFormula", on: ["KPICore"]),
        tests(of: "KPIModel", on: ["KPIService", "KPIIngest", "KPIFormula", "KPICore"]),
        tests(of: "KPIEngine", on: ["KPICore", "CADBC"]),
        tests(of: "KPIIngest", on: ["KPIModel", "KPIEngine", "KPICore"]),
        tests(of: "KPIReport", on: ["KPICore"]),
        tests(of: "KPIDemo", on: ["KPICore"]),
        tests(
            of: "KPIService",
            on: [
                "KPIIngest", "KPIQuery", "KPIModel", "KPIFormula", "KPIEngine", "KPIReport",
                "KPICore", "KPIDemo", "Yams", grdb,
            ]),
    ]
)
