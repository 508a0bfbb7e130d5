// Inputs of a text that no problem has: they are seeded, by the tensor's own shape.

import Machine
import Notation

extension Plan {
  /// Adds what the kernel reads and nobody has given.
  package func complete(_ inputs: inout [String: Matrix], seed: UInt64) {
    for (number, name) in kernel.inputs.enumerated() {
      guard let tensor = program.tensors.first(where: { $0.name == name }) else { continue }
      guard inputs[name] == nil else { continue }
      // The streams below are those of Q, K, V and dO.
      inputs[name] = .normal(
        planes: tensor.planes, rows: tensor.rows, columns: tensor.columns, seed: seed,
        stream: UInt64(16 + number))
    }
  }

  /// Matrices of a product as the kernel declares them, which may be transposed.
  func laid(_ inputs: [String: Matrix]) -> [String: Matrix] {
    guard kernel.isMatmul else { return inputs }
    var laid = inputs
    for (name, axes) in [("A", ["k", "m"]), ("B", ["n", "k"])]
    where kernel.text.axes(of: name) == axes {
      laid[name] = inputs[name]?.transposed
    }
    return laid
  }
}
