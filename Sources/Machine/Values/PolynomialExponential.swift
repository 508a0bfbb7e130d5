// e^x without the SFU, as FlashAttention-4 computes a share of its weights on the FMA units (Zadouri et al. 2026,
// arXiv 2603.05451; Dao-AILab/flash-attention, flash_attn/cute/utils.py).

/// e^x = 2^(x·log₂e) by range reduction and a polynomial of degree 3 on [0, 1). Its relative error is at most 8.8·10⁻⁵,
/// less than the rounding to bf16.
package enum PolynomialExponential {
  /// The columns among which the share is counted.
  package static let period = 32

  /// Operations on the FP32 lanes per element: clamp, scale, add and subtract the constant that rounds, the fraction,
  /// three multiply-adds, shift and add of the exponent.
  package static let operations = 13

  private static let coefficients: [Double] = [1, 0.695146143, 0.227564394, 0.077119090]

  /// e^x for x ≤ 0; below 2⁻¹²⁷ it is clamped there, which fp32 holds as nearly 0.
  package static func value<Number: BinaryFloatingPoint>(_ x: Number) -> Number {
    guard !x.isNaN else { return x }
    let power = max(x * Number(1.4426950408889634), -127)
    let whole = power.rounded(.down)
    let fraction = power - whole
    let polynomial = coefficients.reversed().reduce(Number(0)) { $0 * fraction + Number($1) }
    return Number(sign: .plus, exponent: Number.Exponent(whole), significand: polynomial)
  }

  /// The weight of a score, with the guards of a weight from the SFU.
  static func weight<Number: BinaryFloatingPoint>(_ score: Number, _ maximum: Number) -> Number {
    if score == -.infinity { return 0 }
    return maximum == .infinity ? .nan : value(score - maximum)
  }

  /// Whether the polynomial gives the weights of a column.
  static func takes(column: Int, lanes: Int) -> Bool { column % period < lanes }
}
