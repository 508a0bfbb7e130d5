// Inputs of a kernel's text that no problem has: they are filled with seeded random numbers.

import Machine

extension Plan {
  /// Adds a matrix of standard normal numbers for each input of the kernel that `inputs` lacks.
  package func complete(_ inputs: inout [String: Matrix], seed: UInt64) {
    for (number, name) in kernel.inputs.enumerated() {
      guard let tensor = program.tensors.first(where: { $0.name == name }) else { continue }
      guard inputs[name] == nil else { continue }
      // Streams below 16 are reserved for Q, K, V, dO, A and B.
      inputs[name] = .normal(
        planes: tensor.planes, rows: tensor.rows, columns: tensor.columns, seed: seed,
        stream: UInt64(16 + number))
    }
  }

  /// The inputs in the layout that the kernel declares: A and B may be transposed.
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
