// The steps of softmax attention as the papers write them, each with its cost: elementwise
// operations counted one by one, exponentials apart, as the units that do them are.

import Machine

extension Block {
  /// S = logits of q·kᵀ: the product, then scale, softcap, bias and mask.
  mutating func scores(
    _ q: Tile, _ k: Tile, _ layout: Layout, at place: Region, coverage: Coverage,
    again: Bool = false, line: Int
  ) -> Tile {
    let s = multiply(q, k, transposing: .right, as: "S", at: place, again: again, line: line)
    makeLogits(s, layout, at: place, coverage: coverage, line: line)
    return s
  }

  /// Products to logits: scale, softcap, bias and mask, in this order.
  mutating func makeLogits(
    _ s: Tile, _ layout: Layout, at place: Region, coverage: Coverage, scale: Double? = nil,
    line: Int
  ) {
    let problem = layout.problem
    let biased = problem.bias != nil
    let bias = biased ? load(scoreTile("bias", layout, place), line: line) : nil
    let masked = coverage == .all ? nil : place
    var table: Tile?
    if masked != nil, case .table = problem.maskRule {
      table = load(scoreTile("mask", layout, place), line: line)
    }
    let rule = Logits(
      scale: Float(scale ?? problem.scale), softcap: problem.softcap.map(Float.init),
      hasBias: biased, masked: masked)
    let count = s.rows * s.columns
    let steps =
      (rule.scale == 1 ? 0 : 1) + (rule.softcap == nil ? 0 : 2) + (biased ? 1 : 0)
      + (masked == nil ? 0 : 1)
    if steps > 0 {
      update(
        s, .logits(rule), [bias, table].compactMap { $0 }, elementwise: steps * count,
        exponential: rule.softcap == nil ? 0 : count, line: line)
    }
    for tile in [bias, table].compactMap({ $0 }) { free(tile, line: line) }
  }

  func scoreTile(_ name: String, _ layout: Layout, _ place: Region) -> Region {
    layout.tile(name, place.plane, place.tileRow, place.tileColumn ?? 0)
  }

  /// A tile of the shape of `place`, full of `value`.
  mutating func fill(_ name: String, at place: Region, with value: Float, line: Int) -> Tile {
    fill(
      name, like: place, rows: place.rows.count, columns: place.columns.count, with: value,
      line: line)
  }

  /// max(m, rowmax(S)); just rowmax(S) without m.
  mutating func rowMax(
    _ s: Tile, _ m: Tile? = nil, as name: String = "m", at place: Region, line: Int
  ) -> Tile {
    compute(
      .rowMax, [s] + [m].compactMap { $0 }, as: name, at: place, rows: s.rows,
      elementwise: s.rows * (s.columns - 1) + (m == nil ? 0 : s.rows), line: line)
  }

  /// e^(S − m): a subtraction and an exponential per element. A row that has seen nothing yet
  /// (m = −∞) is 0 if `guarded`, as it should be.
  mutating func exp(
    _ s: Tile, minus m: Tile, guarded: Bool = true, at place: Region, line: Int
  ) -> Tile {
    let count = s.rows * s.columns
    return compute(
      .exponential(guarded: guarded), [s, m], as: "P", at: place, rows: s.rows,
      columns: s.columns, elementwise: count, exponential: count, line: line)
  }

  mutating func rowSum(_ p: Tile, as name: String, at place: Region, line: Int) -> Tile {
    compute(
      .rowSum, [p], as: name, at: place, rows: p.rows, elementwise: p.rows * (p.columns - 1),
      line: line)
  }

  mutating func maximum(_ a: Tile, _ b: Tile, as name: String, at place: Region, line: Int) -> Tile
  {
    compute(.maximum, [a, b], as: name, at: place, rows: a.rows, elementwise: a.rows, line: line)
  }

  /// e^(old − new), by which everything summed so far shrinks.
  mutating func factor(
    _ old: Tile, to new: Tile, as name: String, at place: Region, line: Int
  ) -> Tile {
    compute(
      .factor, [old, new], as: name, at: place, rows: old.rows, elementwise: old.rows,
      exponential: old.rows, line: line)
  }

  /// l ← α·l + rowsum(P).
  mutating func rescale(_ l: Tile, by alpha: Tile, addingRowsOf p: Tile, line: Int) {
    update(l, .mixRowSum, [alpha, p], elementwise: p.rows * (p.columns + 1), line: line)
  }

  /// O ← diag(α)·O.
  mutating func rescale(_ o: Tile, by alpha: Tile, line: Int) {
    update(o, .scaleRows, [alpha], elementwise: o.rows * o.columns, line: line)
  }

  /// X ← diag(l)⁻¹·X; a row with l = 0, which sees nothing, is 0. One reciprocal per row.
  mutating func divide(_ x: Tile, byRowsOf l: Tile, line: Int) {
    update(x, .divideRows, [l], elementwise: x.rows * (x.columns + 1), line: line)
  }

  /// Weights at random places, or their gradients, become 0, the others grow; nothing without dropout.
  mutating func drop(
    _ p: Tile, of what: Dropped = .weights, _ layout: Layout, at place: Region, line: Int
  ) {
    guard let rule = layout.problem.dropout else { return }
    update(
      p, .dropout(rule, place, what), [],
      elementwise: p.rows * p.columns * Dropout.operationsPerElement,
      line: line)
  }

  /// P in the storage format, as the tensor cores take it; nothing for fp32.
  mutating func round(_ p: Tile, to type: DataType, line: Int) {
    guard type != .fp32 else { return }
    update(p, .convert(type), [], elementwise: p.rows * p.columns, line: line)
  }
}
