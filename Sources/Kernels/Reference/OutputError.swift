// How far the outputs of a run are from the exact ones.

import Machine

/// The comparison of a run's outputs with the exact ones.
package struct OutputError: Sendable, Equatable {
  /// The largest absolute deviation, over all entries that are finite in both.
  package var maxAbsolute = 0.0
  /// The same for each result: O, dQ, dK, dV or C.
  package var tensors: [String: Double] = [:]
  /// Entries that are finite in only one of the two, or NaN in only one.
  package var nonFiniteMismatches = 0
  /// Entries that are finite in both, and entries of the outputs that are not finite.
  package var compared = 0
  package var nonFinite = 0
  /// Compared with the kernel's own text in double precision, and not with the formula of its problem.
  package var isOfOwnText = false
  /// Rows of the output that were compared, and rows that it has.
  package var checkedRows: Int
  package var allRows: Int

  init(checkedRows: Int, allRows: Int) {
    self.checkedRows = checkedRows
    self.allRows = allRows
  }

  mutating func add(_ actual: Float, exact: Double, of tensor: String) {
    if exact.isFinite, actual.isFinite {
      compared += 1
      let deviation = abs(Double(actual) - exact)
      maxAbsolute = max(maxAbsolute, deviation)
      tensors[tensor] = max(tensors[tensor] ?? 0, deviation)
    } else if exact.isFinite || actual.isFinite || exact.isNaN != actual.isNaN {
      nonFiniteMismatches += 1
    }
  }
}

/// The exact results of a problem, computed once and compared with any number of runs.
///
/// Up to 2¹⁸ query-key pairs it has all rows; of a larger problem it has evenly spread bands of 16
/// rows of O and dQ, the last band included, so that the check never takes longer than the run.
package struct ExactOutput: Sendable {
  /// Consecutive exact values of a tensor, and where in it they begin.
  private struct CompiledTerm: Sendable {
    var tensor: String
    var start: Int
    var values: [Double]
  }

  private var pieces: [CompiledTerm] = []
  /// The mean of V in each (batch, head) plane: the answer of somebody who ignores Q and K.
  private var means: [[Double]] = []
  private var isComparable = true
  /// Rows of the output that are checked, and how many there are.
  package private(set) var checkedRows = 0
  package let allRows: Int
  private static let rowsAtOnce = 16
  private static let pairs = 1 << 18

  /// The exact results of a plan; empty if its kernel computes something else. Those of an approximation
  /// are exact attention, from which it is meant to differ.
  package init(_ plan: Plan, inputs: [String: Matrix]) {
    let isApproximate = plan.kernel.text.isApproximate
    guard plan.kernel.isComparable || isApproximate else {
      self.init()
      return
    }
    self.init(plan.problem, inputs: inputs)
    isComparable = !isApproximate
  }

  /// No results, for a kernel whose exact outputs are not known.
  private init() {
    allRows = 0
    isComparable = false
  }

  /// O, dQ, dK and dV as the pass gives them, or C (m × n), from inputs rounded to the problem's
  /// format.
  package init(_ problem: Problem, inputs: [String: Matrix]) {
    switch problem {
    case .attention(let problem):
      allRows = problem.planes * problem.queries
      let reference = Reference(problem, inputs: inputs)
      if let values = inputs["V"] { means = values.means }
      let isWhole = allRows * problem.keys <= Self.pairs
      if problem.hasForward || !isWhole { addBands(reference, problem, inputs["dO"]) }
      if problem.hasBackward, isWhole, let dO = inputs["dO"] {
        add(reference.gradients(dO))
        checkedRows = allRows
      }
    case .matmul(let problem):
      allRows = problem.m
      checkedRows = problem.m
      let product = Self.product(problem, inputs["A"]!, inputs["B"]!)
      pieces = [CompiledTerm(tensor: "C", start: 0, values: product)]
    }
  }

  private mutating func add(_ gradients: Gradients) {
    pieces.append(CompiledTerm(tensor: "dQ", start: 0, values: gradients.dQ))
    pieces.append(CompiledTerm(tensor: "dK", start: 0, values: gradients.dK))
    pieces.append(CompiledTerm(tensor: "dV", start: 0, values: gradients.dV))
  }

  private mutating func addBands(
    _ reference: Reference, _ problem: AttentionProblem, _ dO: Matrix?
  ) {
    let bands = tileCount(problem.queries, Self.rowsAtOnce)
    let step = tileCount(allRows * problem.keys, Self.pairs)
    for band in 0..<problem.planes * bands {
      let (plane, i) = band.quotientAndRemainder(dividingBy: bands)
      guard band.isMultiple(of: step) || band == problem.planes * bands - 1 else { continue }
      let rows = tileRange(i, of: problem.queries, by: Self.rowsAtOnce)
      let row = plane * problem.queries + rows.lowerBound
      checkedRows += rows.count
      if problem.hasForward {
        let values = reference.rows(plane: plane, rows).flatMap(\.output)
        pieces.append(CompiledTerm(tensor: "O", start: row * problem.dv, values: values))
      }
      if step > 1, problem.hasBackward, let dO {
        let values = reference.queryGradient(dO, plane: plane, rows: rows)
        pieces.append(CompiledTerm(tensor: "dQ", start: row * problem.d, values: values))
      }
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

  /// How far the output of an approximation is from exact attention; nil without values, and where NaN or
  /// infinity leaves no number.
  package func approximation(of recording: Recording) -> ApproximationError? {
    guard !recording.finalState.hbm.isEmpty,
      let index = recording.program.tensorIndex("O"),
      let output = recording.finalState.matrix(index)
    else { return nil }
    var (size, distance, ofMean) = (0.0, 0.0, 0.0)
    let heads = output.planes / max(1, means.count)
    for piece in pieces where piece.tensor == "O" {
      for (offset, exact) in piece.values.enumerated() {
        let place = piece.start + offset
        let plane = place / (output.rows * output.columns)
        let actual = Double(output.values[place])
        size += exact * exact
        distance += (actual - exact) * (actual - exact)
        let mean = means[plane / max(1, heads)][place % output.columns]
        ofMean += (mean - exact) * (mean - exact)
      }
    }
    guard size > 0, distance.isFinite, ofMean.isFinite else { return nil }
    return ApproximationError(
      relativeFrobenius: (distance / size).squareRoot(),
      ofMeanOfV: (ofMean / size).squareRoot())
  }

  /// The comparison for a finished recording; nil if it has no values or the kernel is not
  /// comparable.
  package func error(of recording: Recording) -> OutputError? {
    guard !recording.finalState.hbm.isEmpty, isComparable else { return nil }
    var error = OutputError(checkedRows: checkedRows, allRows: allRows)
    for name in Set(pieces.map(\.tensor)).sorted() {
      guard let index = recording.program.tensorIndex(name),
        let output = recording.finalState.matrix(index)
      else { continue }
      error.nonFinite += output.values.count { !$0.isFinite }
      for piece in pieces where piece.tensor == name {
        for (actual, exact) in zip(output.values[piece.start...], piece.values) {
          error.add(actual, exact: exact, of: name)
        }
      }
    }
    return error
  }
}

/// The distance of an approximation from exact attention, ‖O − exact‖ / ‖exact‖ in the Frobenius norm.
package struct ApproximationError: Sendable, Encodable, Equatable {
  package var relativeFrobenius: Double
  /// The same for the mean of V in every row, the answer that ignores Q and K.
  package var ofMeanOfV: Double
}

extension Matrix {
  /// The mean of each column, plane by plane.
  fileprivate var means: [[Double]] {
    (0..<planes).map { plane in
      (0..<columns).map { column in
        (0..<rows).reduce(0.0) { $0 + Double(self[plane, $1, column]) } / Double(max(1, rows))
      }
    }
  }
}
