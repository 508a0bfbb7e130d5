// Reads A and B of a matrix product from files; their shapes give its sizes.

import Kernels
import Library
import Machine

extension RunRequest {
  /// Reads the files that the request names. `k` is a size for a product and a file for attention,
  /// so it is converted here.
  mutating func readMatmul(_ kernel: Kernel) throws {
    if let text = paths.removeValue(forKey: .k) {
      guard let columns = Int(text) else {
        throw Refusal.usage("--k \(visible(text)): expected a number, the columns of A")
      }
      numbers[.k] = columns
    }
    guard paths[.a] != nil || paths[.b] != nil else { return }
    guard let a = paths[.a], let b = paths[.b] else {
      throw Refusal.usage(
        "--a and --b belong together: \(paths[.a] == nil ? "--a" : "--b") is missing")
    }
    let (left, right) = (
      kernel.asProblem("A", try matrix(ofFile: a), rows: "m"),
      kernel.asProblem("B", try matrix(ofFile: b), rows: "k")
    )
    guard left.columns == right.rows else {
      throw Refusal.badData(
        "shapes disagree: \(visible(a)) is [\(left.rows), \(left.columns)], \(visible(b)) is [\(right.rows), \(right.columns)]; the columns of A must be the rows of B"
      )
    }
    let problem = MatmulProblem(m: left.rows, n: right.columns, k: left.columns)
    data = InputData(.matmul(problem), inputs: ["A": left, "B": right])
  }
}

/// The one matrix in a .npy file.
/// - Throws: `FileError`, or a refusal of several matrices or none.
package func matrix(ofFile path: String) throws -> Matrix {
  let matrix = try NpyArray(contentsOf: path, for: .numbers).matrix(path: path)
  guard matrix.planes == 1, matrix.values.count > 0 else {
    throw Refusal.badData("\(visible(path)): expected a matrix with at least one element")
  }
  return matrix
}
