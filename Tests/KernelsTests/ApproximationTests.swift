// The approximate attentions against their definitions, written out here in double precision, and the
// options that their texts declare.

import Machine
import RealModule
import Testing

@testable import Kernels
@testable import Notation

@Suite("Approximate attention")
struct ApproximationTests {
  private typealias Rows = [[Double]]

  private static let cases: [(n: Int, kv: Int, d: Int, dv: Int, rows: Int, columns: Int)] = [
    (16, 16, 8, 8, 4, 4), (13, 19, 6, 5, 4, 7), (1, 9, 4, 4, 3, 2), (40, 33, 8, 8, 16, 16),
  ]

  private func rows(_ matrix: Matrix) -> Rows {
    (0..<matrix.rows).map { row in
      (0..<matrix.columns).map { Double(matrix[0, row, $0]) }
    }
  }

  private func times(_ a: Rows, _ b: Rows) -> Rows {
    a.map { row in
      (0..<b[0].count).map { column in row.indices.reduce(0) { $0 + row[$1] * b[$1][column] } }
    }
  }

  private func transposed(_ a: Rows) -> Rows { a[0].indices.map { column in a.map { $0[column] } } }

  private func weighed(_ weights: Rows, _ values: Rows) -> Rows {
    zip(weights, times(weights, values)).map { row, output in
      output.map { $0 / row.reduce(0, +) }
    }
  }

  /// Runs a kernel on seeded inputs, and compares O with the definition.
  private func check(
    _ kernel: Kernel, _ definition: (_ inputs: [String: Rows], _ d: Int) -> Rows
  ) throws {
    for size in Self.cases {
      let problem = Problem.attention(
        AttentionProblem(queries: size.n, keys: size.kv, d: size.d, dv: size.dv))
      let plan = try Plan(
        kernel, problem, Mapping(rows: size.rows, columns: size.columns, depth: 8), testDevice())
      var inputs = problem.seededInputs(3)
      plan.complete(&inputs, seed: 3)
      let recording = try plan.record(inputs: inputs)
      let index = try #require(recording.program.tensorIndex("O"))
      let output = rows(try #require(recording.finalState.matrix(index)))
      let exact = definition(inputs.mapValues(rows), size.d)
      let largest = exact.joined().map { abs($0) }.max() ?? 1
      for (actual, wanted) in zip(output.joined(), exact.joined()) {
        #expect(abs(actual - wanted) <= 1e-5 * largest, "\(size): \(actual), not \(wanted)")
      }
      let moved = Dictionary(
        uniqueKeysWithValues: zip(plan.program.tensors.map(\.name), recording.totals.tensors))
      for stated in plan.traffic {
        #expect(moved[stated.tensor] == stated.transfers, "\(stated.tensor)")
      }
    }
  }

  @Test("Linformer is softmax attention over r projected keys (Eq. 7)")
  func linformer() throws {
    let kernel = Catalogue["linformer"].with(["rank": .size(5)])
    try check(kernel) { inputs, d in
      let keys = times(inputs["E"]!, inputs["K"]!)
      let scores = times(inputs["Q"]!, transposed(keys))
      let weights = scores.map { row in
        let scaled = row.map { $0 / Double(d).squareRoot() }
        return scaled.map { Double.exp($0 - scaled.max()!) }
      }
      return weighed(weights, times(inputs["F"]!, inputs["V"]!))
    }
  }

  @Test("The linear transformer weighs by φ(q)·φ(k), φ(x) = elu(x) + 1 (Eqs. 5 and 7)")
  func linearTransformer() throws {
    try check(Catalogue["linear-transformer"]) { inputs, _ in
      let feature = { (rows: Rows) in rows.map { $0.map { $0 > 0 ? $0 + 1 : Double.exp($0) } } }
      return weighed(
        times(feature(inputs["Q"]!), transposed(feature(inputs["K"]!))), inputs["V"]!)
    }
  }

  @Test("Performer weighs by positive random features (Lemma 1)")
  func performer() throws {
    let kernel = Catalogue["performer"].with(["feature-count": .size(12)])
    try check(kernel) { inputs, d in
      let root = Double(d).squareRoot().squareRoot()
      let features = { (rows: Rows) in
        times(rows, transposed(inputs["R"]!)).enumerated().map { index, products in
          let size = rows[index].reduce(0) { $0 + $1 * $1 }
          return products.map { Double.exp($0 / root - size / (2 * root * root)) }
        }
      }
      return weighed(
        times(features(inputs["Q"]!), transposed(features(inputs["K"]!))), inputs["V"]!)
    }
  }

  @Test("A matrix tells the length of its axis, and one of another shape is refused")
  func matrices() throws {
    let given = Matrix(rows: 3, columns: 9, repeating: 0.5)
    let kernel = Catalogue["linformer"].with(["linformer-e": .matrix(given)])
    let problem = Problem.attention(AttentionProblem(queries: 4, keys: 9, d: 4))
    let plan = try Plan(kernel, problem, Mapping(tile: 4), testDevice())
    #expect(plan.program.tensors.first { $0.name == "F" }?.rows == 3)
    #expect(plan.refusalOfMatrices == nil)
    var inputs: [String: Matrix] = [:]
    plan.complete(&inputs, seed: 1)
    #expect(inputs["E"] == given)
    let other = Problem.attention(AttentionProblem(queries: 4, keys: 8, d: 4))
    let short = try Plan(kernel, other, Mapping(tile: 4), testDevice())
    #expect(short.refusalOfMatrices == "E[r,Nk] is 3 × 8 here; found 3 × 9")
    // Asked what if there were other keys, the matrix is of no use, and seeded numbers take its place.
    var others: [String: Matrix] = [:]
    short.complete(&others, seed: 1)
    #expect(others["E"]?.columns == 8)
    #expect(kernel.refusal(of: ["rank": .matrix(given)])?.contains("whole number") == true)
    #expect(kernel.refusal(of: ["linformer-e": .size(3)])?.contains(".npy") == true)
  }

  @Test("Seeded projections are normal, divided by the root of the axis that the text names")
  func seeded() throws {
    let kernel = Catalogue["linformer"].with(["rank": .size(16)])
    let problem = Problem.attention(AttentionProblem(queries: 64, d: 8))
    let plan = try Plan(kernel, problem, Mapping(tile: 16), testDevice())
    var inputs: [String: Matrix] = [:]
    plan.complete(&inputs, seed: 1)
    let values = try #require(inputs["E"]).values
    let square = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
    #expect(abs(square - 1.0 / 16) < 0.01)
  }

  @Test(
    "An option names an input of the kernel's own, or an axis, and says what it found otherwise")
  func faults() throws {
    func message(_ option: String) -> String {
      let text = """
        kernel mine
        in     Q[N,d] K[Nk,d] V[Nk,dv] E[r,Nk]
        out    O[N,dv]
        option \(option)
        tile   N by Br

        launch all, a block for each i of N
          load q = Q[i], k = K, v = V, e = E
          p = q @ k.T
          o = p @ v
          store O[i] = o
        """
      do {
        let kernel = try Kernel(Array(text.utf8), stem: "mine", size: text.utf8.count)
        _ = try kernel.check(on: testDevice())
        return ""
      } catch { return error.message }
    }
    #expect(message("rank s = 4").contains("no tensor has the axis s"))
    #expect(message("left K = normal").contains("K is no input of the kernel's own; there are E"))
    #expect(message("left E = 4").contains("no tensor has the axis E"))
    #expect(message("left E = normal / √x").contains("no tensor has the axis x"))
    #expect(message("left E").contains("expected “=”"))
    #expect(message("Left E = normal").contains("small letters"))
  }

  @Test("Where an input is NaN or infinite there is no distance", arguments: ["Q", "K", "V"])
  func notFinite(name: String) throws {
    let problem = Problem.attention(AttentionProblem(queries: 8, d: 4))
    for value in [Float.nan, .infinity] {
      var inputs = problem.seededInputs(1)
      inputs[name]?.values[5] = value
      let plan = try Plan(
        Catalogue["linear-transformer"], problem, Mapping(tile: 4), testDevice())
      let recording = try plan.record(inputs: inputs)
      #expect(ExactOutput(plan, inputs: inputs).approximation(of: recording) == nil)
    }
  }

  @Test("The error of an approximation is its distance from exact attention, beside that of mean V")
  func distance() throws {
    let problem = Problem.attention(AttentionProblem(queries: 24, d: 8))
    let inputs = problem.seededInputs(1)
    let plan = try Plan(
      Catalogue["linear-transformer"], problem, Mapping(tile: 8), testDevice())
    let exact = ExactOutput(plan, inputs: inputs)
    let recording = try plan.record(inputs: inputs)
    #expect(exact.error(of: recording) == nil)
    let error = try #require(exact.approximation(of: recording))
    #expect(error.relativeFrobenius > 0.05 && error.relativeFrobenius < 1)
    // Attention itself has none, and its mean of V is the same.
    let flash = try Plan(
      Catalogue["flash-attention-2"], problem, Mapping(tile: 8), testDevice())
    let none = try #require(
      ExactOutput(flash, inputs: inputs).approximation(of: try flash.record(inputs: inputs)))
    #expect(none.relativeFrobenius < 1e-5 && none.ofMeanOfV == error.ofMeanOfV)
  }
}
