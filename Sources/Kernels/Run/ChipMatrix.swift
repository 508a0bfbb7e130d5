// A matrix of queries against keys that a kernel never writes to HBM: its tiles are made on chip and
// dropped there. It is drawn as an outline, so that one sees what is not stored.

import Machine

/// A matrix that exists only on chip, a tile at a time.
package struct ChipMatrix: Sendable {
  /// Its name, size and tiles.
  package let tensor: Tensor
  /// The cycle at which each tile is freed for the first time, in the order of planes, rows and columns of
  /// the grid; `Int.max` for one that is never made.
  package private(set) var firstDropped: [Int]

  private init(_ tensor: Tensor) {
    self.tensor = tensor
    firstDropped = Array(
      repeating: .max, count: tensor.planes * tensor.gridRows * tensor.gridColumns)
  }

  /// All of a run, by their role: scores, weights, then others.
  static func all(in plan: Plan, _ recording: Recording) -> [ChipMatrix] {
    guard case .attention(let problem) = plan.problem else { return [] }
    var matrices: [String: (role: TileRole, matrix: ChipMatrix)] = [:]
    for (index, block) in recording.blocks.enumerated() {
      for (number, op) in block.ops.enumerated() {
        guard let info = block.tile(of: op), info.kind.pairsQueriesWithKeys,
          info.kind.role != .keepMask,
          plan.program.tensorIndex(info.name) == nil
        else { continue }
        if matrices[info.name] == nil {
          var tensor = Tensor(
            info.name, planes: problem.planes, rows: problem.queries, columns: problem.keys,
            type: .fp32, role: .statistic, tileRows: plan.mapping.rows,
            tileColumns: plan.mapping.columns)
          (tensor.rowAxis, tensor.columnAxis) = (.queries, .keys)
          matrices[info.name] = (info.kind.role, ChipMatrix(tensor))
        }
        if case .free = op.operation {
          let place = OpPlace(block: BlockID(index), op: OpID(number))
          let cycle = recording.spans[recording.span(of: place)].finish
          matrices[info.name]?.matrix.drop(info.place, at: cycle)
        }
      }
    }
    func rank(_ role: TileRole) -> UInt8 { role == .other ? .max : role.rawValue }
    return matrices.values.sorted {
      (rank($0.role), $0.matrix.tensor.name) < (rank($1.role), $1.matrix.tensor.name)
    }.map(\.matrix)
  }

  private mutating func drop(_ place: Region, at cycle: Int) {
    let cells = place.cells(tileRows: tensor.tileRows, tileColumns: tensor.tileColumns)
    for row in cells.rows {
      let start = (place.plane * tensor.gridRows + row) * tensor.gridColumns
      for column in cells.columns {
        firstDropped[start + column] = min(firstDropped[start + column], cycle)
      }
    }
  }
}
