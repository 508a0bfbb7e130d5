// Inputs of a kernel's text that no problem has: given, or filled with seeded random numbers.

import Machine

extension Plan {
  /// Adds a matrix of standard normal numbers for each input of the kernel that `inputs` lacks.
  package func complete(_ inputs: inout [String: Matrix], seed: UInt64) {
    for (number, name) in kernel.inputs.enumerated() {
      guard let tensor = program.tensors.first(where: { $0.name == name }) else { continue }
      // A matrix that is given for another size, as where one asks “what if N were larger”, is of no use.
      if let matrix = kernel.matrices[name],
        (matrix.rows, matrix.columns) == (tensor.rows, tensor.columns)
      {
        inputs[name] = matrix.repeated(tensor.planes)
        continue
      }
      guard inputs[name] == nil else { continue }
      // Streams below 16 are reserved for Q, K, V, dO, A and B.
      var matrix = Matrix.normal(
        planes: tensor.planes, rows: tensor.rows, columns: tensor.columns, seed: seed,
        stream: UInt64(16 + number))
      if let length = rootLength(of: name) {
        matrix.values = matrix.values.map { $0 / Float(length).squareRoot() }
      }
      inputs[name] = matrix
    }
  }

  /// The length by whose square root the seeded numbers of an input are divided; nil for none.
  private func rootLength(of input: String) -> Int? {
    for option in kernel.options {
      guard case .matrix(input, let root?) = option.meaning else { continue }
      return kernel.setting(problem, mapping, device)?.sizes[root]
    }
    return nil
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

extension Matrix {
  /// The matrix with its only plane in each of `planes`; itself if it has as many.
  fileprivate func repeated(_ planes: Int) -> Matrix {
    guard self.planes == 1, planes > 1 else { return self }
    return Matrix(
      planes: planes, rows: rows, columns: columns,
      values: Array((0..<planes).map { _ in values }.joined()))
  }
}

extension Plan {
  /// Why a given matrix does not fit its tensor; nil if all do.
  package var refusalOfMatrices: String? {
    for (name, matrix) in kernel.matrices.sorted(by: { $0.key < $1.key }) {
      guard let tensor = program.tensors.first(where: { $0.name == name }) else { continue }
      let isAlike = (tensor.rows, tensor.columns) == (matrix.rows, matrix.columns)
      guard isAlike, matrix.planes == 1 || matrix.planes == tensor.planes else {
        let axes = kernel.text.axes(of: name)?.joined(separator: ",") ?? ""
        return "\(name)[\(axes)] is \(tensor.rows) × \(tensor.columns) here; "
          + "found \(matrix.rows) × \(matrix.columns)"
      }
    }
    return nil
  }
}
