// The values of Tc·N, Tr·Nk and similar products in a launch that skips hidden tiles.

import Machine

/// Sums over the tiles that a mask leaves visible, for all heads. Without a mask they equal the
/// products Tc·N, Tr·Nk and so on.
struct VisitedTiles {
  /// Σ over visited tiles of their rows: Tc·N.
  private(set) var rows = 0
  /// Σ over visited tiles of their columns: Tr·Nk.
  private(set) var columns = 0
  /// Visited tiles: Tr·Tc.
  private(set) var count = 0
  /// Rows in row blocks that are visited at all: N.
  private(set) var distinctRows = 0
  /// Columns in column blocks that are visited at all: Nk.
  private(set) var distinctColumns = 0
  /// As `distinctColumns`, counted for each split of a head's query rows: splits·Nk.
  private(set) var splitColumns = 0
  /// As `distinctColumns`, counted once for query heads that share K and V: Nk.
  private(set) var sharedColumns = 0
  /// Σ of the areas of visited tiles, in elements: N·Nk.
  private(set) var area = 0
  /// Σ of the areas of tiles that are visible only in part.
  private(set) var mixedArea = 0

  private let setting: Setting
  private var mask: Mask { setting.mask }
  private let tiles: (rows: Int, columns: Int)
  private let splits: Int

  init(_ setting: Setting, tiles: (rows: Int, columns: Int), splits: Int = 1) {
    (self.setting, self.tiles, self.splits) = (setting, tiles, splits)
    guard setting.hasMaskTable else {
      // A mask rule is the same for every head: one is counted and multiplied.
      if setting.planes > 0 { add(0) }
      if setting.keyValuePlanes > 0 { addShared(0) }
      multiply(by: setting.planes, keyValue: setting.keyValuePlanes)
      return
    }
    for plane in 0..<setting.planes { add(plane) }
    for plane in 0..<setting.keyValuePlanes { addShared(plane) }
  }

  private mutating func multiply(by planes: Int, keyValue keyValuePlanes: Int) {
    rows *= planes
    columns *= planes
    count *= planes
    distinctRows *= planes
    distinctColumns *= planes
    splitColumns *= planes
    sharedColumns *= keyValuePlanes
    area *= planes
    mixedArea *= planes
  }

  private mutating func addShared(
    _ plane: Int
  ) {
    for j in 0..<tileCount(mask.keys, tiles.columns) {
      let columns = tileRange(j, of: mask.keys, by: tiles.columns)
      let isSeen = setting.group(ofKeyValuePlane: plane).contains { head in
        mask.coverage(plane: head, rows: 0..<mask.queries, columns: columns) != .none
      }
      if isSeen { sharedColumns += columns.count }
    }
  }

  private mutating func add(
    _ plane: Int
  ) {
    let count = tileCount(mask.keys, tiles.columns)
    var seen = TileSet(count)
    var seenInSplits = (0..<splits).map { _ in TileSet(count) }
    for i in 0..<tileCount(mask.queries, tiles.rows) {
      let tileRows = tileRange(i, of: mask.queries, by: tiles.rows)
      let runs = self.runs(plane, i)
      if !runs.some.isEmpty { distinctRows += tileRows.count }
      for run in runs.some {
        let width = self.width(run)
        rows += tileRows.count * run.count
        columns += width
        self.count += run.count
        area += tileRows.count * width
        mixedArea += tileRows.count * width
        seen.insert(run)
        seenInSplits[i % splits].insert(run)
      }
      for run in runs.all { mixedArea -= tileRows.count * width(run) }
    }
    distinctColumns += seen.runs.reduce(0) { $0 + width($1) }
    for part in seenInSplits {
      splitColumns += part.runs.reduce(0) { $0 + width($1) }
    }
  }

  /// The key tiles that a row block sees at least in part, and those that it sees wholly.
  private func runs(
    _ plane: Int, _ i: Int
  ) -> (some: [Range<Int>], all: [Range<Int>]) {
    if let run = mask.columns(ofRowBlock: i, tiles: tiles) {
      return ([run.some].filter { !$0.isEmpty }, [run.all].filter { !$0.isEmpty })
    }
    let rows = tileRange(i, of: mask.queries, by: tiles.rows)
    let coverage = (0..<tileCount(mask.keys, tiles.columns)).map { j in
      mask.coverage(
        plane: plane, rows: rows, columns: tileRange(j, of: mask.keys, by: tiles.columns))
    }
    let ones = { (isWanted: (Coverage) -> Bool) in
      coverage.indices.filter { isWanted(coverage[$0]) }.map { $0..<$0 + 1 }
    }
    return (ones { $0 != .none }, ones { $0 == .all })
  }

  /// The columns in a run of tiles, in elements.
  private func width(_ run: Range<Int>) -> Int {
    min(run.upperBound * tiles.columns, mask.keys) - run.lowerBound * tiles.columns
  }
}

/// The key tiles that at least one row block has visited.
private struct TileSet {
  private var isSeen: [Bool]
  /// The end of the last run. Row blocks come in order and their runs move to the right, so tiles
  /// of a run before `end` are in the set already.
  private var end = 0

  init(_ count: Int) { isSeen = Array(repeating: false, count: count) }

  mutating func insert(_ run: Range<Int>) {
    let isNew =
      run.count == 1 ? run : max(run.lowerBound, min(end, run.upperBound))..<run.upperBound
    for tile in isNew { isSeen[tile] = true }
    if run.count > 1 { end = max(end, run.upperBound) }
  }

  /// Its tiles, each as a run of its own.
  var runs: [Range<Int>] { isSeen.indices.filter { isSeen[$0] }.map { $0..<$0 + 1 } }
}
