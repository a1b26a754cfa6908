/// What is planted in the standard company beside the stories it shares with the older one.
///
/// Months count from the first month of the data.
extension Story {
    /// Small businesses leave after a rise in prices.
    static let churnWave = 20..<23
    static let churningSegment = Segment.smallBusiness
    /// From here on the team Online is judged by first contact resolution, and closes early.
    static let hastyUnit = OrgUnit.online
    /// The salesperson who books deals before they are ripe; the second desk of the team.
    static let pullingUnit = OrgUnit.salesEast
    static let pullingPlace = 1
    /// The partner that takes days to react, as a place in `Partner.all`, and since when.
    static let slowPartner = 2
    static let slowSince = 8
    /// The team that asks its customers itself, and only those that are content.
    static let selfRatedUnit = OrgUnit.vip
    /// The agent who goes from Online to Hotline: the first desk there, in this month, so many
    /// days after its first.
    static let moveMonth = 21
    static let moveDay = 16
}
