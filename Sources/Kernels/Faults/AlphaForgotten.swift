// A FAULTY KERNEL, for a lesson. The denominator keeps terms that were taken against an older,
// smaller maximum: l is too large from the first rise of m on, and the row's O is too small.

import Machine

struct AlphaForgotten: FaultyFlashAttention2 {
  let name = "faulty-alpha-forgotten"

  func updateSum(_ l: Tile, by alpha: Tile, addingRowsOf p: Tile, _ sm: inout Block) {
    // FAULT: l = l + rowsum(P~). It should be l = alpha l + rowsum(P~).
    sm.update(l, .addRowSum, [p], elementwise: p.rows * p.columns, line: 8)
  }
}
