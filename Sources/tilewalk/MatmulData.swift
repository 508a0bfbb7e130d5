// A and B from files, and the matrix product that their shapes imply.

import Kernels
import Lessons
import Machine
import Runs

extension RunOptions {
  /// Reads what the options name.
  func readMatmul(_ request: inout RunRequest, _ kernel: Kernel) throws {
    request.files.remove(.k)
    if let text = problem.k {
      guard let columns = Int(text) else {
        throw Failure.usage("--k \(visible(text)): expected a number, the columns of A")
      }
      request.numbers[.k] = columns
    }
    guard data.a != nil || data.b != nil else { return }
    guard let a = data.a, let b = data.b else {
      throw Failure.usage(
        "--a and --b belong together: \(data.a == nil ? "--a" : "--b") is missing")
    }
    let (left, right) = (
      kernel.asProblem("A", try matrix(a), rows: "m"),
      kernel.asProblem("B", try matrix(b), rows: "k")
    )
    guard left.columns == right.rows else {
      throw Failure.badData(
        "shapes disagree: \(visible(a)) is [\(left.rows), \(left.columns)], \(visible(b)) is [\(right.rows), \(right.columns)]; the columns of A must be the rows of B"
      )
    }
    let problem = MatmulProblem(m: left.rows, n: right.columns, k: left.columns)
    request.data = GivenData(.matmul(problem), inputs: ["A": left, "B": right])
  }
}

private func matrix(_ path: String) throws -> Matrix {
  let matrix = try NpyArray(contentsOf: path, for: .numbers).matrix(path: path)
  guard matrix.planes == 1, matrix.values.count > 0 else {
    throw Failure.badData("\(visible(path)): expected a matrix with at least one element")
  }
  return matrix
}
