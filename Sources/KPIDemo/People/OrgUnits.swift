/// The units of the company, those above first.
enum OrgUnit: Int, CaseIterable {
    case company
    case marketing, sales, service, success, hrFinance
    case brand, growth
    case salesNorth, salesEast, salesSouth
    case hotline, online, afterSales, vip, night
    case accounts, renewals
    case people, finance

    struct Facts {
        let id: String
        let name: String
        let parent: OrgUnit?
        /// Desks at scale 1; managers of departments do not go with scale. The night shift sits
        /// at desks of the hotline.
        let desks: Int
        let role: Role
    }

    var facts: Facts { Self.all[rawValue] }
    var isDepartment: Bool { facts.parent == .company }
    var isTeam: Bool { facts.parent != nil && !isDepartment }
    var kind: String { self == .company ? "company" : isDepartment ? "department" : "team" }
    /// Itself for a department and the company.
    var department: OrgUnit {
        guard isTeam, let parent = facts.parent else { return self }
        return parent
    }

    static let teams = allCases.filter(\.isTeam)
    static let departments = allCases.filter(\.isDepartment)
    static let salesTeams: [OrgUnit] = [.salesNorth, .salesEast, .salesSouth]

    private static let all: [Facts] = [
        facts("company", "云桥科技 Yunqiao", nil, 0, .manager),
        facts("marketing", "市场部 Marketing", .company, 1, .manager),
        facts("sales", "销售部 Sales", .company, 1, .manager),
        facts("service", "客服部 Service", .company, 1, .manager),
        facts("customer-success", "客户成功部 Customer Success", .company, 1, .manager),
        facts("hr-finance", "人事财务部 HR and Finance", .company, 1, .manager),
        facts("marketing-brand", "品牌组 Brand", .marketing, 3, .marketer),
        facts("marketing-growth", "增长组 Growth", .marketing, 3, .marketer),
        facts("sales-north", "北区销售组 Sales North", .sales, 5, .salesRep),
        facts("sales-east", "东区销售组 Sales East", .sales, 5, .salesRep),
        facts("sales-south", "南区销售组 Sales South", .sales, 4, .salesRep),
        facts("service-hotline", "热线组 Hotline", .service, 9, .serviceAgent),
        facts("service-online", "在线组 Online", .service, 8, .serviceAgent),
        facts("service-aftersales", "售后组 After-sales", .service, 5, .serviceAgent),
        facts("service-vip", "大客户服务组 Key Account Care", .service, 4, .serviceAgent),
        facts("service-night", "夜班组 Night", .service, 0, .serviceAgent),
        facts("success-accounts", "客户经理组 Accounts", .success, 3, .accountManager),
        facts("success-renewals", "续约组 Renewals", .success, 2, .accountManager),
        facts("hr-people", "人事组 People", .hrFinance, 2, .other),
        facts("finance", "财务组 Finance", .hrFinance, 2, .other),
    ]

    private static func facts(
        _ id: String, _ name: String, _ parent: OrgUnit?, _ desks: Int, _ role: Role
    ) -> Facts {
        Facts(id: id, name: name, parent: parent, desks: desks, role: role)
    }
}

/// What someone does, as the standard model names it.
enum Role: String {
    case salesRep = "sales_rep"
    case serviceAgent = "service_agent"
    case accountManager = "account_manager"
    case marketer, manager, other
}
