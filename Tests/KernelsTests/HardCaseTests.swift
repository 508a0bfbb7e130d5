// Inputs on which a careless softmax fails: huge logits, a maximum that rises with every tile, rows
// that see nothing, denormals.

import Foundation
import Kernels
import Machine
import Testing

@Suite("Hard cases")
struct HardCaseTests {
  static let mappings = [Mapping(tile: 16), Mapping(rows: 8, columns: 24, depth: 8)]

  /// Runs every kernel on both mappings.
  private func everywhere(
    _ problem: AttentionProblem, _ inputs: [String: Matrix],
    _ check: (_ run: Finished, _ exact: [DirectRow]) throws -> Void
  ) throws {
    let exact = direct(problem, inputs)
    for kernel in attentionKernels {
      for mapping in Self.mappings {
        try check(Finished(kernel, .attention(problem), mapping, inputs: inputs), exact)
      }
    }
  }

  private func matrix(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Float) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      values: (0..<rows).flatMap { row in (0..<columns).map { value(row, $0) } })
  }

  private func values(_ rows: Int, _ columns: Int) -> Matrix {
    .normal(rows: rows, columns: columns, seed: 3, stream: 3)
  }

  @Test("Logits of ±10,000 that fp32 holds exactly give the exact answer")
  func hugeExactLogits() throws {
    // q·k = ±10⁴ + j/8, all of it in 17 bits.
    let problem = AttentionProblem(queries: 40, keys: 50, d: 2, dv: 3, scale: 1)
    let inputs = [
      "Q": matrix(40, 2) { row, c in c == 0 ? (row % 2 == 0 ? 100 : -100) : 1 },
      "K": matrix(50, 2) { row, c in c == 0 ? (row % 3 == 0 ? 100 : -100) : Float(row % 16) / 8 },
      "V": values(50, 3),
    ]
    try everywhere(problem, inputs) { run, exact in
      #expect(error(of: run["O"]!, against: exact) < 2e-6, "\(run.plan.kernel.name)")
    }
  }

  @Test("Random logits of ±10,000 are as exact as fp32 logits allow")
  func hugeRandomLogits() throws {
    let problem = AttentionProblem(queries: 30, keys: 40, d: 8, dv: 3, scale: 1)
    var inputs = Problem.attention(problem).seededInputs(5)
    for name in ["Q", "K"] { inputs[name]!.values = inputs[name]!.values.map { $0 * 60 } }
    // A logit is a sum of d products: error δ ≤ (d + 1)·u·Σ|q·k|; a weight errs by e^2δ at most.
    var largest: Float = 0
    for i in 0..<30 {
      for j in 0..<40 {
        var sum: Float = 0
        for c in 0..<8 { sum += abs(inputs["Q"]![i, c] * inputs["K"]![j, c]) }
        largest = max(largest, sum)
      }
    }
    #expect(largest > 10_000)
    let delta = 9 * 0x1p-24 * Double(largest)
    try everywhere(problem, inputs) { run, exact in
      let error = error(of: run["O"]!, against: exact)
      #expect(error <= 2 * expm1(2 * delta) + 2e-6, "\(run.plan.kernel.name)")
    }
  }

  @Test("The running maximum may rise or fall with every tile", arguments: [Float(1), -1])
  func risingMaximum(sign: Float) throws {
    let problem = AttentionProblem(queries: 20, keys: 96, d: 1, dv: 3, scale: 1)
    let inputs = [
      "Q": matrix(20, 1) { row, _ in sign * Float(row % 4 + 1) / 4 },
      "K": matrix(96, 1) { row, _ in Float(row) / 4 }, "V": values(96, 3),
    ]
    try everywhere(problem, inputs) { run, exact in
      #expect(error(of: run["O"]!, against: exact) < 2e-6, "\(run.plan.kernel.name)")
      if run.plan.kernel.keepsMaxima { return }
      #expect(run["m"]!.values.map { Double($0) } == exact.map(\.m))
    }
  }

  @Test("Equal logits give the mean of V, l = Nk and m = 0")
  func equalLogits() throws {
    let problem = AttentionProblem(queries: 17, keys: 33, d: 4, dv: 2)
    let inputs = [
      "Q": Matrix(rows: 17, columns: 4), "K": .normal(rows: 33, columns: 4, seed: 1, stream: 1),
      "V": values(33, 2),
    ]
    try everywhere(problem, inputs) { run, exact in
      #expect(error(of: run["O"]!, against: exact) < 2e-6)
      #expect(run["m"]!.values == [Float](repeating: 0, count: 17))
      #expect(run["l"]!.values == [Float](repeating: 33, count: 17))
      for column in 0..<2 {
        let mean = (0..<33).map { Double(inputs["V"]![$0, column]) }.reduce(0, +) / 33
        for row in 0..<17 { #expect(abs(Double(run["O"]![row, column]) - mean) < 1e-6) }
      }
    }
  }

  @Test(
    "A row that sees nothing has O = 0, m = −∞, l = 0 and L = −∞; the others are exact",
    arguments: [
      AttentionProblem(queries: 20, d: 4, maskRule: .padding(length: 0)),
      AttentionProblem(queries: 40, keys: 9, d: 4, maskRule: .causal),
      AttentionProblem(queries: 50, keys: 9, d: 4, maskRule: .window(left: 3, right: 0)),
      AttentionProblem(
        queries: 20, keys: 40, d: 4, maskRule: .table(Matrix(rows: 20, columns: 40))),
    ])
  func blindRows(problem: AttentionProblem) throws {
    let inputs = Problem.attention(problem).seededInputs(2)
    let sees = literalVisibility(problem)
    let blind = (0..<problem.queries).filter { row in
      !(0..<problem.keys).contains { sees(0, row, $0) }
    }
    #expect(!blind.isEmpty)
    try everywhere(problem, inputs) { run, exact in
      #expect(error(of: run["O"]!, against: exact) < 2e-6, "\(run.plan.kernel.name)")
      for row in blind {
        for column in 0..<problem.dv { #expect(run["O"]![row, column] == 0) }
        #expect(run["m"]![row, 0] == -.infinity)
        #expect(run["l"]![row, 0] == 0)
        if let logSum = run["L"] { #expect(logSum[row, 0] == -.infinity) }
      }
    }
  }

  @Test("Denormal numbers are numbers")
  func denormals() throws {
    let problem = AttentionProblem(queries: 20, keys: 30, d: 4, dv: 2)
    var inputs = Problem.attention(problem).seededInputs(4)
    for (name, matrix) in inputs { inputs[name]!.values = matrix.values.map { $0 * 0x1p-133 } }
    try everywhere(problem, inputs) { run, exact in
      // Every logit is 0, and every product and sum errs by at most one smallest denormal.
      for (actual, expected) in zip(run["O"]!.values, exact.flatMap(\.output)) {
        #expect(abs(Double(actual) - expected) <= 2 * 30 * 0x1p-149)
      }
      #expect(run["O"]!.values.contains { $0 != 0 && $0.isSubnormal })
    }
  }

  @Test("One query, one key, and sizes around the tile's", arguments: [1, 17, 33, 65, 127])
  func sizes(n: Int) throws {
    for keys in [1, n] {
      let problem = AttentionProblem(queries: n, keys: keys, d: 3, dv: 2)
      let inputs = Problem.attention(problem).seededInputs(UInt64(n))
      try everywhere(problem, inputs) { run, exact in
        #expect(error(of: run["O"]!, against: exact) < 2e-6, "\(run.plan.kernel.name)")
      }
    }
  }

  @Test("In half precision the error is that of the format", arguments: [DataType.fp16, .bf16])
  func halfPrecision(type: DataType) throws {
    let unit = type == .fp16 ? 0x1p-11 : 0x1p-8
    let problem = AttentionProblem(queries: 33, keys: 65, d: 8, type: type)
    let inputs = Problem.attention(problem).seededInputs(6)
    let reference = Reference(problem, inputs: inputs)
    let largest = (0..<33).flatMap { reference.logits(plane: 0, row: $0, columns: 0..<65) }
      .map { abs($0) }.max()!
    try everywhere(problem, inputs) { run, exact in
      let error = error(of: run["O"]!, against: exact)
      // S in HBM errs by |s|·u, and so does K that was scaled and stored; P by u, O by u each time it
      // is stored.
      let isTextbook = keepsScores(run.plan.kernel)
      let times = run.plan.kernel.name == "eager-attention" ? 4.0 : 2
      let stores =
        run.plan.kernel.name == "flash-attention" ? tileCount(65, run.plan.mapping.columns) : 1
      let bound =
        (isTextbook ? expm1(times * largest * unit) : 0) + unit * Double(stores + 1) + 4e-6
      #expect(error < bound, "\(run.plan.kernel.name)")
      #expect(error > unit / 100, "\(run.plan.kernel.name): nothing was rounded")
      for value in run["O"]!.values { #expect(type.round(value) == value) }
    }
  }
}
