// A FAULTY KERNEL, for a lesson. e^(s − m) is meant to be 1 for the largest s of a row. If m starts
// at 0 it stays there where every logit is negative; right in theory, but e^(−110) is 0 in fp32.

import Machine

struct MaximumFromZero: FaultyFlashAttention2 {
  let name = "faulty-maximum-from-zero"

  // FAULT: m = 0. It should be m = -inf.
  var firstMaximum: Float { 0 }
}
