// The number formats of tensors in HBM. Arithmetic on chip is always fp32, as on the hardware;
// a format decides how many bytes a transfer moves and what a store rounds away.

/// How one element of a tensor is stored.
public enum DataType: String, Sendable, CaseIterable {
  case fp32, fp16, bf16
  /// One byte per element: a mask read from HBM.
  case uint8

  /// Bytes per element.
  public var bytes: Int {
    switch self {
    case .fp32: 4
    case .fp16, .bf16: 2
    case .uint8: 1
    }
  }

  /// `value` rounded to this format, to nearest even (IEEE 754; bfloat16 as in the PTX ISA).
  public func round(_ value: Float) -> Float {
    switch self {
    case .fp32: value
    case .fp16: Float(Float16(value))
    case .bf16: Self.roundToBFloat16(value)
    case .uint8: value == 0 ? 0 : 1
    }
  }

  /// A bfloat16 is the upper half of a float: add half a unit of what falls away, ties to even.
  private static func roundToBFloat16(_ value: Float) -> Float {
    guard value.isFinite else { return value }
    let bits = value.bitPattern
    let tieToEven = (bits >> 16) & 1
    return Float(bitPattern: (bits &+ 0x7FFF &+ tieToEven) & 0xFFFF_0000)
  }
}
