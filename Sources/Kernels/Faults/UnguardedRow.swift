// A FAULTY KERNEL, for a lesson. A row that sees no key of its first tile has m = −∞ still, and every
// logit is −∞, too: e^(−∞ − −∞) is NaN, and NaN stays, whatever the row sees later.

import Machine

struct UnguardedRow: FaultyFlashAttention2 {
  let name = "faulty-unguarded-row"

  func weights(_ s: Tile, minus m: Tile, at place: Region, _ sm: inout Block) -> Tile {
    // FAULT: e^(S − m) even where m = −∞. It should be 0 there: nothing has been seen.
    sm.exp(s, minus: m, guarded: false, at: place, line: 6)
  }

  /// α = 0 takes no NaN away: 0 · NaN is NaN.
  func shrink(_ o: Tile, by alpha: Tile, _ sm: inout Block) {
    sm.rescale(o, by: alpha, weighted: false, line: 9)
  }
}
