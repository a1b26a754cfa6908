/// Names of invented people and companies, the same for the same number.
enum Names {
    /// An identifier such as `li-na` and a name such as `李娜 Li Na`. After all names have been
    /// given once they come again with a number.
    static func person(_ index: Int) -> (id: String, name: String) {
        let round = index / (surnames.count * givenNames.count)
        let surname = surnames[index * 7 % surnames.count]
        let given = givenNames[(index * 11 + index / surnames.count * 3) % givenNames.count]
        let suffix = round > 0 ? "-\(round + 1)" : ""
        let id = (surname.latin + "-" + given.latin).lowercased() + suffix
        return (id, "\(surname.hanzi)\(given.hanzi) \(surname.latin) \(given.latin)")
    }

    static func business(_ index: Int) -> String {
        let first = heads[index * 7 % heads.count]
        let second = tails[index / heads.count % tails.count]
        return "\(first.hanzi)\(second.hanzi) \(first.latin) \(second.latin) \(index + 1)"
    }

    private typealias Part = (hanzi: String, latin: String)

    private static let surnames: [Part] = [
        ("李", "Li"), ("王", "Wang"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"),
        ("杨", "Yang"), ("赵", "Zhao"), ("黄", "Huang"), ("周", "Zhou"), ("吴", "Wu"),
        ("徐", "Xu"), ("孙", "Sun"), ("胡", "Hu"), ("朱", "Zhu"), ("高", "Gao"),
        ("林", "Lin"), ("何", "He"), ("郭", "Guo"), ("马", "Ma"), ("罗", "Luo"),
        ("梁", "Liang"), ("宋", "Song"), ("郑", "Zheng"), ("谢", "Xie"), ("韩", "Han"),
        ("唐", "Tang"), ("冯", "Feng"), ("于", "Yu"), ("董", "Dong"), ("萧", "Xiao"),
        ("程", "Cheng"),
    ]

    private static let givenNames: [Part] = [
        ("娜", "Na"), ("伟", "Wei"), ("芳", "Fang"), ("敏", "Min"), ("静", "Jing"),
        ("丽", "Li"), ("强", "Qiang"), ("磊", "Lei"), ("军", "Jun"), ("洋", "Yang"),
        ("勇", "Yong"), ("艳", "Yan"), ("杰", "Jie"), ("娟", "Juan"), ("涛", "Tao"),
        ("明", "Ming"), ("超", "Chao"), ("霞", "Xia"), ("平", "Ping"), ("刚", "Gang"),
        ("玲", "Ling"), ("桂", "Gui"), ("鹏", "Peng"), ("宁", "Ning"), ("慧", "Hui"),
        ("欣", "Xin"), ("博", "Bo"), ("雪", "Xue"), ("凯", "Kai"), ("楠", "Nan"),
        ("雨", "Yu"), ("晨", "Chen"), ("佳", "Jia"), ("琳", "Lin"), ("浩", "Hao"),
        ("帆", "Fan"), ("悦", "Yue"),
    ]

    private static let heads: [Part] = [
        ("远景", "Yuanjing"), ("华晨", "Huachen"), ("东湖", "Donghu"), ("金桥", "Jinqiao"),
        ("恒信", "Hengxin"), ("天元", "Tianyuan"), ("海通", "Haitong"), ("瑞丰", "Ruifeng"),
        ("中原", "Zhongyuan"), ("新安", "Xinan"), ("佳和", "Jiahe"), ("永固", "Yonggu"),
        ("启明", "Qiming"), ("长河", "Changhe"), ("云峰", "Yunfeng"), ("绿野", "Lüye"),
    ]

    private static let tails: [Part] = [
        ("贸易", "Trading"), ("机电", "Electric"), ("物流", "Logistics"), ("食品", "Foods"),
        ("医药", "Pharma"), ("建材", "Materials"), ("教育", "Education"), ("纺织", "Textile"),
        ("能源", "Energy"), ("酒店", "Hotels"), ("软件", "Software"),
    ]
}
