// A FAULTY KERNEL, for a lesson. The denominator is right, but O keeps what it summed against older,
// smaller maxima: early keys weigh too much in every row whose maximum rises later.

import Machine

struct OutputNotRescaled: FaultyFlashAttention2 {
  let name = "faulty-output-not-rescaled"

  func shrink(_ o: Tile, by alpha: Tile, _ sm: inout Block) {
    // FAULT: nothing happens here. It should be O = diag(alpha) O.
  }
}
