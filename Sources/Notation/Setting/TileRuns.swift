// The tiles of a row block or a column block that a mask leaves visible, as runs of indices. For
// every mask but a table a few comparisons find them, however many tiles there are.

import Machine

/// Two runs of tile indices: tiles that are visible at least in part, and tiles that are wholly
/// visible.
struct TileRun: Equatable {
  /// An empty run is 0..<0.
  var some: Range<Int>
  var all: Range<Int>

  init(some: Range<Int>, all: Range<Int>) {
    self.some = some.isEmpty ? 0..<0 : some
    self.all = all.isEmpty ? 0..<0 : all
  }

  /// - Parameters:
  ///   - elements: visible to some rows of the block, and visible to all of them.
  ///   - extent: elements along the axis.
  ///   - size: elements of a tile.
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
  /// The key tiles that row block `i` sees; nil under a rule that gives no runs.
  func columns(ofRowBlock i: Int, tiles: (rows: Int, columns: Int)) -> TileRun? {
    guard rule.givesRuns else { return nil }
    let rows = tileRange(i, of: queries, by: tiles.rows)
    return TileRun(self.keys(seenBy: rows), of: self.keys, by: tiles.columns)
  }

  /// The query tiles that see column block `j`; nil under such a rule.
  func rows(ofColumnBlock j: Int, tiles: (rows: Int, columns: Int)) -> TileRun? {
    guard rule.givesRuns else { return nil }
    let columns = tileRange(j, of: self.keys, by: tiles.columns)
    return TileRun(self.rows(seeing: columns), of: queries, by: tiles.rows)
  }
}
