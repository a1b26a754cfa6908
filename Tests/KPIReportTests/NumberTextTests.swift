import Foundation
import KPICore
import TestSupport
import Testing

@testable import KPIReport

@Suite struct NumberTextTests {
    private func text(_ digits: DecimalDigits?) -> String? {
        guard let digits else { return nil }
        var bytes: [UInt8] = []
        digits.write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            (0, 0, "0"), (0, 5, "0"), (-5, 1, "-0.5"), (100, 2, "1"), (-25_050, 2, "-250.5"),
            (5, 6, "0.000005"), (1_000_000, 0, "1000000"), (10, 0, "10"), (1, 45, zeros(44) + "1"),
            (Int128.max, 0, "170141183460469231731687303715884105727"),
            (Int128.min, 38, "-1.70141183460469231731687303715884105728"),
            (Int128(UInt64.max) + 1, 1, "1844674407370955161.6"),
            (10_000_000_000_000_000_000_000, 2, "100000000000000000000"),
        ] as [(Int128, Int, String)])
    func decimalsAreExactWithoutTrailingZeros(mantissa: Int128, scale: Int, expected: String) {
        #expect(text(DecimalDigits(mantissa: mantissa, scale: scale)) == expected)
    }

    private static func zeros(_ count: Int) -> String {
        "0." + String(repeating: "0", count: count)
    }

    @Test func decimalsAgreeWithTheirOwnText() {
        var random = SplitMix(seed: 11)
        for _ in 0..<20_000 {
            let bits = Int.random(in: 1...127, using: &random)
            let mantissa =
                Int128.random(in: Int128.min...Int128.max, using: &random) >> (127 - bits)
            let scale = Int.random(in: 0...38, using: &random)
            let expected = ExactDecimal(mantissa: mantissa, scale: scale).trimmed.description
            #expect(text(DecimalDigits(mantissa: mantissa, scale: scale)) == expected)
        }
    }

    @Test(
        arguments: [
            (0.0, "0"), (-0.0, "0"), (1, "1"), (-2.5, "-2.5"), (0.1, "0.1"), (1e-7, "0.0000001"),
            (1e21, "1000000000000000000000"), (123_456_789_012_345_680, "123456789012345680"),
            (9_007_199_254_740_994, "9007199254740994"), (2.0 / 3, "0.6666666666666666"),
            (1.5e-5, "0.000015"), (-1.25e17, "-125000000000000000"),
        ] as [(Double, String)]) func doublesHaveNoExponent(double: Double, expected: String)
    {
        #expect(text(DecimalDigits(double)) == expected)
    }

    @Test func doublesReadBack() {
        var random = SplitMix(seed: 12)
        for round in 0..<50_000 {
            let double =
                round % 2 == 0
                ? Double(bitPattern: random.next())
                : Double(Int.random(in: 0...1_000_000, using: &random))
                    / Double(Int.random(in: 1...1000, using: &random))
            guard double.isFinite else {
                #expect(DecimalDigits(double) == nil)
                continue
            }
            let written = text(DecimalDigits(double))!
            #expect(Double(written) == double)
            #expect(!written.contains("e"))
        }
    }

    @Test func extremeDoublesReadBack() {
        for double in [
            Double.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
            .ulpOfOne,
            0x1p53, 0x1p63, -0x1p63, 0x1p64,
        ] {
            #expect(Double(text(DecimalDigits(double))!) == double)
        }
    }

    @Test(
        arguments: [
            ("0.005", 2, "0.01"), ("0.0049", 2, "0"), ("-0.005", 2, "-0.01"),
            ("999.995", 2, "1000"),
            ("9.5", 0, "10"), ("0.5", 0, "1"), ("0.05", 0, "0"), ("12.345", 2, "12.35"),
            ("7", 2, "7"),
        ]) func roundsHalfAwayFromZero(number: String, places: Int, expected: String)
    {
        let decimal = ExactDecimal(number)!
        let digits = DecimalDigits(mantissa: decimal.mantissa, scale: decimal.scale)
        #expect(text(digits.rounded(to: places)) == expected)
    }

    @Test func roundingAgreesWithFoundation() {
        var random = SplitMix(seed: 13)
        for _ in 0..<5000 {
            let mantissa = Int64.random(in: -1_000_000_000...1_000_000_000, using: &random)
            let scale = Int.random(in: 0...9, using: &random)
            let places = Int.random(in: 0...6, using: &random)
            var exact = Decimal(mantissa) / pow(10, scale)
            var rounded = Decimal()
            NSDecimalRound(&rounded, &exact, places, .plain)
            let digits = DecimalDigits(mantissa: Int128(mantissa), scale: scale)
            #expect(text(digits.rounded(to: places)) == rounded.description)
        }
    }
}
