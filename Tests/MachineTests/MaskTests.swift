// Masks against a literal count of visible pairs, for every rule and for ragged tiles.

import Machine
import Testing

@testable import Library

@Suite("Masks")
struct MaskTests {
  struct Rule: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var rule: Mask.Rule
    /// The rule in words, as pairs: query, key, queries, keys.
    var isVisible: @Sendable (Int, Int, Int, Int) -> Bool

    init(
      _ name: String, _ rule: Mask.Rule,
      _ isVisible: @escaping @Sendable (Int, Int, Int, Int) -> Bool
    ) {
      testDescription = name
      self.rule = rule
      self.isVisible = isVisible
    }
  }

  static let rules: [Rule] =
    [
      Rule("none", .none) { _, _, _, _ in true },
      Rule("causal", .causal) { i, j, n, nk in n - 1 - i <= nk - 1 - j },
      Rule("causal-top-left", .causalTopLeft) { i, j, _, _ in j <= i },
    ]
    + [(0, 0), (2, 0), (0, 3), (1, 2), (100, 100)].map { left, right in
      Rule("window:\(left),\(right)", .window(left: left, right: right)) { i, j, _, _ in
        i - left <= j && j <= i + right
      }
    }
    + [0, 1, 4, 5, 9].map { length in
      Rule("padding:\(length)", .padding(length: length)) { _, j, _, _ in j < length }
    }

  @Test("A tile's coverage is what a count of its pairs says", arguments: rules)
  func coverage(rule: Rule) {
    for (n, nk) in [(9, 9), (7, 11), (11, 7), (1, 9), (9, 1)] {
      let mask = Mask(rule.rule, queries: n, keys: nk)
      for (tileRows, tileColumns) in [(4, 3), (3, 4), (16, 2), (1, 1), (2, 16)] {
        for i in 0..<tileCount(n, tileRows) {
          for j in 0..<tileCount(nk, tileColumns) {
            let rows = tileRange(i, of: n, by: tileRows)
            let columns = tileRange(j, of: nk, by: tileColumns)
            var visible = 0
            for row in rows {
              for key in columns where rule.isVisible(row, key, n, nk) { visible += 1 }
            }
            #expect(
              mask.coverage(plane: 0, rows: rows, columns: columns)
                == expected(visible, of: rows.count * columns.count))
          }
        }
      }
    }
  }

  private func expected(_ visible: Int, of all: Int) -> Coverage {
    visible == 0 ? .none : visible == all ? .all : .some
  }

  @Test("Every pair is visible or hidden as the rule's words say", arguments: rules)
  func pairs(rule: Rule) {
    for (n, nk) in [(6, 6), (4, 7), (7, 4)] {
      let mask = Mask(rule.rule, queries: n, keys: nk)
      for row in 0..<n {
        for key in 0..<nk {
          #expect(mask.isVisible(plane: 0, row: row, key: key) == rule.isVisible(row, key, n, nk))
        }
        #expect(
          Set(mask.visibleKeys(row: row)) == Set((0..<nk).filter { rule.isVisible(row, $0, n, nk) })
        )
      }
    }
  }

  /// Visible where the bit of a hash says so; every third row and fourth column is empty.
  private func table(planes: Int, n: Int, nk: Int) -> Matrix {
    var table = Matrix(planes: planes, rows: n, columns: nk)
    for plane in 0..<planes {
      for row in 0..<n where row % 3 != 1 {
        for key in 0..<nk where key % 4 != 2 {
          table[plane, row, key] = (plane * 7 + row * 5 + key * 3) % 4 < 2 ? 1 : 0
        }
      }
    }
    return table
  }

  @Test(
    "A table may have one plane, one per head, or one per batch entry and head",
    arguments: [1, 2, 6])
  func tables(planes: Int) {
    let table = table(planes: planes, n: 9, nk: 7)
    let mask = Mask(.table(table), queries: 9, keys: 7, heads: 2)
    for plane in 0..<6 {
      let own = planes == 1 ? 0 : planes == 2 ? plane % 2 : plane
      for i in 0..<5 {
        for j in 0..<3 {
          let (rows, columns) = (tileRange(i, of: 9, by: 2), tileRange(j, of: 7, by: 3))
          var visible = 0
          for row in rows {
            for key in columns {
              let isVisible = table[own, row, key] != 0
              #expect(mask.isVisible(plane: plane, row: row, key: key) == isVisible)
              if isVisible { visible += 1 }
            }
          }
          #expect(
            mask.coverage(plane: plane, rows: rows, columns: columns)
              == expected(visible, of: rows.count * columns.count))
        }
      }
    }
  }
}
