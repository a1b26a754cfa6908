import Glibc

/// Quantiles of Student's t distribution.
package enum StudentT {
    /// The two-sided 95 % quantile for some degrees of freedom, to about 1e-12. Bisection on the
    /// distribution function; O(100) evaluations.
    package static func quantile95(_ degrees: Double) -> Double {
        var (low, high) = (1.9, 13.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if outside(middle, degrees) > 0.05 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// P(|T| > t): the regularised incomplete beta function at ν ÷ (ν + t²) with a = ν ÷ 2, b = ½.
    static func outside(_ t: Double, _ degrees: Double) -> Double {
        incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    }

    /// By its continued fraction (NIST Digital Library of Mathematical Functions 8.17.22), evaluated
    /// with Lentz's method; reflected where that converges faster.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let front = exp(
            lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
        var (f, c, d) = (1.0, 1.0, 0.0)
        for index in 0..<500 {
            let m = Double(index / 2)
            let numerator: Double
            if index == 0 {
                numerator = 1
            } else if index % 2 == 0 {
                numerator = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            } else {
                numerator = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            }
            d = 1 / nonZero(1 + numerator * d)
            c = nonZero(1 + numerator / c)
            f *= c * d
            if abs(1 - c * d) < 1e-15 { break }
        }
        return front * (f - 1) / a
    }

    private static func nonZero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
}
