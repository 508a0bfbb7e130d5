// The number formats of tensors in HBM. Arithmetic on chip is always fp32, as on the hardware;
// a format decides how many bytes a transfer moves and what a store rounds away.

/// How one element of a tensor is stored.
package enum DataType: String, Sendable, CaseIterable {
  case fp32, fp16, bf16
  /// Four bits of exponent and three of fraction (E4M3), for the tensor cores of newer devices.
  case fp8
  /// One byte per element: a mask read from HBM.
  case uint8

  /// Bytes per element.
  package var bytes: Int {
    switch self {
    case .fp32: 4
    case .fp16, .bf16: 2
    case .fp8, .uint8: 1
    }
  }

  /// `value` rounded to this format, to nearest even (IEEE 754; bfloat16 as in the PTX ISA).
  package func round(_ value: Float) -> Float {
    switch self {
    case .fp32: value
    case .fp16: Float(Float16(value))
    case .bf16: Self.roundToBFloat16(value)
    case .fp8: Self.roundToE4M3(value)
    case .uint8: value == 0 ? 0 : 1
    }
  }

  /// A bfloat16 is the upper half of a float. The lower half is rounded away, ties to even.
  private static func roundToBFloat16(_ value: Float) -> Float {
    guard value.isFinite else { return value }
    let bits = value.bitPattern
    let tieToEven = (bits >> 16) & 1
    return Float(bitPattern: (bits &+ 0x7FFF &+ tieToEven) & 0xFFFF_0000)
  }

  /// E4M3 (Micikevicius et al. 2022, arXiv 2209.05433). The step is 2⁻³ of the leading power of
  /// two, and at least 2⁻⁹. There is no infinity: a larger number becomes the largest one, 448, as
  /// in the hardware's saturating conversion.
  private static func roundToE4M3(_ value: Float) -> Float {
    guard !value.isNaN, value != 0 else { return value }
    let size = min(abs(value), 448)
    let step = Float(sign: .plus, exponent: max(size.exponent, -6) - 3, significand: 1)
    let rounded = min((size / step).rounded(.toNearestOrEven) * step, 448)
    return value < 0 ? -rounded : rounded
  }
}
