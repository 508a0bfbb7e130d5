// The random numbers behind dropout: the published answers of the generator, and a mask that depends
// on an element's place alone.

import Machine
import Testing

@Suite("Philox and the dropout mask")
struct PhiloxTests {
  /// Counter, key and answer from kat_vectors of Random123 1.14 (Salmon et al. 2011), philox4x32 10.
  static let known: [([UInt32], [UInt32], [UInt32])] = [
    ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    (
      [.max, .max, .max, .max], [.max, .max],
      [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ]

  @Test("Philox 4×32-10 gives the published answers", arguments: known)
  func knownAnswers(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
    let words = philox(
      counter: SIMD4(counter[0], counter[1], counter[2], counter[3]), key: SIMD2(key[0], key[1]))
    #expect((0..<4).map { words[$0] } == answer)
  }

  private func region(_ plane: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Region {
    Region(
      tensor: -1, plane: plane, rows: rows, columns: columns, tileRow: 0, tileColumn: nil)
  }

  @Test("A rectangle's mask does not depend on where the rectangle begins")
  func rectangles() {
    let rule = Dropout(probability: 0.3, seed: 9, heads: 3)
    for (rows, columns) in [(0..<9, 0..<13), (3..<5, 1..<2), (8..<9, 3..<12), (2..<7, 6..<13)] {
      for plane in [0, 2, 5] {
        var seen: [Int] = []
        rule.forEachElement(of: region(plane, rows, columns)) { index, isKept in
          let (row, column) = index.quotientAndRemainder(dividingBy: columns.count)
          let whole = rule.keeps(
            plane: plane, row: rows.lowerBound + row, column: columns.lowerBound + column)
          #expect(isKept == whole)
          seen.append(index)
        }
        #expect(seen == Array(0..<rows.count * columns.count))
      }
    }
  }

  @Test("An element's number is a word of the call for its four columns, row, head and batch entry")
  func place() {
    let rule = Dropout(probability: 0.25, seed: 0x0123_4567_89AB_CDEF, heads: 3)
    for (plane, row, column) in [(0, 0, 0), (4, 7, 13), (5, 100, 1023), (2, 3, 6)] {
      let words = philox(
        counter: SIMD4(
          UInt32(column / 4), UInt32(row), UInt32(plane % 3), UInt32(plane / 3)),
        key: SIMD2(0x89AB_CDEF, 0x0123_4567))
      let isKept = Double(words[column % 4]) >= 0.25 * 0x1p32
      #expect(rule.keeps(plane: plane, row: row, column: column) == isKept)
    }
  }

  @Test("Of a million elements the share p is dropped, within three sigma", arguments: [0.1, 0.5])
  func rate(probability: Double) {
    let rule = Dropout(probability: probability, seed: 1, heads: 1)
    var dropped = 0
    rule.forEachElement(of: region(0, 0..<1000, 0..<1000)) { if !$1 { dropped += 1 } }
    let sigma = (1e6 * probability * (1 - probability)).squareRoot()
    #expect(abs(Double(dropped) - 1e6 * probability) <= 3 * sigma, "\(dropped)")
  }

  @Test("Seeds, planes and rows have masks of their own")
  func independence() {
    func mask(_ seed: UInt64, _ plane: Int, _ row: Int) -> [Bool] {
      let rule = Dropout(probability: 0.5, seed: seed, heads: 2)
      return (0..<64).map { rule.keeps(plane: plane, row: row, column: $0) }
    }
    let masks = [
      mask(1, 0, 0), mask(2, 0, 0), mask(1 << 40, 0, 0), mask(1, 1, 0), mask(1, 2, 0),
      mask(1, 0, 1),
    ]
    #expect(Set(masks).count == masks.count)
    #expect(mask(1, 0, 0) == mask(1, 0, 0))
  }
}
