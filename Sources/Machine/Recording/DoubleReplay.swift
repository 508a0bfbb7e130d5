// A run's own text in double precision: the same ops in program order, on values that are never rounded. What
// the run's results differ from these is rounding, and nothing else.

import RealModule

/// Carries out the ops of a recording once more, in double precision.
package struct DoubleReplay {
  private let recording: Recording
  /// Plane after plane of each tensor.
  private var hbm: [[DoubleMatrix]]
  private var tiles: [TileID: DoubleMatrix] = [:]

  /// The final values of each tensor, plane after plane; nil in a run without values.
  package static func results(of recording: Recording) -> [[DoubleMatrix]]? {
    guard !recording.finalState.hbm.isEmpty else { return nil }
    var replay = DoubleReplay(recording)
    for launch in recording.program.launches.indices {
      for (number, place) in recording.placement.enumerated() where place.launch == launch {
        replay.run(recording.blocks[number])
      }
    }
    return replay.hbm
  }

  private init(_ recording: Recording) {
    self.recording = recording
    let start = recording.state(beforeEvent: 0)
    hbm = recording.program.tensors.enumerated().map { index, tensor in
      let values = start.matrix(index)!.values
      let size = tensor.rows * tensor.columns
      return (0..<tensor.planes).map { plane in
        DoubleMatrix(
          rows: tensor.rows, columns: tensor.columns,
          values: values[plane * size..<(plane + 1) * size].map { Double($0) })
      }
    }
  }

  private mutating func run(_ block: Block) {
    tiles = [:]
    for op in block.ops { run(op, block) }
  }

  private mutating func run(_ op: Op, _ block: Block) {
    guard let id = op.tile else { return }
    let info = block.tiles[id]
    let inputs = block.inputs(of: op).compactMap { tiles[$0] }
    let old = tiles[id] ?? DoubleMatrix(rows: info.rows, columns: info.columns, repeating: 0)
    switch op.operation {
    case .load(let region, _):
      let rows = rows(of: region, inputs.first)
      tiles[id] = DoubleMatrix(
        rows: info.rows, columns: info.columns,
        values: rows.flatMap { row in
          region.columns.map { hbm[region.tensor][region.plane][row, $0] }
        }
      )
    case .store(let region), .keep(let region):
      write(old, to: region, rows(of: region, inputs.dropFirst().first)) { $1 }
    case .add(let region):
      write(old, to: region, rows(of: region, inputs.dropFirst().first)) { $0 + $1 }
    case .free: tiles[id] = nil
    case .product(let transposing, let accumulating, let weighted):
      let left = transposing == .left ? inputs[0].transposed : inputs[0]
      let right = transposing == .right ? inputs[1].transposed : inputs[1]
      let product = left.times(right, weighted: weighted)
      tiles[id] = accumulating ? old.combined(with: product, +) : product
    case .compute(let formula):
      tiles[id] = formula.doubleValue(inputs, old: old).filling(
        rows: info.rows, columns: info.columns)
    case .logits(let rule): tiles[id] = logits(rule, old, inputs)
    case .arrange(let arrangement):
      let order = inputs[0].values.arranged(arrangement, count: info.rows)
      tiles[id] = DoubleMatrix(rows: info.rows, columns: 1, values: order.map { Double($0) })
    case .random(let rule, let region, let what): tiles[id] = drawn(rule, region, what, old)
    case .convert, .barrier, .part, .sampleMark: break
    }
  }

  /// The rows of a tensor that a transfer is about.
  private func rows(of region: Region, _ numbers: DoubleMatrix?) -> [Int] {
    let all = recording.program.tensors[region.tensor].rows
    return numbers.flatMap { region.rows(named: $0.values, of: all) }.map { Array($0.joined()) }
      ?? Array(region.rows)
  }

  private mutating func write(
    _ tile: DoubleMatrix, to region: Region, _ rows: [Int], _ value: (Double, Double) -> Double
  ) {
    var index = 0
    for row in rows {
      for column in region.columns {
        let old = hbm[region.tensor][region.plane][row, column]
        hbm[region.tensor][region.plane][row, column] = value(old, tile.values[index])
        index += 1
      }
    }
  }

  private func logits(
    _ rule: Logits, _ scores: DoubleMatrix, _ inputs: [DoubleMatrix]
  ) -> DoubleMatrix {
    var out = scores.map { $0 * Double(rule.scale) }
    if let cap = rule.softcap.map(Double.init) { out = out.map { cap * .tanh($0 / cap) } }
    if rule.hasBias {
      out = out.combined(with: inputs[0]) { $1 == -.infinity ? -.infinity : $0 + $1 }
    }
    guard let region = rule.masked, let mask = recording.program.mask else { return out }
    for (row, query) in region.rows.enumerated() {
      for (column, key) in region.columns.enumerated()
      where !mask.isVisible(plane: region.plane, row: query, key: key) {
        out[row, column] = -.infinity
      }
    }
    return out
  }

  private func drawn(
    _ rule: Dropout, _ region: Region, _ what: DropoutTarget, _ old: DoubleMatrix
  ) -> DoubleMatrix {
    var out = old
    rule.forEachElement(of: region) { index, isKept in
      switch what {
      case .keepMask: out.values[index] = isKept ? 1 : 0
      case .weights: out.values[index] *= isKept ? rule.exactScale : 0
      case .gradients: out.values[index] = isKept ? out.values[index] * rule.exactScale : 0
      }
    }
    return out
  }
}
