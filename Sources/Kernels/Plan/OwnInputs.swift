// Inputs of a kernel's text that no problem has: given, or filled with seeded random numbers.

import Machine
import Notation

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
      // One of the same name may be another kernel's; those of the problem are as they are given.
      let isOfProblem = ["Q", "K", "V", "dO", "A", "B"].contains(name)
      if let given = inputs[name],
        isOfProblem || (given.rows, given.columns) == (tensor.rows, tensor.columns)
      {
        continue
      }
      inputs[name] = seeded(tensor, number, seed)
    }
  }

  /// Seeded numbers for the input with that number, as its option says.
  private func seeded(_ tensor: Tensor, _ number: Int, _ seed: UInt64) -> Matrix {
    // Streams below 16 are reserved for Q, K, V, dO, A and B.
    var matrix = Matrix.normal(
      planes: tensor.planes, rows: tensor.rows, columns: tensor.columns, seed: seed,
      stream: UInt64(16 + number))
    switch kernel.filling(of: tensor.name) {
    case .normal(let root?):
      let length = Float(kernel.setting(problem, mapping, device)?.sizes[root] ?? 1)
      matrix.values = matrix.values.map { $0 / length.squareRoot() }
    case .permutation:
      // The order of random numbers is a random order.
      let count = tensor.rows * tensor.columns
      matrix.values = (0..<tensor.planes).flatMap { plane in
        let values = matrix.values[plane * count..<(plane + 1) * count]
        return values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
          .map { Float($0 - plane * count) }
      }
    case .order:
      matrix.values = matrix.values.indices.map { Float($0 % tensor.columns) }
    case .normal, nil: break
    }
    return matrix
  }

  /// The inputs in the layout that the kernel declares: A and B may be transposed, heads may be rows.
  func laid(_ inputs: [String: Matrix]) -> [String: Matrix] {
    var laid = inputs
    guard kernel.isMatmul else {
      if case .attention(let problem) = problem, let q = inputs["Q"] {
        laid["Q"] = Matrix(
          planes: problem.planes, rows: problem.queries, columns: q.columns, values: q.values)
      }
      return inPages(laid)
    }
    for (name, axes) in [("A", ["k", "m"]), ("B", ["n", "k"])]
    where kernel.text.axes(of: name) == axes {
      laid[name] = inputs[name]?.transposed
    }
    return laid
  }
}

extension Plan {
  /// The inputs with those in pages where their block tables say.
  private func inPages(_ inputs: [String: Matrix]) -> [String: Matrix] {
    var laid = inputs
    for tensor in program.tensors {
      guard let name = kernel.text.blockTable(of: tensor.name), let table = inputs[name],
        let matrix = inputs[tensor.name]
      else { continue }
      var pages = Matrix(
        planes: tensor.planes, rows: tensor.rows, columns: tensor.columns,
        values: Array(repeating: 0, count: tensor.planes * tensor.rows * tensor.columns))
      for plane in 0..<tensor.planes {
        for row in 0..<matrix.rows {
          let (page, offset) = row.quotientAndRemainder(dividingBy: tensor.tileRows)
          let place = Int(table[table.planes == 1 ? 0 : plane, page, 0]) * tensor.tileRows + offset
          for column in 0..<tensor.columns {
            pages[plane, place, column] = matrix[plane, row, column]
          }
        }
      }
      laid[tensor.name] = pages
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
      if kernel.filling(of: name) == .permutation, !matrix.isPermutation {
        return
          "\(name) says where each page lies; expected every number from 0 to \(matrix.rows - 1) once"
      }
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

extension Kernel {
  /// What an input is filled with where nobody gives it; nil for seeded normal numbers.
  fileprivate func filling(of input: String) -> KernelOption.Filling? {
    for option in options {
      if case .matrix(input, let filling) = option.meaning { return filling }
    }
    return nil
  }
}

extension Matrix {
  /// Whether each number below the number of rows stands in each plane once.
  fileprivate var isPermutation: Bool {
    (0..<planes).allSatisfy { plane in
      (0..<rows * columns).map { self[plane, $0 / columns, $0 % columns] }.sorted()
        == (0..<rows * columns).map { Float($0) }
    }
  }
}
