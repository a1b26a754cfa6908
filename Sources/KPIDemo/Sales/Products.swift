/// Something the company sells.
struct Product {
    let id: String
    let name: String
    /// A place in `Products.lines`.
    let line: Int
    /// Cents.
    let price: Int

    var isService: Bool { line == 3 }
    /// The usual cost in hundredths of what is paid.
    var costShare: Int { [58, 52, 24, 38][line] }
}

enum Products {
    static let lines = ["hardware", "accessories", "software", "care plan"]
    static let lineWeights = Weights([300, 400, 180, 120])

    static let all = [
        Product(id: "HW-01", name: "标准网关 Gateway S", line: 0, price: 89_900),
        Product(id: "HW-02", name: "高级网关 Gateway M", line: 0, price: 159_900),
        Product(id: "HW-03", name: "旗舰网关 Gateway L", line: 0, price: 329_900),
        Product(id: "AC-01", name: "电源线 Power cable", line: 1, price: 4_900),
        Product(id: "AC-02", name: "支架 Mount", line: 1, price: 9_900),
        Product(id: "AC-03", name: "天线 Antenna", line: 1, price: 19_900),
        Product(id: "SW-01", name: "监控软件 Monitor", line: 2, price: 29_900),
        Product(id: "SW-02", name: "管理软件 Manager", line: 2, price: 69_900),
        Product(id: "CP-01", name: "基础保修 Care Basic", line: 3, price: 19_900),
        Product(id: "CP-02", name: "全面保修 Care Plus", line: 3, price: 49_900),
    ]
    /// The product whose cost nobody has written down.
    static let uncosted = 5

    private static let byLine = lines.indices.map { line in
        all.indices.filter { all[$0].line == line }
    }

    /// A product of a line; cheaper ones sell more.
    static func some(ofLine line: Int, _ random: inout Random) -> Int {
        let choices = byLine[line]
        let (a, b) = (random.below(choices.count), random.below(choices.count))
        return choices[min(a, b)]
    }

    /// Cents a unit; one product has none.
    static func standardCost(_ index: Int) -> Int? {
        guard index != uncosted else { return nil }
        return all[index].price * all[index].costShare / 100
    }

    static func write(to files: EntityFiles) {
        for (index, product) in all.enumerated() {
            files.add(
                .products, .text(product.id), .text(product.name), .text(lines[product.line]),
                .money(standardCost(index)))
        }
    }
}

extension Cell {
    static func product(_ index: Int?) -> Cell { words(index.map { Products.all[$0].id }) }
}
