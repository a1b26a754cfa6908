/// What a problem says: the reason, and what to do about it.
package struct Wording: Sendable {
    package var reason: Bilingual
    package var hint: Bilingual?

    init(_ en: String, _ zh: String) {
        reason = Bilingual(zh: zh, en: en)
    }

    func hint(_ en: String?, _ zh: String?) -> Wording {
        var wording = self
        if let en, let zh { wording.hint = Bilingual(zh: zh, en: en) }
        return wording
    }

    /// A hint that lists what a file has instead.
    func columns(_ names: [String]) -> Wording { list("its columns: ", "它的列：", names) }

    /// A hint that lists the tables of a database.
    func tables(_ names: [String]) -> Wording { list("its tables: ", "它的表：", names) }

    /// A hint that lists the names there are.
    func known(_ names: [String]) -> Wording { list("there are: ", "已有：", names) }

    private func list(_ en: String, _ zh: String, _ names: [String]) -> Wording {
        guard !names.isEmpty else { return self }
        let shown = names.prefix(12).map { "‘\($0)’" } + (names.count > 12 ? ["…"] : [])
        return hint(en + shown.joined(separator: ", "), zh + shown.joined(separator: "、"))
    }

    /// A hint that a comma has cut a formula.
    func quotes(_ isCutByComma: Bool) -> Wording {
        guard isCutByComma else { return self }
        return hint(
            "inside { } a formula with ‘,’, brackets or braces needs quotes",
            "在 { } 里，含‘,’或括号的公式要加引号")
    }

    /// A hint that lists near matches, or none when there are none.
    func closest(_ names: [String]) -> Wording {
        guard !names.isEmpty else { return self }
        return hint(
            "closest: " + names.map { "‘\($0)’" }.joined(separator: ", "),
            "最接近的：" + names.map { "‘\($0)’" }.joined(separator: "、"))
    }
}

extension Problem {
    package var wording: Wording {
        formulaWording ?? workingTimeWording ?? workspaceWording ?? qualityWording ?? loadWording
            ?? databaseWording ?? publishingWording ?? questionWording
    }

    private var formulaWording: Wording? {
        switch self {
        case .unexpectedCharacter(let text):
            Wording("‘\(text)’ has no meaning in a formula", "公式里不认识字符‘\(text)’")
        case .missingOperand:
            Wording("an operand is missing here", "这里缺少一个操作数")
        case .unclosed(let bracket, let isCut):
            Wording("‘\(bracket)’ is not closed", "‘\(bracket)’没有闭合").quotes(isCut)
        case .unexpectedToken(let text):
            Wording("‘\(text)’ does not fit here", "‘\(text)’不应出现在这里")
        case .tooLong(let limit):
            Wording("a formula may have \(limit) bytes", "公式最多 \(limit) 字节")
                .hint("split it into several KPIs", "请拆成几个指标")
        case .tooDeep(let limit):
            Wording("a formula may be nested \(limit) deep", "公式最多嵌套 \(limit) 层")
                .hint("split it into several KPIs", "请拆成几个指标")
        case .badNumber(let text):
            Wording("‘\(text)’ is not a number", "‘\(text)’不是数字")
                .hint(
                    "digits with one ‘.’, at most 38 of them; no thousands separators",
                    "只写数字和一个小数点，最多 38 位，不写千分位")
        case .unclosedText: Wording("the text is not closed", "文本没有闭合的引号")
        case .chainedComparison:
            Wording("comparisons do not chain", "比较不能连写")
                .hint("write ‘a < b and b < c’", "请写成‘a < b 且 b < c’")
        case .emptyFormula: Wording("the formula is empty", "公式是空的")
        case .unknownName(let name, let closest):
            Wording("‘\(name)’ not found", "找不到‘\(name)’").closest(closest)
        case .ambiguousName(let name, let candidates):
            Wording(
                "‘\(name)’ may mean several things: \(candidates.joined(separator: ", "))",
                "‘\(name)’有多种含义：\(candidates.joined(separator: "、"))"
            ).hint("write the id", "请写 id")
        case .unknownFunction(let name, let closest):
            Wording("there is no function ‘\(name)’", "没有函数‘\(name)’").closest(closest)
        case .aggregateInFormula(let name):
            Wording(
                "‘\(name)’ of finished values is refused: a mean of ratios is not the ratio of the whole",
                "不能对算好的值再做‘\(name)’：比率的平均不等于整体的比率"
            ).hint(
                "define a measure with this aggregate on its dataset, and use the measure",
                "请在数据集中用它定义一个度量，再在公式中引用该度量")
        case .wrongArgumentCount(let function, let expected, let found):
            Wording(
                "‘\(function)’ takes \(expected.en) arguments, not \(found)",
                "‘\(function)’需要 \(expected.zh) 个参数，这里有 \(found) 个")
        case .filterOnCompound:
            Wording("a filter applies to one measure", "筛选只能作用于一个度量")
                .hint("write it on both parts of the quotient", "请在除式的两边分别写筛选")
        case .notStock(let function, let measure):
            Wording(
                "‘\(function)’ is for stocks; ‘\(measure)’ counts what happened in a period",
                "‘\(function)’用于存量；‘\(measure)’统计的是期间内发生的事"
            ).hint(
                "a stock is a measure with ‘stock: closing’ on records that are valid for a time",
                "存量是带‘stock: closing’的度量，其记录有有效期")
        case .measureInRow(let name):
            Wording(
                "‘\(name)’ is a measure; a row expression works on the columns of one record",
                "‘\(name)’是度量；行表达式只能用一条记录的列")
        case .columnInFormula(let name):
            Wording(
                "‘\(name)’ is a column; a KPI formula combines measures and KPIs",
                "‘\(name)’是列；指标公式只能组合度量和指标"
            ).hint("define a measure on it", "请先在其上定义度量")
        case .functionInWrongLevel(let name):
            Wording("‘\(name)’ has no meaning here", "‘\(name)’在这里没有意义")
        case .cycle(let names):
            Wording(
                "the definition refers to itself: \(names.joined(separator: " → "))",
                "定义引用了自己：\(names.joined(separator: " → "))")
        case .unlikeUnits(let a, let b, let operation):
            Wording("\(a) \(operation) \(b) has no meaning", "\(a) \(operation) \(b) 没有意义")
                .hint("both sides need the same unit", "两边的单位要一致")
        case .bareNumber(let unit):
            Wording("a bare number is not \(unit)", "单独的数字不是 \(unit)")
                .hint("only 0 may stand here", "这里只能写 0")
        case .twoCurrencies(let a, let b):
            Wording("\(a) and \(b) do not mix", "\(a) 与 \(b) 不能混算")
                .hint("there is no currency conversion", "不做汇率换算")
        case .unlikeTypes(let a, let b):
            Wording("\(a) and \(b) do not go together", "\(a) 与 \(b) 不能一起用")
                .hint(
                    [a, b].contains("duration")
                        ? "a length of time is written hours(8), days(2) or minutes(30)" : nil,
                    "时长写作 小时(8)、天(2) 或 分钟(30)")
        case .notCondition(let found):
            Wording("a condition is needed, this is \(found)", "这里需要条件，而它是 \(found)")
        case .notNumber(let found):
            Wording("a number is needed, this is \(found)", "这里需要数字，而它是 \(found)")
        case .badArgument(let function, let expected):
            Wording("‘\(function)’ needs \(expected) here", "‘\(function)’在这里需要：\(expected)")
        case .cardUnitDiffers(let declared, let found):
            Wording(
                "the card says \(declared), the formula gives \(found)",
                "卡片写的是 \(declared)，公式得到的是 \(found)")
        case .everOutsideEntity(let name):
            Wording(
                "‘\(name)’ has a meaning only in a measure with ‘per:’",
                "‘\(name)’只能用在带‘per:’的度量里")
        case .thisOutsideRelated:
            Wording(
                "‘this’ has a meaning only inside exists(…) and related(…)",
                "‘本条’只能用在 存在(…) 与 相关(…) 里")
        case .noValidity(let dataset):
            Wording(
                "records of ‘\(dataset)’ are not valid for a time",
                "‘\(dataset)’的记录没有有效期"
            ).hint(
                "say ‘valid: [valid_from, valid_to]’ in its definition",
                "请在它的定义里写‘valid: [valid_from, valid_to]’")
        case .latestAsMeasure:
            Wording(
                "the latest of all records is no measure; it stands in related(…) and in measures with ‘per:’",
                "全部记录中的最新一条不是度量；它用在 相关(…) 和带‘per:’的度量里")
        case .notAggregate:
            Wording("an aggregate such as sum(amount) is needed", "这里需要聚合，例如 sum(amount)")
        case .handKeptTime(let column):
            Wording(
                "‘\(column)’ is kept by hand; durations are measured with system timestamps",
                "‘\(column)’是人工填写的；时长只能用系统时间戳计算"
            ).hint(
                "use a column whose ‘provenance’ is system", "请使用‘provenance’为 system 的列")
        default: nil
        }
    }

    private var workspaceWording: Wording? {
        switch self {
        case .noWorkspace(let folder):
            Wording("there is no plumbline.yaml in \(folder)", "\(folder) 里没有 plumbline.yaml")
                .hint(
                    "‘plumb init’ makes a workspace; --workspace names another folder",
                    "用‘plumb init’新建工作区，或用 --workspace 指定文件夹")
        case .unreadableFile(let reason):
            Wording("the file cannot be read: \(reason)", "无法读取文件：\(reason)")
        case .badYAML(let reason): Wording("not YAML: \(reason)", "不是合法的 YAML：\(reason)")
        case .unknownField(let name, let closest, let isCut):
            Wording("there is no field ‘\(name)’ here", "这里没有字段‘\(name)’")
                .closest(closest).quotes(isCut)
        case .missingField(let name):
            Wording("the field ‘\(name)’ is missing", "缺少字段‘\(name)’")
        case .wrongKind(let field, let expected):
            Wording("‘\(field)’ must be \(expected)", "‘\(field)’应为 \(expected)")
        case .badValue(let field, let value, let expected, let closest):
            Wording(
                "‘\(value)’ is no \(field); it may be \(expected)",
                "‘\(value)’不能作为 \(field)；可以是 \(expected)"
            ).closest(closest)
        case .badIdentifier(let id, let kebab):
            Wording(
                "‘\(id)’ is not an id: lower-case letters, digits and ‘\(kebab ? "-" : "_")’, a letter first",
                "‘\(id)’不是 id：只用小写字母、数字和‘\(kebab ? "-" : "_")’，以字母开头")
        case .duplicate(let kind, let id, let first):
            Wording(
                "\(kind) ‘\(id)’ is already defined at \(first)",
                "\(kind)‘\(id)’已在 \(first) 定义")
        case .unknownDataset(let name, let closest):
            Wording("there is no dataset ‘\(name)’", "没有数据集‘\(name)’").closest(closest)
        case .onlyEfficiency(let department, let kpis):
            Wording(
                "the KPIs of ‘\(department)’ tell only how fast, how much and how cheap: \(kpis.joined(separator: ", "))",
                "‘\(department)’的指标只看快慢、数量和成本：\(kpis.joined(separator: "、"))"
            ).hint(
                "put one of quality beside them, such as first-contact-resolution-rate or customer-satisfaction-rate; ‘aspect: quality’ says that a card is one",
                "请配上质量指标，例如 first-contact-resolution-rate 或 customer-satisfaction-rate；卡片可用‘aspect: quality’说明自己是质量指标"
            )
        case .otherDataset(let dataset, let lacking):
            Wording(
                "the dataset ‘\(dataset)’ of the workspace is not that of the standard model: it has no \(lacking.joined(separator: ", "))",
                "工作区的数据集‘\(dataset)’不是标准模型中的：缺少 \(lacking.joined(separator: "、"))"
            ).hint(
                "give it another id, or map its columns to those of the standard model; ‘plumb library show’ says what a card needs",
                "请换一个 id，或把它的列映射到标准模型；‘plumb library show’会说明指标卡需要什么")
        case .computedColumn(let column, let dataset):
            Wording(
                "‘\(column)’ of the dataset ‘\(dataset)’ is computed, so no source fills it",
                "数据集‘\(dataset)’的‘\(column)’是计算列，不由数据源填写")
        case .noTimeColumn(let dataset):
            Wording(
                "the dataset ‘\(dataset)’ has no time column, so its measures have no period",
                "数据集‘\(dataset)’没有时间列，度量无法归入周期"
            ).hint("add ‘time: [column]’", "请加上‘time: [列]’")
        case .collectorVerifies(let who):
            Wording(
                "‘\(who)’ both collects and verifies the data",
                "数据的收集与核验都是‘\(who)’")
        case .referenceNotUnique(let reference, let dataset, let keys):
            Wording(
                "the reference ‘\(reference)’ is not many-to-one: ‘\(dataset)’ repeats \(keys.joined(separator: ", "))",
                "引用‘\(reference)’不是多对一：‘\(dataset)’中重复的值有 \(keys.joined(separator: "、"))"
            ).hint("a join would multiply records", "连接会使记录重复计算")
        case .overlappingRanges(let reference, let dataset, let keys):
            Wording(
                "the reference ‘\(reference)’ would find two records: in ‘\(dataset)’ ranges overlap for \(keys.joined(separator: ", "))",
                "引用‘\(reference)’会找到两条记录：‘\(dataset)’中有效期重叠的有 \(keys.joined(separator: "、"))"
            ).hint(
                "a range is [from, to): the next may begin on the day the last one ends; an end, or what tells ranges apart, may be in a column that no source maps",
                "有效期为 [起, 止)：下一段可以从上一段结束的当天开始；也可能是结束日期或区分各段的列没有被数据源映射")
        case .folderExists(let folder):
            Wording("\(folder) is not empty; nothing was written", "\(folder) 不是空的，没有写入任何内容")
                .hint(
                    "name a new or empty folder, or remove what is in this one",
                    "请指定新的或空的文件夹，或清空这个文件夹")
        case .reservedDimension(let id):
            Wording(
                "‘\(id)’ is a column of every answer, so no dimension can have this id",
                "‘\(id)’是答案中固有的列名，不能作为维度的 id"
            ).hint(
                "choose another id; the label may stay", "请换一个 id，名称可以不变")
        default: nil
        }
    }

    private var loadWording: Wording? {
        switch self {
        case .noFiles(let pattern, let folder):
            Wording("no file matches ‘\(pattern)’ in \(folder)", "\(folder) 中没有匹配‘\(pattern)’的文件")
                .hint(
                    "--data or PLUMB_DATA names the folder with the data",
                    "用 --data 或 PLUMB_DATA 指定数据文件夹")
        case .missingColumn(let name, let closest, let columns, let file):
            Wording("\(file) has no column ‘\(name)’", "\(file) 没有列‘\(name)’")
                .columns(columns).closest(closest)
        case .duplicateHeader(let name, let file):
            Wording(
                "\(file) has several columns ‘\(name)’", "\(file) 中有多个名为‘\(name)’的列"
            ).hint(
                "the n-th of them is written ‘\(name)#n’, the first ‘\(name)#1’",
                "第 n 个写作‘\(name)#n’，第一个是‘\(name)#1’")
        case .unreadable(let file, let reason):
            Wording(
                "\(file) cannot be read: \(reason.wording.en)",
                "无法读取 \(file)：\(reason.wording.zh)"
            ).hint(reason.hint?.en, reason.hint?.zh)
        case .badCell(let file, let line, let column, let value, let expected):
            Wording(
                "\(file):\(line): ‘\(value)’ in column ‘\(column)’ is not \(expected.wording.en)",
                "\(file):\(line)：列‘\(column)’的‘\(value)’不是\(expected.wording.zh)"
            ).hint(expected.hint(for: value)?.en, expected.hint(for: value)?.zh)
        case .missingRequired(let file, let line, let column):
            Wording(
                "\(file):\(line): the column ‘\(column)’ is empty, which must have a value",
                "\(file):\(line)：列‘\(column)’必须有值，这里是空的")
        case .badRow(let file, let line, let reason):
            Wording(
                "\(file):\(line): \(reason.wording.en)", "\(file):\(line)：\(reason.wording.zh)"
            ).hint(reason.hint?.en, reason.hint?.zh)
        case .tooManyRejected(let rejected, let rows, let allowed):
            Wording(
                "\(rejected) of \(rows) records cannot be read, and \(allowed) may be set aside: nothing was loaded",
                "\(rows) 条记录中有 \(rejected) 条无法读取，允许搁置的为 \(allowed)：没有装入任何数据"
            ).hint(
                "correct the mapping or the file, or allow a share with ‘rejects: 1%’ in the source",
                "请修正映射或文件，或在来源中用‘rejects: 1%’允许一定比例")
        case .missingParent(let file, let line, let reference, let value):
            Wording(
                "\(file):\(line): ‘\(value)’ is not found through the required reference ‘\(reference)’",
                "\(file):\(line)：必需的引用‘\(reference)’找不到‘\(value)’")
        case .mixedCurrencies(let dataset, let codes):
            Wording(
                "‘\(dataset)’ mixes currencies: \(codes.joined(separator: ", "))",
                "‘\(dataset)’混用币种：\(codes.joined(separator: "、"))")
        case .notLoaded(let dataset):
            Wording("no records of ‘\(dataset)’ are loaded", "‘\(dataset)’还没有装入记录")
                .hint("run ‘plumb load’", "请运行‘plumb load’")
        case .storeOutdated(let dataset):
            Wording(
                "the loaded records of ‘\(dataset)’ do not fit its definition any more",
                "‘\(dataset)’已装入的记录与现在的定义不符"
            ).hint(
                "run ‘plumb load --again’ without naming sources; it needs their files",
                "请运行不带来源名的‘plumb load --again’，需要来源的文件都在")
        case .danglingReference(let reference, let dataset, let target, let records, let values):
            Wording(
                "\(records) of the records of ‘\(dataset)’ find nothing in ‘\(target)’ through ‘\(reference)’ and count as (unknown): \(values.joined(separator: ", "))",
                "‘\(dataset)’有 \(records) 条记录经引用‘\(reference)’在‘\(target)’中找不到对应，按 (unknown) 计：\(values.joined(separator: "、"))"
            )
        default: nil
        }
    }

    private var questionWording: Wording {
        switch self {
        case .unknownKPI(let name, let closest):
            Wording("there is no KPI ‘\(name)’", "没有指标‘\(name)’").closest(closest)
        case .unknownDimension(let name, let closest, let known):
            Wording("there is no dimension ‘\(name)’", "没有维度‘\(name)’")
                .known(known).closest(closest)
        case .dimensionNotIn(let dimension, let kpi, let dataset):
            Wording(
                "‘\(kpi)’ has no breakdown by ‘\(dimension)’: its dataset ‘\(dataset)’ lacks it",
                "‘\(kpi)’不能按‘\(dimension)’拆分：数据集‘\(dataset)’没有它")
        case .unknownGrain(let name):
            Wording("there is no grain ‘\(name)’", "没有粒度‘\(name)’").hint(
                "one of \(Grain.allCases.map(\.rawValue).joined(separator: ", "))",
                "可以是 \(Grain.allCases.map(\.rawValue).joined(separator: "、"))")
        case .badPeriod(let text):
            Wording("‘\(text)’ names no period", "‘\(text)’不是周期的名称").hint(
                "for instance 2026-11, 2026-Q4, 2026-W47, 2026-11-22; of a fiscal year FY2026-Q4, FY2026-P11",
                "例如 2026-11、2026-Q4、2026-W47、2026-11-22；财年的周期如 FY2026-Q4、FY2026-P11")
        case .badTime(let text):
            Wording("‘\(text)’ is no time", "‘\(text)’不是时刻").hint(
                "for instance 2026-11-22T08:00, or a period, whose end is meant",
                "例如 2026-11-22T08:00；写周期则指其末尾")
        case .emptyRange:
            Wording("the range is empty: --from lies after --to", "范围是空的：--from 晚于 --to")
        case .tooManyCells(let count, let limit):
            Wording(
                "the answer would have \(count) cells; at most \(limit) are given",
                "答案会有 \(count) 个单元格；最多给出 \(limit) 个"
            ).hint(
                "ask for a coarser grain, a shorter range or fewer breakdowns",
                "请用更粗的粒度、更短的范围或更少的拆分")
        case .badGroupValue(let text):
            Wording("‘\(text)’ is not DIMENSION=VALUE", "‘\(text)’不是 维度=值 的形式")
        case .noSuchCell:
            Wording("there is no such cell", "没有这样的单元格").hint(
                "‘plumb compute’ with the same grain and breakdown lists those that exist",
                "用同样的粒度和拆分运行‘plumb compute’可列出存在的单元格")
        case .topNeedsOneDimension(let dimensions):
            dimensions.isEmpty
                ? Wording(
                    "--top keeps the largest groups of a dimension: say which with --by",
                    "--top 保留一个维度中最大的若干组：请用 --by 指明维度")
                : Wording(
                    "--top keeps the largest groups of one dimension, not of \(dimensions.joined(separator: ","))",
                    "--top 保留一个维度中最大的若干组，不能用于 \(dimensions.joined(separator: "、"))")
        case .tooManyGroupings(let dimensions, let groupings):
            Wording(
                "a question has at most 30 dimensions and 1,000 groupings; this one has \(dimensions) and \(groupings)",
                "一个问题最多 30 个维度、1,000 种拆分；这里有 \(dimensions) 个和 \(groupings) 种"
            ).hint("ask several questions", "请分成几个问题")
        case .noKPIBrokenDownBy(let dimensions):
            Wording(
                "no KPI can be broken down by \(dimensions.joined(separator: ","))",
                "没有指标可以按 \(dimensions.joined(separator: "、")) 拆分"
            ).hint(
                "a KPI needs every dimension on each of its datasets",
                "指标的每个数据集都要有这些维度")
        case .engine(let reason): Wording("the engine says: \(reason)", "引擎报告：\(reason)")
        case .storeOwned(let path, let owner):
            Wording("\(path) is in use by \(owner)", "\(path) 正被 \(owner) 使用")
                .hint("wait for it to end", "请等它结束")
        case .overflow(let kpi):
            Wording("a value of ‘\(kpi)’ does not fit 38 digits", "‘\(kpi)’的值超出 38 位")
        default: Wording("unknown problem", "未知问题")
        }
    }
}
