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
  /// Rows of the output that were compared, of how many.
  public var checkedRows: Int
  public var allRows: Int

  init(checkedRows: Int, allRows: Int) {
    self.checkedRows = checkedRows
    self.allRows = allRows
  }

  mutating func add(_ actual: Float, exact: Double) {
    if exact.isFinite, actual.isFinite {
      compared += 1
      maxAbsolute = max(maxAbsolute, abs(Double(actual) - exact))
    } else if exact.isFinite || actual.isFinite || exact.isNaN != actual.isNaN {
      nonFiniteMismatches += 1
    }
  }
}

/// The exact output of a problem, computed once and compared with any number of runs.
///
/// All of it up to 2¹⁸ query-key pairs; of larger problems evenly spread bands of 16 rows, the last
/// among them, so that the check never takes longer than the run.
public struct ExactOutput: Sendable {
  /// Consecutive exact values, and where in the output they begin.
  private var pieces: [(start: Int, values: [Double])] = []
  /// Rows of the output that are checked, and how many there are.
  public private(set) var checkedRows = 0
  public let allRows: Int
  private static let rowsAtOnce = 16
  private static let pairs = 1 << 18

  /// O (planes × N × dv) or C (m × n), from inputs rounded to the problem's format.
  public init(_ problem: Problem, inputs: [String: Matrix]) {
    switch problem {
    case .attention(let problem):
      allRows = problem.planes * problem.queries
      addBands(Reference(problem, inputs: inputs), problem)
    case .matmul(let problem):
      allRows = problem.m
      checkedRows = problem.m
      pieces = [(0, Self.product(problem, inputs["A"]!, inputs["B"]!))]
    }
  }

  private mutating func addBands(_ reference: Reference, _ problem: AttentionProblem) {
    let bands = tileCount(problem.queries, Self.rowsAtOnce)
    let step = tileCount(allRows * problem.keys, Self.pairs)
    for band in 0..<problem.planes * bands {
      let (plane, i) = band.quotientAndRemainder(dividingBy: bands)
      guard band.isMultiple(of: step) || band == problem.planes * bands - 1 else { continue }
      let rows = tileRange(i, of: problem.queries, by: Self.rowsAtOnce)
      let start = (plane * problem.queries + rows.lowerBound) * problem.dv
      pieces.append((start, reference.rows(plane: plane, rows).flatMap(\.output)))
      checkedRows += rows.count
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
    var error = OutputError(checkedRows: checkedRows, allRows: allRows)
    error.nonFinite = output.values.count { !$0.isFinite }
    for (start, values) in pieces {
      for (actual, exact) in zip(output.values[start...], values) {
        error.add(actual, exact: exact)
      }
    }
    return error
  }
}
