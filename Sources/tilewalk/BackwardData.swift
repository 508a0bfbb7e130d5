// Which way a run goes, what it drops, and the gradient that it begins with on the way back.

import Kernels
import Lessons
import Machine

extension AttentionData {
  /// Direction and dropout.
  mutating func setPass(_ given: ProblemOptions) throws {
    let names = Pass.allCases.map(\.rawValue)
    if let name = given.pass {
      guard let pass = Pass(rawValue: name) else {
        let guess = nearest(name, in: names).map { " (did you mean \($0)?)" } ?? ""
        throw Failure.usage(
          "--pass \(visible(name))\(guess): expected \(names.joined(separator: ", "))")
      }
      problem.pass = pass
    }
    problem.computesDeltaInline = given.dInline
    if given.dInline, !problem.hasBackward {
      throw Failure.usage("--d-inline is for a backward pass: add --pass backward or both")
    }
    guard let share = given.dropout, share != 0 else { return }
    guard share > 0, share < 1 else {
      throw Failure.usage("--dropout \(share): expected a share from 0 to below 1")
    }
    problem.dropout = Dropout(
      probability: share, seed: given.seed ?? 1, heads: problem.heads)
  }

  /// dO from its file, from the sample, or seeded.
  mutating func setGradient(_ options: RunOptions) throws {
    guard problem.hasBackward else {
      guard options.data.dO == nil else {
        throw Failure.usage("--do is for a backward pass: add --pass backward or both")
      }
      return
    }
    if let path = options.data.dO {
      let matrix = try gradientFile(path)
      if inputs == nil {
        inputs = Problem.attention(problem).seededInputs(options.problem.seed ?? 1)
      }
      inputs?["dO"] = matrix
    } else if let name = options.data.sample {
      inputs?["dO"] = try SampleLibrary.find(name).dO
    } else if inputs != nil {
      inputs?["dO"] = problem.seededGradient(options.problem.seed ?? 1)
    }
  }

  private func gradientFile(_ path: String) throws -> Matrix {
    let array = try NpyArray(contentsOf: path)
    let (n, dv) = (problem.queries, problem.dv)
    let expected = [[n, dv], [problem.heads, n, dv], [problem.batch, problem.heads, n, dv]]
    let matrix = try array.matrix(path: path)
    guard expected.contains(array.shape), matrix.planes == problem.planes, array.bytes == nil else {
      throw Failure.badData(
        "\(visible(path)): dO of shape \(array.shape), expected that of O, \(leading + [n, dv])")
    }
    return matrix
  }
}
