// Which tiles of a row block or a column block a mask leaves, as runs: under every rule but a table a
// few comparisons find them, however many tiles there are.

import Machine

/// Tiles of a row or column of tiles: those of which something is visible, and those that are visible
/// wholly.
struct TileRun: Equatable {
  /// Empty ones are 0..<0.
  var some: Range<Int>
  var all: Range<Int>

  init(some: Range<Int>, all: Range<Int>) {
    self.some = some.isEmpty ? 0..<0 : some
    self.all = all.isEmpty ? 0..<0 : all
  }

  /// From the elements that are visible in part and wholly, where tiles have `size` of `extent`
  /// elements.
  init(_ elements: (some: Range<Int>, all: Range<Int>), of extent: Int, by size: Int) {
    let end =
      elements.all.upperBound == extent
      ? tileCount(extent, size) : elements.all.upperBound / size
    let begin = tileCount(elements.all.lowerBound, size)
    self.init(
      some: Self.touched(elements.some, by: size),
      all: elements.all.isEmpty ? 0..<0 : begin..<max(begin, end))
  }

  private static func touched(_ elements: Range<Int>, by size: Int) -> Range<Int> {
    elements.isEmpty ? 0..<0 : elements.lowerBound / size..<tileCount(elements.upperBound, size)
  }
}

extension Mask {
  /// The column tiles that row block `i` sees; nil under a table, which must be looked through.
  func columns(ofRowBlock i: Int, tiles: (rows: Int, columns: Int)) -> TileRun? {
    if case .table = rule { return nil }
    let rows = tileRange(i, of: queries, by: tiles.rows)
    return TileRun(self.keys(seenBy: rows), of: self.keys, by: tiles.columns)
  }

  /// The row tiles that see column block `j`; likewise.
  func rows(ofColumnBlock j: Int, tiles: (rows: Int, columns: Int)) -> TileRun? {
    if case .table = rule { return nil }
    let columns = tileRange(j, of: self.keys, by: tiles.columns)
    return TileRun(self.rows(seeing: columns), of: queries, by: tiles.rows)
  }
}
