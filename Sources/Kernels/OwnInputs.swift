// Inputs of a text that no problem has: they are seeded, by the tensor's own shape.

import Machine

extension Plan {
  /// Adds what the kernel reads and nobody has given, and lays a given matrix as the kernel declares it.
  public func complete(_ inputs: inout [String: Matrix], seed: UInt64) {
    for (number, name) in kernel.inputs.enumerated() {
      guard let tensor = program.tensors.first(where: { $0.name == name }) else { continue }
      guard let given = inputs[name] else {
        // The streams below are those of Q, K, V and dO.
        inputs[name] = .normal(
          planes: tensor.planes, rows: tensor.rows, columns: tensor.columns, seed: seed,
          stream: UInt64(16 + number))
        continue
      }
      if kernel.isMatmul, given.rows != tensor.rows || isDeclaredTransposed(name) {
        inputs[name] = given.transposed
      }
    }
  }

  private func isDeclaredTransposed(_ name: String) -> Bool {
    let usual = ["A": ["m", "k"], "B": ["k", "n"]]
    return usual[name].map { $0 == kernel.text.axes(of: name)?.reversed() } ?? false
  }
}
