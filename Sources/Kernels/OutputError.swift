// How far a kernel's output is from the exact one.

import Machine

/// The largest deviation of one output tensor.
public struct OutputError: Sendable, Equatable {
  /// Over all entries whose exact value is finite.
  public var maxAbsolute = 0.0
  /// Entries that are finite where the exact value is not, or the other way round.
  public var nonFiniteMismatches = 0
  /// Entries compared, and entries that are not finite.
  public var compared = 0
  public var nonFinite = 0

  mutating func add(_ actual: Float, exact: Double) {
    if !actual.isFinite { nonFinite += 1 }
    if exact.isFinite, actual.isFinite {
      compared += 1
      maxAbsolute = max(maxAbsolute, abs(Double(actual) - exact))
    } else if exact.isFinite || actual.isFinite || exact.isNaN != actual.isNaN {
      nonFiniteMismatches += 1
    }
  }
}

/// The exact output of a problem, computed once and compared with any number of runs.
public struct ExactOutput: Sendable {
  private let values: [Double]
  /// Queries whose logits are held at a time.
  private static let rowsAtOnce = 16

  /// O (planes × N × dv) or C (m × n), from inputs rounded to the problem's format.
  public init(_ problem: Problem, inputs: [String: Matrix]) {
    switch problem {
    case .attention(let problem):
      let reference = Reference(problem, inputs: inputs)
      var values: [Double] = []
      values.reserveCapacity(problem.planes * problem.queries * problem.dv)
      for plane in 0..<problem.planes {
        for i in 0..<tileCount(problem.queries, Self.rowsAtOnce) {
          let rows = tileRange(i, of: problem.queries, by: Self.rowsAtOnce)
          for row in reference.rows(plane: plane, rows) { values += row.output }
        }
      }
      self.values = values
    case .matmul(let problem): values = Self.product(problem, inputs["A"]!, inputs["B"]!)
    }
  }

  private static func product(_ problem: MatmulProblem, _ a: Matrix, _ b: Matrix) -> [Double] {
    let left = a.values.map { Double(problem.type.round($0)) }
    let right = b.values.map { Double(problem.type.round($0)) }
    var out = [Double](repeating: 0, count: problem.m * problem.n)
    out.withUnsafeMutableBufferPointer { out in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          addProduct(
            out.baseAddress!, left.baseAddress!, right.baseAddress!, rows: problem.m,
            depth: problem.k, width: problem.n)
        }
      }
    }
    return out
  }

  /// The deviation of O or C in a finished recording; nil if it has no values.
  public func error(of recording: Recording) -> OutputError? {
    let tensors = recording.program.tensors
    guard let index = tensors.firstIndex(where: { $0.role == .output }),
      let output = recording.finalState.matrix(index)
    else { return nil }
    var error = OutputError()
    for (actual, exact) in zip(output.values, values) { error.add(actual, exact: exact) }
    return error
  }
}
