import Foundation

/// An invented company with two years of tickets, ratings, orders, opportunities and campaigns.
///
/// The same seed, scale and end give the same bytes on every run and platform. Rows are computed
/// day by day and written as they come; memory holds one day and what is still to come of it.
/// The stories planted in the data are told in `README.md` of this room.
package struct DemoCompany: Sendable {
    private let seed: UInt64
    private let scale: Double
    private let timeline: Timeline

    /// - Parameters:
    ///   - scale: 1 for about 20,000 tickets a year; everything but teams and the number of
    ///     campaigns goes with it.
    ///   - end: the last full month; 24 full months end with it, five days of the next follow.
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
    package static let files = [
        "teams.csv", "employees.csv", "customers.csv", "campaigns.csv", "tickets.csv",
        "ratings.csv", "opportunities.csv", "orders.csv",
    ]

    /// Writes all files into a folder, which it makes if need be; files of these names are
    /// replaced.
    ///
    /// - Parameter progress: hears the file, the steps done and the steps in all, the same when
    ///   the file is complete.
    package func write(
        to folder: String, progress: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let company = Company(seed: seed, scale: scale, timeline: timeline)
        try company.writeTeams(to: folder)
        progress("teams.csv", 1, 1)
        try company.writeEmployees(to: folder)
        progress("employees.csv", 1, 1)
        try company.writeCustomers(to: folder)
        progress("customers.csv", 1, 1)
        let campaigns = Campaigns(seed: seed, scale: scale, timeline: timeline)
        try campaigns.write(to: folder)
        progress("campaigns.csv", 1, 1)
        var service = ServiceFiles(company: company, scale: scale)
        try service.write(to: folder, progress: progress)
        var sales = SalesFiles(company: company, campaigns: campaigns, scale: scale)
        try sales.write(to: folder, progress: progress)
    }
}
