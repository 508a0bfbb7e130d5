// Makes a sample the input data of a run.

import Kernels
import Library

extension InputData {
  /// Q, K, V and dO of the sample, with the head's own scale and the text's tokens.
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
