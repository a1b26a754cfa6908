import Foundation
import KPICore

/// An invented company as a folder of CSV files in the shape of the standard model, one for each
/// entity, and `coverage.csv`.
///
/// The same seed, scale and end give the same bytes on every run and platform. Rows are made day
/// by day and written as they come; memory is O(customers + employees), about 200 bytes for each
/// customer. The stories planted in the data are told in `README.md` of this room.
package struct DemoCompany: Sendable {
    private let seed: UInt64
    private let scale: Double
    private let timeline: Timeline

    /// - Parameters:
    ///   - scale: 1 for about 60 employees, 3,000 customers and 20,000 tickets a year; units,
    ///     campaigns, products and articles do not go with it.
    ///   - end: the last full month; the data are 24 full months that end with it.
    package init(
        seed: UInt64 = 1, scale: Double = 1, end: (year: Int, month: Int) = (2026, 10)
    ) {
        precondition(scale > 0 && scale <= 1000, "a scale lies above 0 and up to 1000")
        precondition((1...12).contains(end.month), "a month lies between 1 and 12")
        self.seed = seed
        self.scale = scale
        timeline = Timeline(endYear: end.year, endMonth: end.month)
    }

    /// The files `write` makes.
    package static let files = Entity.allCases.map(\.file) + ["coverage.csv"]

    /// Writes all files into a folder, which it makes if need be; files of these names are
    /// replaced.
    ///
    /// - Parameter progress: hears the file, the steps done and the steps in all, the same when
    ///   the file is complete. A step is a month.
    package func write(
        to folder: String, progress: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let files = try EntityFiles(folder: folder, horizon: timeline.horizon)
        let world = World(seed: seed, scale: scale, timeline: timeline)
        let departments = Departments(world, files)
        departments.begin()
        for day in timeline.fullDays {
            departments.day(day)
            guard world.isMonthEnd(day) else { continue }
            let month = world.month(of: day)
            departments.month(month)
            try files.check()
            guard month < 23 else { continue }
            for file in Self.files { progress(file, month + 1, 24) }
        }
        departments.end()
        try files.close()
        try writeCoverage(to: folder)
        for file in Self.files { progress(file, 24, 24) }
    }

    /// Every entity is covered from the first day to the last.
    private func writeCoverage(to folder: String) throws {
        let writer = try CSVWriter(
            folder: folder, file: "coverage.csv",
            columns: ["entity", "covered_from", "covered_to", "time_axis"])
        for entity in Entity.allCases {
            writer.text(entity.name)
            writer.date(timeline.firstDay)
            writer.date(timeline.lastDay + 1)
            writer.empty()
            try writer.endRow()
        }
        try writer.close()
    }
}

/// Everyone who writes, in the order of the day.
private struct Departments {
    let world: World
    let files: EntityFiles
    private let ledger: Ledger
    private let sales: SalesDesk
    private let pipeline: PipelineDesk
    private let marketing: MarketingDesk
    private let service: ServiceDesk
    private let articles: Articles

    init(_ world: World, _ files: EntityFiles) {
        self.world = world
        self.files = files
        ledger = Ledger(world: world)
        sales = SalesDesk(world, files, ledger)
        pipeline = PipelineDesk(world, files, ledger, sales)
        marketing = MarketingDesk(world, files, sales)
        articles = Articles(world, files)
        service = ServiceDesk(world, files, ledger, articles)
    }

    private var people: PeopleFiles { PeopleFiles(world: world, files: files) }

    func begin() {
        OrganisationFiles(world: world, files: files).write()
        CustomerFiles(world: world, files: files).write()
        Products.write(to: files)
        marketing.begin()
        articles.begin()
        ContractFiles(world: world, files: files, sales: sales).write()
        pipeline.begin()
        sales.begin()
    }

    func day(_ day: Int) {
        marketing.day(day)
        pipeline.day(day)
        sales.day(day)
        ActivityFiles(world: world, files: files).day(day)
        service.day(day)
        people.day(day, solved: service.takeResolvers(on: day))
    }

    func month(_ month: Int) {
        people.month(month)
        articles.month(month)
        FinanceFiles(world: world, files: files, ledger: ledger).month(month)
        SignalFiles(world: world, files: files, ledger: ledger).month(month)
    }

    func end() {
        ClosingFiles(world: world, files: files, ledger: ledger).write()
        SignalFiles(world: world, files: files, ledger: ledger).writeForecasts()
    }
}
