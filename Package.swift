// swift-tools-version: 6.2
import PackageDescription

// Rooms and the way their arrows point are described in README.md; CI checks that no target
// depends on anything but what is named here.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "plumbline",
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    ],
    targets: []
)

package.targets += [
    .target(name: "KPICore", swiftSettings: settings),
    .target(
        name: "KPIModel", dependencies: ["KPIFormula", "KPICore", "Yams"], swiftSettings: settings),
    .target(
        name: "KPIQuery", dependencies: ["KPIModel", "KPIFormula", "KPICore"],
        swiftSettings: settings),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
        name: "KPIIngest",
        dependencies: [
            "KPIQuery", "KPIModel", "KPIFormula", "KPIEngine", "KPICore", "CZlib",
            .product(name: "Crypto", package: "swift-crypto"),
        ], swiftSettings: settings),
    .target(name: "KPIReport", dependencies: ["KPICore"], swiftSettings: settings),
    .testTarget(
        name: "KPIReportTests", dependencies: ["KPIReport", "KPICore"], swiftSettings: settings),
    .target(
        name: "KPIDemo", dependencies: ["KPICore"], exclude: ["README.md"], swiftSettings: settings),
    .testTarget(
        name: "KPIDemoTests", dependencies: ["KPIDemo", "KPICore"], swiftSettings: settings),
    .target(name: "CADBC", publicHeadersPath: "include"),
    .target(
        name: "KPIEngine", dependencies: ["KPICore", "CADBC"], swiftSettings: settings,
        linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "KPIFormula", dependencies: ["KPICore"], swiftSettings: settings),
    .testTarget(
        name: "KPIFormulaTests", dependencies: ["KPIFormula", "KPICore"], swiftSettings: settings),
    .testTarget(name: "KPICoreTests", dependencies: ["KPICore"], swiftSettings: settings),
    .testTarget(
        name: "KPIEngineTests", dependencies: ["KPIEngine", "KPICore", "CADBC"],
        swiftSettings: settings),
]
