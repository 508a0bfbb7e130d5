// A sample as the data of a run.

import Kernels
import Library

extension GivenData {
  /// Q, K, V and the gradient of O, with the head's own scale and words.
  package init(_ sample: Sample) {
    let problem = AttentionProblem(
      queries: sample.q.rows, keys: sample.k.rows, d: sample.q.columns, dv: sample.v.columns,
      scale: sample.scale)
    self.init(
      .attention(problem),
      inputs: ["Q": sample.q, "K": sample.k, "V": sample.v, "dO": sample.dO])
    tokens = sample.tokens
    self.sample = sample.name
  }
}
