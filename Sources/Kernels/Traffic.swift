// The closed forms: what each tensor must move, from sizes alone. Nothing here looks at an op; that
// a recording's transfers equal these is the proof that a kernel is the paper's.

import Machine

/// The elements that one tensor moves, with the formula that says so.
public struct TensorTraffic: Sendable, Equatable {
  public var tensor: String
  public var type: DataType
  public var reads: Int
  public var writes: Int
  /// `Tc·N·d`; empty for no transfers.
  public var readFormula: String
  public var writeFormula: String

  public init(
    _ tensor: String, _ type: DataType, reads: Int = 0, _ readFormula: String = "",
    writes: Int = 0, _ writeFormula: String = ""
  ) {
    self.tensor = tensor
    self.type = type
    self.reads = reads
    self.writes = writes
    self.readFormula = readFormula
    self.writeFormula = writeFormula
  }

  public var transfers: Transfers {
    Transfers(readBytes: reads * type.bytes, writeBytes: writes * type.bytes)
  }
}

/// What two passes move together, tensor by tensor.
func sum(_ first: [TensorTraffic], _ second: [TensorTraffic]) -> [TensorTraffic] {
  var result = first
  for traffic in second {
    guard let index = result.firstIndex(where: { $0.tensor == traffic.tensor }) else {
      result.append(traffic)
      continue
    }
    result[index].reads += traffic.reads
    result[index].writes += traffic.writes
    result[index].readFormula = joined(result[index].readFormula, traffic.readFormula)
    result[index].writeFormula = joined(result[index].writeFormula, traffic.writeFormula)
  }
  return result
}

private func joined(_ a: String, _ b: String) -> String {
  [a, b].filter { !$0.isEmpty }.joined(separator: " + ")
}

/// Sums over the tiles that a mask leaves, for all heads: what Tc·N, Tr·Nk and their like become
/// when some tiles are skipped. Without a mask they are just those products.
struct VisitedTiles {
  /// Σ over visited tiles of their rows: Tc·N.
  private(set) var rows = 0
  /// Σ over visited tiles of their columns: Tr·Nk.
  private(set) var columns = 0
  /// Rows in row blocks that are visited at all: N.
  private(set) var distinctRows = 0
  /// Columns in column blocks that are visited at all: Nk.
  private(set) var distinctColumns = 0
  /// The same for each part into which the rows of a head are split: splits·Nk.
  private(set) var splitColumns = 0
  /// What stands before a formula that holds for each of those parts.
  let perSplit: String
  /// The same where heads share K and V: rows of K that any of them visits, once: Nk.
  private(set) var sharedColumns = 0
  /// Σ of the areas of visited tiles: N·Nk.
  private(set) var area = 0
  /// Σ of the areas of tiles that are neither hidden nor wholly visible.
  private(set) var mixedArea = 0

  init(_ problem: AttentionProblem, _ mapping: Mapping) {
    let mask = problem.mask
    perSplit = mapping.splits > 1 ? "splits·" : ""
    guard case .table = problem.maskRule else {
      // A rule says the same of every head.
      if problem.planes > 0 { add(0, problem, mapping, mask) }
      if problem.keyValuePlanes > 0 { addShared(0, problem, mapping, mask) }
      multiply(by: problem.planes, keyValue: problem.keyValuePlanes)
      return
    }
    for plane in 0..<problem.planes { add(plane, problem, mapping, mask) }
    for plane in 0..<problem.keyValuePlanes { addShared(plane, problem, mapping, mask) }
  }

  private mutating func multiply(by planes: Int, keyValue keyValuePlanes: Int) {
    rows *= planes
    columns *= planes
    distinctRows *= planes
    distinctColumns *= planes
    splitColumns *= planes
    sharedColumns *= keyValuePlanes
    area *= planes
    mixedArea *= planes
  }

  private mutating func addShared(
    _ plane: Int, _ problem: AttentionProblem, _ mapping: Mapping, _ mask: Mask
  ) {
    for j in 0..<tileCount(problem.keys, mapping.columns) {
      let columns = tileRange(j, of: problem.keys, by: mapping.columns)
      let isSeen = problem.group(ofKeyValuePlane: plane).contains { head in
        mask.coverage(plane: head, rows: 0..<problem.queries, columns: columns) != .none
      }
      if isSeen { sharedColumns += columns.count }
    }
  }

  private mutating func add(
    _ plane: Int, _ problem: AttentionProblem, _ mapping: Mapping, _ mask: Mask
  ) {
    let count = tileCount(problem.keys, mapping.columns)
    var seen = TileSet(count)
    var seenInSplits = (0..<mapping.splits).map { _ in TileSet(count) }
    for i in 0..<tileCount(problem.queries, mapping.rows) {
      let tileRows = tileRange(i, of: problem.queries, by: mapping.rows)
      let runs = runs(plane, i, mask, mapping)
      if !runs.some.isEmpty { distinctRows += tileRows.count }
      for run in runs.some {
        let width = width(run, problem, mapping)
        rows += tileRows.count * run.count
        columns += width
        area += tileRows.count * width
        mixedArea += tileRows.count * width
        seen.insert(run)
        seenInSplits[i % mapping.splits].insert(run)
      }
      for run in runs.all { mixedArea -= tileRows.count * width(run, problem, mapping) }
    }
    distinctColumns += seen.runs.reduce(0) { $0 + width($1, problem, mapping) }
    for part in seenInSplits {
      splitColumns += part.runs.reduce(0) { $0 + width($1, problem, mapping) }
    }
  }

  /// The column tiles that a row block sees in part or wholly, and those that it sees wholly.
  private func runs(
    _ plane: Int, _ i: Int, _ mask: Mask, _ mapping: Mapping
  ) -> (some: [Range<Int>], all: [Range<Int>]) {
    if let run = mask.columns(ofRowBlock: i, tiles: (mapping.rows, mapping.columns)) {
      return ([run.some].filter { !$0.isEmpty }, [run.all].filter { !$0.isEmpty })
    }
    let rows = tileRange(i, of: mask.queries, by: mapping.rows)
    let coverage = (0..<tileCount(mask.keys, mapping.columns)).map { j in
      mask.coverage(
        plane: plane, rows: rows, columns: tileRange(j, of: mask.keys, by: mapping.columns))
    }
    let tiles = { (isWanted: (Coverage) -> Bool) in
      coverage.indices.filter { isWanted(coverage[$0]) }.map { $0..<$0 + 1 }
    }
    return (tiles { $0 != .none }, tiles { $0 == .all })
  }

  /// Columns of some tiles.
  private func width(_ run: Range<Int>, _ problem: AttentionProblem, _ mapping: Mapping) -> Int {
    min(run.upperBound * mapping.columns, problem.keys) - run.lowerBound * mapping.columns
  }
}

/// Column tiles that some row block has seen.
private struct TileSet {
  private var isSeen: [Bool]
  /// Of row blocks in order, runs begin farther on: what lies before the end of the last is known.
  private var end = 0

  init(_ count: Int) { isSeen = Array(repeating: false, count: count) }

  mutating func insert(_ run: Range<Int>) {
    let isNew = run.count == 1 ? run : max(run.lowerBound, min(end, run.upperBound))..<run.upperBound
    for tile in isNew { isSeen[tile] = true }
    if run.count > 1 { end = max(end, run.upperBound) }
  }

  /// Each as a run of its own.
  var runs: [Range<Int>] { isSeen.indices.filter { isSeen[$0] }.map { $0..<$0 + 1 } }
}
