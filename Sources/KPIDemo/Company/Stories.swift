import KPICore

/// What is planted in the data for someone to find. `README.md` tells the stories in full.
///
/// Months count from the first month of the data.
enum Story {
    /// Hand-overs between service teams pile up: slow replies, low scores.
    static let dip = 15..<18
    /// From here on tickets go straight to the team that can solve them.
    static let directRouting = 18
    /// Small businesses leave after a rise in prices.
    static let churnWave = 20..<23
    static let churningSegment = Segment.smallBusiness
    /// From here on the team Online is judged by first-contact resolution, and closes early.
    static let earlyClosing = 12
    static let hastyUnit = OrgUnit.online
    /// The salesperson who books deals before they are ripe; the second desk of the team.
    static let pullingUnit = OrgUnit.salesEast
    static let pullingPlace = 1
    /// A deal is pulled when it would have closed within so many days of the new quarter.
    static let pulledDays = 60
    /// The campaign everybody clicks and nobody buys from: the second one of this month.
    static let hollowCampaignMonth = 19
    /// The partner that takes days to react, as a place in `Partner.all`, and since when.
    static let slowPartner = 2
    static let slowSince = 8
    /// The team that asks its customers itself, and only those that are content.
    static let selfRatedUnit = OrgUnit.vip
    /// The agent who goes from Online to Hotline: the first desk there, in this month, so many
    /// days after its first.
    static let moveMonth = 21
    static let moveDay = 16

    /// The last day of the quarter before the one `day` lies in.
    static func lastQuarterEnd(before day: Int) -> Int {
        let index = CivilDate(day: day).monthIndex
        return CivilDate.firstDay(ofMonthIndex: index - index % 3).day - 1
    }
}
