import KPICore

/// The teams, in the order of `teams.csv`.
enum Team: Int, CaseIterable {
    case hotline, online, afterSales, keyAccounts
    case salesNorth, salesEast, salesSouth
    case brand, growth

    /// Name, department, Chinese name and people at scale 1.
    var facts: (name: String, department: Department, chinese: String, people: Int) {
        switch self {
        case .hotline: ("Hotline", .service, "热线组", 11)
        case .online: ("Online Support", .service, "在线支持组", 11)
        case .afterSales: ("After-sales", .service, "售后组", 8)
        case .keyAccounts: ("Key Account Care", .service, "大客户服务组", 5)
        case .salesNorth: ("Sales North", .sales, "北区销售组", 6)
        case .salesEast: ("Sales East", .sales, "东区销售组", 6)
        case .salesSouth: ("Sales South", .sales, "南区销售组", 5)
        case .brand: ("Brand", .marketing, "品牌组", 4)
        case .growth: ("Growth", .marketing, "增长组", 4)
        }
    }
}

enum Department: String {
    case service = "Service"
    case sales = "Sales"
    case marketing = "Marketing"

    /// What its people are called, in Chinese and English.
    var title: (chinese: String, english: String) {
        switch self {
        case .service: ("客服", "Agent")
        case .sales: ("销售", "Sales rep")
        case .marketing: ("市场", "Marketer")
        }
    }
}

struct Employee {
    let team: Team
    /// Place in the team in order of planned hiring.
    let place: Int
    let hiredOn: Int
}

struct Customer {
    let segment: Int
    let region: Int
    let since: Int
    /// The salesperson, as an index of employees.
    let owner: Int

    static let segments = ["consumer", "small business", "enterprise"]
    static let segmentWeights = Weights([600, 320, 80])
    static let regions = ["North", "East", "South", "West"]
    static let regionWeights = Weights([250, 400, 200, 150])
    static let regionTeams: [Team] = [.salesNorth, .salesEast, .salesSouth, .salesSouth]

    var isEnterprise: Bool { segment == 2 }
}

/// The people and customers every other file refers to.
///
/// Employees are kept in order of hiring; customers are computed from their number when asked for,
/// so that a large company takes no more memory than a small one.
struct Company {
    /// Customers start to come this many days before the data begin.
    static let history = 1400

    let seed: UInt64
    let timeline: Timeline
    let employees: [Employee]
    /// Indices of employees of each team, in order of hiring.
    private let members: [[Int]]
    private let olderCustomers: Int
    private let newCustomers: DayPlan

    init(seed: UInt64, scale: Double, timeline: Timeline) {
        self.seed = seed
        self.timeline = timeline
        let staff = Self.hired(seed: seed, scale: scale, timeline: timeline)
        employees = staff
        members = Team.allCases.map { team in staff.indices.filter { staff[$0].team == team } }
        olderCustomers = scaled(1800, scale, atLeast: 12)
        let season = Season(
            months: [950, 700, 950, 950, 1000, 1150, 950, 950, 1000, 1000, 1350, 1150],
            weekdays: [1050, 1050, 1050, 1050, 1050, 900, 850], growth: 100, noise: .customerDays)
        newCustomers = DayPlan(
            scaled(1200, scale, atLeast: 8), season, timeline, seed: seed)
    }

    private static func hired(seed: UInt64, scale: Double, timeline: Timeline) -> [Employee] {
        let all = Team.allCases.flatMap { team in
            let people = scaled(team.facts.people, scale, atLeast: 2)
            return (0..<people).map { place in
                var random = Random(seed: seed, stream: .employees, team.rawValue, place)
                let early = place < 2 || place < (people + 1) / 2
                let day =
                    early
                    ? timeline.firstDay - random.between(history + 1, history + 1900)
                    : random.between(timeline.firstDay - history, timeline.lastFullDay - 90)
                return Employee(team: team, place: place, hiredOn: day)
            }
        }
        return all.sorted {
            ($0.hiredOn, $0.team.rawValue, $0.place) < ($1.hiredOn, $1.team.rawValue, $1.place)
        }
    }

    /// Someone of a team who is there on that day. O(log people).
    func member(of team: Team, on day: Int, _ random: inout Random) -> Int {
        let people = members[team.rawValue]
        let count = countUpTo(people.count) { employees[people[$0]].hiredOn <= day }
        return people[random.below(max(1, count))]
    }

    /// The salesperson who pulls deals into the quarter.
    var puller: Int {
        employees.firstIndex { $0.team == Story.pullingTeam && $0.place == 1 } ?? 0
    }

    var customerCount: Int { olderCustomers + newCustomers.total }

    /// Customers up to the end of a day that is no earlier than the lead of the deals.
    func customerCount(on day: Int) -> Int {
        guard day < timeline.firstDay else { return olderCustomers + newCustomers.through(day) }
        return max(1, olderCustomers * (day - timeline.firstDay + Self.history) / Self.history)
    }

    /// Numbers are in order of `since`. O(log days).
    func customer(_ index: Int) -> Customer {
        var random = Random(seed: seed, stream: .customers, index)
        let segment = random.pick(Customer.segmentWeights)
        let region = random.pick(Customer.regionWeights)
        let since =
            index < olderCustomers
            ? timeline.firstDay - Self.history + index * Self.history / olderCustomers
            : newCustomers.day(ofRow: index - olderCustomers)
        let owner = member(of: Customer.regionTeams[region], on: since, &random)
        return Customer(segment: segment, region: region, since: since, owner: owner)
    }

    /// A customer of that day; one in ten customers calls for more than a third of the rows.
    func someCustomer(on day: Int, _ random: inout Random) -> Int {
        let index = random.below(customerCount(on: day))
        return random.chance(perMille: 300) ? index - index % 10 : index
    }
}

/// The number at scale 1 for another scale.
func scaled(_ number: Int, _ scale: Double, atLeast least: Int) -> Int {
    max(least, Int((Double(number) * scale).rounded()))
}

extension Company {
    func writeTeams(to folder: String) throws {
        let writer = try CSVWriter(
            folder: folder, file: "teams.csv", columns: ["team", "department", "team_zh"])
        for team in Team.allCases {
            writer.text(team.facts.name)
            writer.text(team.facts.department.rawValue)
            writer.text(team.facts.chinese)
            try writer.endRow()
        }
        try writer.close()
    }

    func writeEmployees(to folder: String) throws {
        let writer = try CSVWriter(
            folder: folder, file: "employees.csv",
            columns: ["employee", "name", "team", "hired_on"])
        var numbers: [Department: Int] = [:]
        for (index, employee) in employees.enumerated() {
            let department = employee.team.facts.department
            numbers[department, default: 0] += 1
            let number = padded(numbers[department] ?? 0, 2)
            let title = department.title
            writer.employee(index)
            writer.text("\(title.chinese) \(number) / \(title.english) \(number)")
            writer.text(employee.team.facts.name)
            writer.date(employee.hiredOn)
            try writer.endRow()
        }
        try writer.close()
    }

    func writeCustomers(to folder: String) throws {
        let writer = try CSVWriter(
            folder: folder, file: "customers.csv",
            columns: ["customer", "segment", "region", "became_customer_on", "owner"])
        for index in 0..<customerCount {
            let customer = customer(index)
            writer.customer(index)
            writer.text(Customer.segments[customer.segment])
            writer.text(Customer.regions[customer.region])
            writer.date(customer.since)
            writer.employee(customer.owner)
            try writer.endRow()
        }
        try writer.close()
    }
}
