import Foundation
import KPICore
import TestSupport
import Testing

@Suite struct DecimalLawTests {
    private func random(_ random: inout SplitMix) -> ExactDecimal {
        let mantissa = Int128.random(in: Int128.min...Int128.max, using: &random)
        return ExactDecimal(mantissa: mantissa >> random.int(1...126), scale: random.int(0...38))
    }

    @Test func whatIsWrittenReadsBack() throws {
        var generator = SplitMix(seed: 61)
        let limit = try #require(ExactDecimal.powerOfTen(38))
        for _ in 0..<20_000 {
            let number = random(&generator)
            let read = ExactDecimal(number.description)
            guard number.mantissa.magnitude < limit.magnitude else {
                #expect(read == nil)
                continue
            }
            #expect(read?.mantissa == number.mantissa && read?.scale == number.scale)
            #expect(ExactDecimal(number.trimmed.description) == number)
        }
    }

    @Test(
        arguments: [
            "", "-", "+", ".", "1.2.3", "1e5", " 1", "1 ", "--1", "1-", "1,000", "１", "0x1", "-.",
            "100000000000000000000000000000000000000", "0.000000000000000000000000000000000000001",
            "123456789012345678901234567890123456789",
        ]) func refusesWhatIsNoNumber(text: String)
    {
        #expect(ExactDecimal(text) == nil)
    }

    @Test(
        arguments: [
            ("+1.50", "1.50"), ("-0.5", "-0.5"), (".5", "0.5"), ("5.", "5"), ("-007", "-7"),
            ("00000000000000000000000000000000000000000000001", "1"),
            ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ]) func readsSignsAndZeros(text: String, written: String)
    {
        #expect(ExactDecimal(text)?.description == written)
    }

    @Test func orderAgreesWithSubtraction() {
        var generator = SplitMix(seed: 62)
        for _ in 0..<20_000 {
            let a = random(&generator)
            // Half of the pairs lie close together, where rounding would lose the difference.
            let b =
                generator.oneIn(2)
                ? random(&generator)
                : ExactDecimal(
                    mantissa: a.mantissa &+ Int128(generator.int(-2...2)), scale: a.scale)
            let order = [a < b, a == b, b < a]
            #expect(order.count { $0 } == 1, "\(a) \(b)")
            if a == b { #expect(a.hashValue == b.hashValue) }
            if a.doubleValue < b.doubleValue { #expect(a < b, "\(a) \(b)") }
        }
    }

    @Test func orderIsExactWhereTheFinerScaleHasNoRoom() {
        let large = ExactDecimal(
            mantissa: 17_014_118_346_046_923_173_168_730_371_588_410_573, scale: 0)
        let nearly = ExactDecimal(mantissa: .max, scale: 1)
        #expect(nearly < large)
        #expect(!(large < nearly))
        let zero = ExactDecimal(mantissa: 0, scale: 0)
        #expect(zero < ExactDecimal(mantissa: 1, scale: 60))
        #expect(!(zero < ExactDecimal(mantissa: -1, scale: 60)))
    }

    @Test func doublesAreTheNearest() {
        var generator = SplitMix(seed: 63)
        for _ in 0..<20_000 {
            let number = random(&generator)
            #expect(number.doubleValue == Double(number.description))
        }
    }

    @Test func sumsAgreeWithFoundation() {
        var generator = SplitMix(seed: 64)
        for _ in 0..<2000 {
            let scale = generator.int(0...6)
            let a = Int128(generator.int(-1_000_000_000...1_000_000_000))
            let b = Int128(generator.int(-1_000_000_000...1_000_000_000))
            let sum = ExactDecimal(mantissa: a + b, scale: scale)
            let expected =
                Decimal(string: ExactDecimal(mantissa: a, scale: scale).description)!
                + Decimal(string: ExactDecimal(mantissa: b, scale: scale).description)!
            #expect(sum.trimmed.description == expected.description)
        }
    }

    @Test func rescaling() {
        let number = ExactDecimal(mantissa: 150, scale: 2)
        #expect(number.rescaled(to: 4)?.mantissa == 15_000)
        #expect(number.rescaled(to: 2)?.mantissa == 150)
        #expect(number.rescaled(to: 1) == nil)
        #expect(number.rescaled(to: 41) == nil)
        #expect(ExactDecimal(0).rescaled(to: 60)?.scale == 60)
        #expect(ExactDecimal.powerOfTen(39) == nil)
    }
}

@Suite struct UnitTests {
    private let money = KPICore.Unit.currency("CNY")

    @Test func quotientsAndProducts() {
        #expect(money / .count == money)
        #expect(.count / .count == KPICore.Unit.ratio)
        #expect(money / money == .ratio)
        #expect(money / .currency("USD") != .ratio)
        #expect((.count / .duration).description == "count/s")
        #expect((.count / .duration) * .duration == KPICore.Unit.count)
        #expect(money / .duration * .duration == money)
        #expect((.ratio / .duration).description == "1/s")
        #expect((money * money).description == "CNY*CNY")
        #expect(money * .ratio == money)
        #expect(.ratio / .count == KPICore.Unit.ratio)
        #expect((.duration * .count) == (.count * .duration))
    }

    @Test func namesAndParts() {
        let names = [KPICore.Unit.ratio, .count, .duration, .score, money].map(\.description)
        #expect(names == ["ratio", "count", "s", "score", "CNY"])
        #expect((money / .currency("USD")).currencies == ["CNY", "USD"])
    }
}

@Suite struct NearMatchTests {
    private let names = ["revenue", "won_deals", "lost_deals", "首次解决数", "首响时长", "n"]

    @Test(
        arguments: [
            ("revenu", ["revenue"]), ("Revenue", ["revenue"]), ("rveenue", ["revenue"]),
            ("首解数", []), ("首次解决", ["首次解决数"]), ("deals", ["lost_deals", "won_deals"]),
            ("m", ["n"]), ("xyzzy", []), ("", ["n"]),
        ] as [(String, [String])]) func closest(name: String, expected: [String])
    {
        #expect(NearMatch.closest(to: name, among: names) == expected)
    }

    @Test func nearestFirstAndNoMoreThanAsked() {
        let candidates = ["abcdXX", "abcdeX", "abcdef", "zabcdefz"]
        #expect(
            NearMatch.closest(to: "abcdef", among: candidates) == ["abcdef", "abcdeX", "abcdXX"])
        #expect(NearMatch.closest(to: "abcdef", among: candidates, limit: 1) == ["abcdef"])
    }
}
