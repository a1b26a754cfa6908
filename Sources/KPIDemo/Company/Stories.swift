import KPICore

/// What is planted in the data for someone to find. `README.md` tells the stories in full.
///
/// Months count from the first month of the data.
enum Story {
    /// Hand-overs between service teams pile up: slow replies, low ratings.
    static let dip = 15..<18
    /// From here on tickets go straight to the team that can solve them.
    static let directRouting = 18
    /// From here on the online team is judged by first contact resolution, and closes early.
    static let earlyClosing = 12
    static let earlyClosers = Team.online
    /// The team of the salesperson who books deals before they are ripe; the second one hired.
    static let pullingTeam = Team.salesEast
    /// A deal is pulled when it would have closed within so many days of the new quarter.
    static let pulledDays = 60
    /// The campaign everybody clicks and nobody buys from: the second one of this month.
    static let hollowCampaignMonth = 19

    /// The last day of the quarter before the one `day` lies in.
    static func lastQuarterEnd(before day: Int) -> Int {
        let index = CivilDate(day: day).monthIndex
        return CivilDate.firstDay(ofMonthIndex: index - index % 3).day - 1
    }
}
