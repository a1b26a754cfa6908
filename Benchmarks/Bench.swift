import ArgumentParser
import Foundation
import KPICore

/// Measures the product against hand-written SQL on the same engine, as ratios. See README.md.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plumb-bench",
        abstract: "Measures a question of 2.9 million cells against hand-written SQL, as ratios.")

    @Flag(help: "A twentieth of the records.")
    var quick = false

    @Flag(help: "Prints where the time of a question goes.")
    var stages = false

    @Flag(help: "Only this question, without rivals: for a profiler.")
    var onlyProduct = false

    @Flag(help: "Only the first figure, which takes seconds.")
    var onlyCells = false

    @Flag(help: "Only the refresh, the page and the working time.")
    var onlyRefresh = false

    @Option(help: "Instead of all figures one run over this many tickets, with its peak memory.")
    var tickets: Int?

    @Flag(help: "Makes the records again even when they are there.")
    var fresh = false

    @Option(help: "Runs of which the median counts.")
    var runs = 5

    @Option(help: "Folder of the generated workspaces; made when it is missing.")
    var data = "Benchmarks/.data"

    func run() async throws {
        if let tickets { return try await runOnce(tickets) }
        let size = quick ? BenchSize.quick : .full
        let folder = "\(data)/\(quick ? "quick" : "full")"
        let place = try await Records(size: size, folder: folder).prepare(again: fresh)
        print("\(size.tickets) tickets, \(size.ratings) ratings; records in \(place)")
        print("release build: \(Self.isRelease ? "yes" : "no"); the system's file cache is warm")
        if onlyProduct {
            for _ in 0..<runs { try await Product(folder: folder).measure(printsStages: stages) }
            return
        }
        let figures = try await measure(folder)
        let thresholds = try Thresholds.read("Benchmarks/thresholds.json", quick: quick)
        print(Figure.table(figures, thresholds))
        if figures.contains(where: { $0.exceeds(thresholds) }) { throw ExitCode(1) }
    }

    /// The question over more tickets, equal to the rival's numbers, with the peak memory of each.
    private func runOnce(_ tickets: Int) async throws {
        let size = BenchSize(tickets: tickets, ratings: tickets / 3)
        let folder = "\(data)/\(tickets)"
        let place = try await Records(size: size, folder: folder).prepare(again: fresh)
        print("\(size.tickets) tickets, \(size.ratings) ratings; records in \(place)")
        PeakMemory.reset()
        let product = Product(folder: folder)
        let mine = try await product.measure(printsStages: stages)
        print("cells: \(mine.seconds) s, peak memory \(PeakMemory.megabytes()) MB")
        PeakMemory.reset()
        let theirs = try await Rival(folder: folder).fused()
        print("fused SQL: \(theirs.seconds) s, peak memory \(PeakMemory.megabytes()) MB")
        try Comparison(mine.answer, theirs.tables, product.calendar).check()
    }

    /// The figures on a copy of the workspace, whose records change.
    private func refreshFigures(_ folder: String) async throws -> [Figure] {
        let copy = folder + "-refresh"
        try await closeDatabases()
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: folder, toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let working = try await WorkingTimeMeasure(folder: copy, runs: runs).measure()
        let result = try await Refreshing(folder: copy, runs: runs).measure()
        print("  kept cells from nothing: \(String(format: "%.2f", result.fill)) s")
        for (what, megabytes) in result.peaks + [("working time", working.peak)] {
            print("  peak memory, \(what): \(megabytes) MB")
        }
        return [
            Figure(
                .refresh, "refresh after 10,000", result.refresh.median, "hand-written",
                result.rivalRefresh.median),
            Figure(.page, "page of cells", result.page, "prepared query", result.rivalPage),
            Figure(
                .working, "working time", working.ours, "plain subtraction", working.rival),
        ]
    }

    private func measure(_ folder: String) async throws -> [Figure] {
        if onlyRefresh { return try await refreshFigures(folder) }
        let product = Product(folder: folder)
        let rival = Rival(folder: folder)
        var ours: [Double] = []
        var fused: [Double] = []
        for run in 0..<runs {
            let mine = try await product.measure(printsStages: stages)
            let theirs = try await rival.fused()
            if run == 0 { try Comparison(mine.answer, theirs.tables, product.calendar).check() }
            ours.append(mine.seconds)
            fused.append(theirs.seconds)
        }
        let cells = Figure(.cells, "records to cells", ours.median, "fused SQL", fused.median)
        if onlyCells { return [cells] }
        let single = try await rival.oneByOne()
        let written = try await Writing(folder: folder, runs: runs).measure()
        let check = try CheckMeasure(folder: "\(data)/cards", runs: runs).measure()
        return [
            cells,
            Figure(.queries, "records to cells", ours.median, "240 queries", single),
            Figure(.writing, "cells to CSV", written.ours, "COPY", written.rival),
            Figure(.check, "check of 1,000 cards", check.ours, "reading YAML", check.rival),
        ] + (try await refreshFigures(folder))
    }

    static var isRelease: Bool {
        #if DEBUG
        false
        #else
        true
        #endif
    }
}

/// How many records over how many days.
struct BenchSize {
    let tickets: Int
    let ratings: Int

    static let full = BenchSize(tickets: 10_000_000, ratings: 3_300_000)
    static let quick = BenchSize(tickets: 500_000, ratings: 165_000)
    static let agents = 250
    static let teams = 25
    static let departments = 5
}

/// Seconds that a piece of work takes.
func seconds<T>(_ work: () throws -> T) rethrows -> (result: T, seconds: Double) {
    let start = ContinuousClock.now
    let result = try work()
    return (result, start.duration(to: .now).inSeconds)
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

extension [Double] {
    var median: Double {
        let sorted = sorted()
        let middle = count / 2
        return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
