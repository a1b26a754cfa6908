/// A case as it is opened, before anyone has looked at it.
struct OpenedCase {
    let openedAt: Int
    let account: Int
    let channel: CaseChannel
    let category: Int
    /// The customer was here with the same matter a few days ago.
    var isReturning = false
    /// What the rest of the case is drawn from.
    let random: Random
}

enum CaseChannel: String, CaseIterable {
    case phone, chat, email, web, app, social

    static let weights = Weights([330, 270, 110, 90, 120, 80])
    /// The median time to the first reply, in seconds.
    var replySeconds: Int { [7, 8, 7200, 5400, 1500, 2400][place] }
    /// The channel of the contact, where there is one.
    var contact: String? { ["phone", "chat", "email", nil, nil, "message"][place] }
    /// Whether an agent takes it live.
    var isLive: Bool { self == .phone || self == .chat }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Something that happened to a case.
struct CaseEvent {
    var kind: String
    var at: Int
    var worker: Int?
    var unit: OrgUnit?
    var needsReply: Bool?
    var newDueAt: Int?
}

/// A case with its course, which may still be unknown on the last day; seconds since 1970.
struct ServiceCase {
    let number: Int
    let opened: OpenedCase
    let priority: Int
    var unit: OrgUnit
    var first: Int?
    var assignee: Int
    var exclusion = ""
    var firstResponseAt: Int?
    var firstResolvedAt: Int?
    var reopenedAt: Int?
    var resolvedAt: Int?
    var responseDueAt: Int?
    var dueAt: Int?
    var contacts = 1
    var reopenCount = 0
    var handOvers = 0
    var events: [CaseEvent] = []

    static let categories = ["delivery", "billing", "fault", "usage", "return", "account"]
    static let categoryWeights = Weights([240, 150, 210, 180, 120, 100])
    static let priorities = ["urgent", "high", "normal", "low"]
    static let priorityWeights = Weights([60, 190, 550, 200])
    /// In thousandths of the usual time.
    static let priorityPace = [350, 600, 1000, 1600]
    static let dueHours = [8, 16, 48, 96]
    /// The median time from the first reply to the solution, in minutes.
    static let solvingMinutes = [210, 150, 420, 60, 480, 45]

    /// Waiting, lateness, hand-overs and reopening take from what the customer started with;
    /// thousandths.
    var satisfaction: Int {
        var points = 890
        if let firstResponseAt {
            let usual = opened.channel.replySeconds
            points -= min(1200, (firstResponseAt - opened.openedAt) * 100 / usual) / 4
        }
        if let resolvedAt, let dueAt, resolvedAt > dueAt { points -= 140 }
        points -= 60 * handOvers + 130 * reopenCount + 25 * (contacts - 1)
        // Large customers expect more than they are asked about.
        if unit == Story.selfRatedUnit { points -= 110 }
        return opened.isReturning ? points - 150 : points
    }
}

/// How a team works in a month; chances and paces in thousandths.
struct CaseMood {
    var replyPace = 1000
    var solvingPace = 1000
    var handedOver = 160
    var reopened = 45
    /// Customers who need one contact alone.
    var oneContact = 690
    /// Back with the same matter within a week, and in the week after it.
    var backSoon = 35
    var backLater = 25
    var unresolved = 25

    init(unit: OrgUnit, month: Int) {
        if unit == .vip { (replyPace, solvingPace, oneContact) = (2200, 700, 720) }
        if Story.dip.contains(month) {
            (replyPace, solvingPace) = (replyPace * 3, solvingPace * 14 / 10)
            (handedOver, reopened, oneContact) = (420, 75, oneContact - 60)
        } else if month >= Story.directRouting {
            (replyPace, handedOver) = (replyPace * 8 / 10, 110)
        }
        if unit == Story.hastyUnit, month >= Story.earlyClosing {
            (solvingPace, handedOver, unresolved) = (150, 15, 5)
            (reopened, oneContact, backSoon, backLater) = (20, 960, 30, 260)
        }
    }
}
