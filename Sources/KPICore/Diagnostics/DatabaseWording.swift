extension Problem {
    /// What goes wrong with a source that is a database: in its file, and on the way to it.
    var databaseWording: Wording? {
        switch self {
        case .fieldBeside(let field, let other):
            Wording(
                "‘\(field)’ has no meaning beside ‘\(other)’", "‘\(field)’与‘\(other)’不能同时使用"
            ).hint("leave out one of them", "请去掉其中一个")
        case .sinceWithoutKey(let dataset):
            Wording(
                "‘since’ reads some rows twice, and ‘\(dataset)’ has no key to tell that they are the same",
                "‘since’会重复读取一些行，而数据集‘\(dataset)’没有 key，无法识别它们是同一条记录"
            ).hint(
                "give the dataset a ‘key’, or leave out ‘since’ to read the whole table at each load",
                "请为数据集写明‘key’，或去掉‘since’，每次装入都读取整张表")
        case .noDatabaseDriver(let reason):
            Wording(
                "the PostgreSQL driver cannot be used: \(reason)",
                "PostgreSQL 驱动无法使用：\(reason)"
            ).hint(
                "scripts/setup fetches it; PLUMB_POSTGRES_DRIVER names another",
                "scripts/setup 会下载它；也可用 PLUMB_POSTGRES_DRIVER 指定另一个")
        case .noVariable(let name):
            Wording(
                "the environment variable ‘\(name)’ is not set, which the source needs to connect",
                "没有设置环境变量‘\(name)’，来源需要它来连接数据库")
        case .badAddress(let variable):
            Wording(
                "‘\(variable)’ holds no URL of the form postgresql://user:password@host:port/database",
                "‘\(variable)’的内容不是 postgresql://用户:密码@主机:端口/数据库 形式的 URL"
            ).hint(
                "in user and password write @ : / ? # % as %40 %3A %2F %3F %23 %25",
                "用户名和密码中的 @ : / ? # % 要写作 %40 %3A %2F %3F %23 %25")
        case .cannotConnect(let server, let reason):
            Wording("cannot connect to \(server): \(reason)", "无法连接 \(server)：\(reason)")
        default: queriedWording
        }
    }

    private var queriedWording: Wording? {
        switch self {
        case .unknownTable(let name, let server, let closest, let tables):
            Wording("\(server) has no table ‘\(name)’", "\(server) 中没有表‘\(name)’")
                .tables(tables).closest(closest)
        case .unfitSince(let column, let type):
            Wording(
                "‘\(column)’ is \(type): ‘since’ needs a date, a timestamp or a number that grows",
                "‘\(column)’的类型是 \(type)：‘since’需要日期、时间戳或递增的数")
        case .unfitOverlap(let column, let type):
            Wording(
                "‘overlap’ does not fit ‘\(column)’, which is \(type)",
                "‘overlap’与‘\(column)’不符，它的类型是 \(type)"
            ).hint(
                "a span such as ‘5 minutes’ for times, a number for numbers",
                "时间列写‘5 minutes’这样的时长，数字列写数字")
        case .statementFailed(let source, let state, let reason):
            Wording(
                "\(source) cannot be read: \(reason) (SQLSTATE \(state))",
                "无法读取 \(source)：\(reason)（SQLSTATE \(state)）")
        case .connectionLost(let source, let server):
            Wording(
                "the connection to \(server) was lost while \(source) was read",
                "读取 \(source) 时与 \(server) 的连接中断"
            ).hint(
                "run ‘plumb load’ again: it goes on after what is in",
                "请再次运行‘plumb load’，它会从已装入处继续")
        case .syncedInPart(let source, let rows):
            Wording(
                "\(rows) rows of ‘\(source)’ were loaded before that and stay; the next load goes on after them",
                "‘\(source)’在此之前已装入 \(rows) 行并予以保留；下次装入从其后继续")
        case .rowsWithoutSince(let source, let column, let rows):
            Wording(
                "\(rows) rows of ‘\(source)’ have no ‘\(column)’ and are not read",
                "‘\(source)’有 \(rows) 行没有‘\(column)’，不会被读取"
            ).hint(
                "fill the column, or use a query that replaces the missing, such as coalesce",
                "请补全该列，或在查询中用 coalesce 等替换缺失值")
        default: nil
        }
    }
}
