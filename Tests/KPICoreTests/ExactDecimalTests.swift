import KPICore
import Testing

@Suite struct ExactDecimalTests {
    @Test(arguments: ["0", "-0.50", "12345678901234567890.0123456789", "-1", "0.001"])
    func textRoundTrips(_ text: String) {
        #expect(ExactDecimal(text)?.description == text)
    }

    @Test(arguments: ["", "-", ".", "1e3", "1.2.3", "１"])
    func anythingButDigitsIsRefused(_ text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test func moreDigitsThanFitAreRefused() {
        #expect(ExactDecimal(String(repeating: "9", count: 38)) != nil)
        #expect(ExactDecimal(String(repeating: "9", count: 39)) == nil)
    }

    @Test func equalNumbersOfDifferentScalesAreEqualAndHashAlike() {
        let (short, long) = (ExactDecimal("1.5")!, ExactDecimal("1.500")!)
        #expect(short == long)
        #expect(Set([short, long]).count == 1)
        #expect(ExactDecimal("-2")! < ExactDecimal("-1.99")!)
    }

    @Test func doublesAreTheNearestOnes() {
        #expect(ExactDecimal("0.1")!.doubleValue == 0.1)
        #expect(ExactDecimal("12345678901234567890.5")!.doubleValue == 12345678901234567890.5)
    }
}
