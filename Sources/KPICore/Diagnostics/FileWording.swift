/// What is wrong with a file or a value in it, in words.
extension FileFault {
    var wording: Bilingual {
        switch self {
        case .said(let text): Bilingual(zh: text, en: text)
        case .folder: Bilingual(zh: "这是文件夹", en: "it is a folder")
        case .empty: Bilingual(zh: "文件是空的，没有标题行", en: "it is empty, without a header")
        case .damaged: Bilingual(zh: "压缩数据已损坏或不完整", en: "the packed data is damaged or cut off")
        case .noSpace: Bilingual(zh: "磁盘已满", en: "the disk is full")
        case .cannotWrite(let path): Bilingual(zh: "不能写入 \(path)", en: "cannot write \(path)")
        case .workbook:
            Bilingual(zh: "内容是工作簿，不是文本", en: "it is a workbook, not text")
        case .oldWorkbook:
            Bilingual(zh: "这是旧式 .xls 工作簿", en: "it is a workbook of the old kind, .xls")
        case .utf16: Bilingual(zh: "编码是 UTF-16", en: "it is encoded in UTF-16")
        case .unknownEncoding(let name):
            Bilingual(zh: "本系统不支持编码 \(name)", en: "this system does not know \(name)")
        case .badByte(let number, let encoding, _):
            Bilingual(
                zh: "文件第 \(number) 个字节不是 \(encoding) 编码",
                en: "byte \(number) of the file is not \(encoding)")
        default: recordWording
        }
    }

    private var recordWording: Bilingual {
        switch self {
        case .oldLineEnds:
            Bilingual(
                zh: "各行只以回车符结尾", en: "its lines end with carriage returns alone")
        case .openQuote:
            Bilingual(
                zh: "这条记录中的引号没有闭合", en: "the quote that opens in this record is never closed")
        case .textAfterQuote:
            Bilingual(zh: "闭合引号后面还有文字", en: "text follows a closing quote")
        case .fieldCount(let found, let expected):
            Bilingual(
                zh: "有 \(found) 个字段，而标题行有 \(expected) 个",
                en: "\(found) field\(found == 1 ? "" : "s") where the header has \(expected)")
        case .tooLong(let mebibytes):
            Bilingual(
                zh: "记录超过 \(mebibytes) MiB", en: "the record is longer than \(mebibytes) MiB")
        case .notObject:
            Bilingual(zh: "这一行不是 JSON 对象", en: "the line is not a JSON object")
        case .recordCount(let found, let expected):
            Bilingual(
                zh: "引擎读到 \(found) 条记录，实有 \(expected) 条",
                en: "the engine reads \(found) records where there are \(expected)")
        default: Bilingual(zh: "未知", en: "unknown")
        }
    }

    /// What to do about it.
    var hint: Bilingual? {
        switch self {
        case .badByte(_, _, mayBeOther: true):
            Bilingual(
                zh: "如果不是 UTF-8，请在来源中写‘encoding: gb18030’或‘encoding: cp1252’",
                en:
                    "if it is not UTF-8, state ‘encoding: gb18030’ or ‘encoding: cp1252’ in the source"
            )
        case .workbook:
            Bilingual(
                zh: "请在来源中写‘format: xlsx’，或另存为 CSV",
                en: "state ‘format: xlsx’ in the source, or save it as CSV")
        case .oldWorkbook: Bilingual(zh: "请另存为 .xlsx", en: "save it as .xlsx")
        case .utf16, .oldLineEnds:
            Bilingual(zh: "请另存为 CSV UTF-8", en: "save it as CSV UTF-8")
        case .openQuote, .textAfterQuote:
            Bilingual(
                zh: "字段中的引号要写两遍：\"\"", en: "a quote inside a quoted field is written twice: \"\"")
        default: nil
        }
    }
}

extension ValueShape {
    var wording: Bilingual {
        switch self {
        case .said(let text): Bilingual(zh: text, en: text)
        case .whole: Bilingual(zh: "整数", en: "a whole number")
        case .decimal(let before, 0, _):
            Bilingual(
                zh: "不超过 \(before) 位的整数", en: "a whole number of at most \(before) digits")
        case .decimal(let before, let after, let mark):
            Bilingual(
                zh: "‘\(mark)’前至多 \(before) 位、后至多 \(after) 位的数",
                en: "a number with at most \(before) digits before ‘\(mark)’ and \(after) after it")
        case .number: Bilingual(zh: "数", en: "a number")
        case .boolean:
            Bilingual(zh: "是或否（true/false、yes/no、1/0、是/否）", en: "true or false (or yes/no, 1/0)")
        case .date(let pattern):
            Bilingual(zh: "写作 \(pattern) 的日期", en: "a date written \(pattern)")
        case .time(let pattern):
            Bilingual(zh: "写作 \(pattern) 的时间", en: "a time written \(pattern)")
        case .oneOf(let values):
            Bilingual(
                zh: "以下之一：" + values.joined(separator: "、"),
                en: "one of " + values.joined(separator: ", "))
        }
    }

    /// What to do about a value of another shape.
    func hint(for value: String) -> Bilingual? {
        switch self {
        case .date, .time:
            Bilingual(
                zh: "在来源中写明格式，例如‘dates: d/m/yyyy HH:MM’",
                en:
                    "state how the file writes it in the source, for instance ‘dates: d/m/yyyy HH:MM’"
            )
        case .whole where value.contains(","), .number where value.contains(","),
            .decimal where value.contains(","):
            Bilingual(
                zh: "如果逗号是小数点，请在来源中写‘decimal: comma’",
                en: "if a comma marks decimals, state ‘decimal: comma’ in the source")
        case .decimal:
            Bilingual(
                zh: "不会舍入：位数多的列请用 decimal(4) 这样的类型",
                en: "nothing is rounded: for more digits give the column a type such as decimal(4)")
        case .oneOf:
            Bilingual(
                zh: "把它加到‘values’，或去掉‘closed’", en: "add it to ‘values’, or leave out ‘closed’")
        default: nil
        }
    }
}
