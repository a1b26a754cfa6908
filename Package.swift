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
    .target(name: "KPIReport", dependencies: ["KPICore"], swiftSettings: settings),
    .testTarget(
        name: "KPIReportTests", dependencies: ["KPIReport", "KPICore", "TestSupport"],
        swiftSettings: settings),
    .target(name: "KPIDemo", swiftSettings: settings),
    .testTarget(name: "KPIDemoTests", dependencies: ["KPIDemo"], swiftSettings: settings),
    .target(name: "CADBC", publicHeadersPath: "include"),
    .target(
        name: "KPIEngine", dependencies: ["KPICore", "CADBC"], swiftSettings: settings,
        linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "KPIFormula", dependencies: ["KPICore"], swiftSettings: settings),
    .testTarget(
        name: "KPIFormulaTests", dependencies: ["KPIFormula", "KPICore", "TestSupport"],
        swiftSettings: settings),
    .testTarget(
        name: "KPICoreTests", dependencies: ["KPICore", "TestSupport"], swiftSettings: settings),
    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
    .testTarget(
        name: "KPIEngineTests", dependencies: ["KPIEngine", "KPICore"], swiftSettings: settings),
]
