// The tensors and tiles of C = A·B, shared by its two kernels.

import Machine

/// A m×k, B k×n and C m×n, cut into tiles of rows × depth, depth × columns and rows × columns.
struct MatmulLayout: Sendable {
  let problem: MatmulProblem
  let mapping: Mapping
  let tensors: [Tensor]

  init(_ problem: MatmulProblem, _ mapping: Mapping) {
    self.problem = problem
    self.mapping = mapping
    let (rows, columns, depth) = (mapping.rows, mapping.columns, mapping.depth)
    tensors = [
      Tensor(
        "A", rows: problem.m, columns: problem.k, type: problem.type, role: .input,
        tileRows: rows, tileColumns: depth),
      Tensor(
        "B", rows: problem.k, columns: problem.n, type: problem.type, role: .input,
        tileRows: depth, tileColumns: columns),
      Tensor(
        "C", rows: problem.m, columns: problem.n, type: problem.type, role: .output,
        tileRows: rows, tileColumns: columns),
    ]
  }

  var rowBlocks: Int { tileCount(problem.m, mapping.rows) }
  var columnBlocks: Int { tileCount(problem.n, mapping.columns) }
  var depthBlocks: Int { tileCount(problem.k, mapping.depth) }

  func a(_ i: Int, _ p: Int) -> Region { tile(0, i, p) }
  func b(_ p: Int, _ j: Int) -> Region { tile(1, p, j) }
  func c(_ i: Int, _ j: Int) -> Region { tile(2, i, j) }

  private func tile(_ index: Int, _ row: Int, _ column: Int) -> Region {
    let tensor = tensors[index]
    return Region(
      tensor: index, plane: 0, rows: tileRange(row, of: tensor.rows, by: tensor.tileRows),
      columns: tileRange(column, of: tensor.columns, by: tensor.tileColumns), tileRow: row,
      tileColumn: column)
  }

  /// One block per tile of C.
  func program(_ body: @escaping @Sendable (_ i: Int, _ j: Int, inout Block) -> Void) -> Program {
    let (rowBlocks, columnBlocks) = (rowBlocks, columnBlocks)
    let isRagged = (
      rows: !problem.m.isMultiple(of: mapping.rows), columns: !problem.n.isMultiple(of: mapping.columns)
    )
    let launch = Launch("matmul", blocks: rowBlocks * columnBlocks) { block, sm in
      let (i, j) = block.quotientAndRemainder(dividingBy: columnBlocks)
      body(i, j, &sm)
    }.sharing { block in
      let (i, j) = block.quotientAndRemainder(dividingBy: columnBlocks)
      return (isRagged.rows && i == rowBlocks - 1 ? 1 : 0)
        + (isRagged.columns && j == columnBlocks - 1 ? 2 : 0)
    }
    return Program(
      tensors: tensors, launches: [launch], stages: mapping.stages, type: problem.type)
  }
}
