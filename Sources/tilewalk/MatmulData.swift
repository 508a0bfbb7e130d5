// A and B from files or from a seed, and the matrix product that their shapes imply.

import Kernels
import Lessons
import Machine

/// Sizes and data of a matrix product; the lecture's 6×9 by 9×6 where nothing is said.
func matmulWorkload(_ options: RunOptions) throws -> (Problem, [String: Matrix]?) {
  let type = try dataType(options.problem.dtype) ?? .fp32
  if options.data.a != nil || options.data.b != nil {
    guard let a = options.data.a, let b = options.data.b else {
      throw Failure.usage(
        "--a and --b belong together: \(options.data.a == nil ? "--a" : "--b") is missing")
    }
    let (left, right) = (try matrix(a), try matrix(b))
    guard left.columns == right.rows else {
      throw Failure.badData(
        "shapes disagree: \(a) is [\(left.rows), \(left.columns)], \(b) is [\(right.rows), \(right.columns)]; the columns of A must be the rows of B"
      )
    }
    let problem = MatmulProblem(m: left.rows, n: right.columns, k: left.columns, type: type)
    return (.matmul(problem), ["A": left, "B": right])
  }
  guard options.problem.k.map({ Int($0) != nil }) ?? true else {
    throw Failure.usage("--k \(visible(options.problem.k!)): expected a number, the columns of A")
  }
  let problem = Problem.matmul(
    MatmulProblem(
      m: try positive(options.problem.m ?? 6, "--m"),
      n: try positive(options.problem.n ?? 6, "--n"),
      k: try positive(options.problem.k.flatMap { Int($0) } ?? 9, "--k"), type: type))
  return (problem, nil)
}

private func matrix(_ path: String) throws -> Matrix {
  let matrix = try NpyArray(contentsOf: path).matrix(path: path)
  guard matrix.planes == 1, matrix.values.count > 0 else {
    throw Failure.badData("\(path): expected a matrix with at least one element")
  }
  return matrix
}
