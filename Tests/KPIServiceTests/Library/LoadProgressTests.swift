import KPIIngest
import KPIService
import Synchronization
import TestSupport
import Testing

/// Whoever waits for a long load is told what goes on.
struct LoadProgressTests {
    @Test("A load says which file it reads, and then what it does with all records")
    func steps() async throws {
        let scratch = try ScratchWorkspace()
        defer { withExtendedLifetime(scratch) {} }
        let data = StandardWitness.folder + "/data"
        _ = try StandardWorkspace.write(to: scratch.folder + "/workspace", data: data)
        let company = try await Company.open(scratch.folder + "/workspace")
        let told = Told()
        var loader = Loader(warehouse: company.warehouse, dataFolder: data)
        loader.progress = told.note
        _ = try await loader.load()
        let progress = told.all
        let files = progress.prefix { $0.step == nil }
        #expect(files.map(\.done) == Array(0..<files.count) && files.count == files[0].total)
        let steps = progress.dropFirst(files.count).compactMap(\.step)
        #expect(steps.count == progress.count - files.count)
        #expect(steps.first == .references)
        #expect(steps.suffix(2) == [.changes, .expectations])
        let computed = steps.dropFirst().dropLast(2)
        #expect(computed.contains(.computing(dataset: "tickets")))
        #expect(
            computed.allSatisfy { if case .computing = $0 { true } else { false } },
            "\(computed)")
    }
}

private final class Told: Sendable {
    private let progress = Mutex<[LoadProgress]>([])

    var all: [LoadProgress] { progress.withLock { $0 } }

    @Sendable func note(_ one: LoadProgress) { progress.withLock { $0.append(one) } }
}
