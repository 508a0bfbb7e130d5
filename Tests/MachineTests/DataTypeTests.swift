// Rounding to the storage formats, bit by bit.

import Machine
import Testing

@Suite("Data types")
struct DataTypeTests {
  /// Every exponent and sign with a few mantissas, among them ties and denormals.
  static let samples: [Float] = (0..<512).flatMap { high -> [Float] in
    [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFF, 0x1000, 0x1001, 0x18000, 0x7F8000, 0x7FFFFF, 0x3000].map {
      Float(bitPattern: UInt32(high) << 23 | $0)
    }
  }

  @Test("fp32 keeps every bit")
  func single() {
    for value in Self.samples {
      #expect(DataType.fp32.round(value).bitPattern == value.bitPattern)
    }
  }

  @Test("fp16 is the processor's own half precision")
  func half() {
    for value in Self.samples {
      let rounded = DataType.fp16.round(value)
      if value.isNaN {
        #expect(rounded.isNaN)
      } else {
        #expect(rounded.bitPattern == Float(Float16(value)).bitPattern)
      }
    }
    #expect(DataType.fp16.round(65519) == 65504)
    #expect(DataType.fp16.round(65520) == .infinity)
    #expect(DataType.fp16.round(0x1p-25) == 0)
    #expect(DataType.fp16.round(0x1.8p-25) == 0x1p-24)
  }

  @Test("bf16 is the nearest of the two neighbours, and the even one in a tie")
  func brain() {
    for value in Self.samples where value.isFinite {
      let below = Float(bitPattern: value.bitPattern & 0xFFFF_0000)
      let above = Float(bitPattern: (value.bitPattern & 0xFFFF_0000) &+ 0x1_0000)
      // In Double even a step that overflows Float has a length.
      let step = Double(sign: .plus, exponent: below.exponentOrDenormal - 7, significand: 1)
      let part = abs(Double(value) - Double(below)) / step
      let isOdd = below.bitPattern & 0x1_0000 != 0
      let expected = part > 0.5 || (part == 0.5 && isOdd) ? above : below
      #expect(DataType.bf16.round(value).bitPattern == expected.bitPattern, "\(value)")
    }
  }

  @Test("bf16 keeps infinities, signs of zero and NaN")
  func brainSpecials() {
    let round = DataType.bf16.round
    #expect(round(.infinity) == .infinity && round(-.infinity) == -.infinity)
    #expect(round(.nan).isNaN && round(Float(bitPattern: 0x7F80_0001)).isNaN)
    #expect(round(-0.0).bitPattern == 0x8000_0000)
    #expect(round(.greatestFiniteMagnitude) == .infinity)
    #expect(round(.leastNonzeroMagnitude) == 0)
    #expect(round(1 + 0x1p-8) == 1, "a tie, to even")
    #expect(round(1 + 0x3p-8) == 1 + 0x1p-6, "a tie, to even")
  }

  @Test("A mask byte is 0 or 1")
  func byte() {
    #expect(DataType.uint8.round(0) == 0 && DataType.uint8.round(7) == 1)
    #expect(DataType.uint8.bytes == 1 && DataType.fp32.bytes == 4)
    #expect(DataType.fp16.bytes == 2 && DataType.bf16.bytes == 2)
  }
}

extension Float {
  /// The exponent of a normal number; that of the smallest one for zero and denormals.
  fileprivate var exponentOrDenormal: Int { isNormal ? Int(exponent) : -126 }
}
