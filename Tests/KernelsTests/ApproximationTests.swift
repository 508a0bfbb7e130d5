// The approximate attentions against their definitions, written out here in double precision, and the
// options that their texts declare.

import Machine
import RealModule
import Shipped
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
    _ kernel: Kernel, mask: Mask.Rule = .none, isSelf: Bool = false,
    _ definition: (_ inputs: [String: Rows], _ d: Int) -> Rows
  ) throws {
    for size in Self.cases {
      let problem = Problem.attention(
        AttentionProblem(
          queries: isSelf ? size.kv : size.n, keys: size.kv, d: size.d, dv: size.dv,
          maskRule: mask))
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
      // What rounding makes of the text itself is smaller still.
      let own = try #require(OutputError.ofOwnText(recording))
      #expect(own.maxAbsolute <= 1e-5 * largest && own.nonFiniteMismatches == 0)
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

  /// Softmax attention over the pairs that `sees` lets through; a row that sees nothing is 0.
  private func attention(
    _ q: Rows, _ k: Rows, _ v: Rows, scale: Double, _ sees: (_ i: Int, _ j: Int) -> Bool
  ) -> Rows {
    times(q, transposed(k)).enumerated().map { i, row in
      let seen = row.indices.filter { sees(i, $0) }
      guard let largest = seen.map({ row[$0] * scale }).max() else { return v[0].map { _ in 0 } }
      let weights = seen.map { Double.exp(row[$0] * scale - largest) }
      let sum = weights.reduce(0, +)
      return v[0].indices.map { column in
        zip(seen, weights).reduce(0) { $0 + $1.1 * v[$1.0][column] } / sum
      }
    }
  }

  @Test(
    "Causal, the linear transformer and Performer sum over the keys so far",
    arguments: [false, true])
  func causalSums(isPerformer: Bool) throws {
    let kernel =
      isPerformer
      ? Catalogue["performer"].with(["feature-count": .size(7)]) : Catalogue["linear-transformer"]
    try check(kernel, mask: .causal, isSelf: true) { inputs, d in
      let root = Double(d).squareRoot().squareRoot()
      let features = { (rows: Rows) -> Rows in
        guard isPerformer else { return rows.map { $0.map { $0 > 0 ? $0 + 1 : Double.exp($0) } } }
        return times(rows, transposed(inputs["R"]!)).enumerated().map { index, products in
          let size = rows[index].reduce(0) { $0 + $1 * $1 }
          return products.map { Double.exp($0 / root - size / (2 * root * root)) }
        }
      }
      let weights = times(features(inputs["Q"]!), transposed(features(inputs["K"]!)))
      return weighed(
        weights.enumerated().map { i, row in row.enumerated().map { $0 <= i ? $1 : 0 } },
        inputs["V"]!)
    }
  }

  @Test(
    "Each pattern lets through the pairs of its definition, and no other", arguments: [false, true])
  func patterns(isCausal: Bool) throws {
    let cases: [(String, [String: OwnValue], (Int, Int) -> Bool)] = [
      (
        "sparse-transformer", ["pattern": .word("strided"), "stride": .size(3)],
        { i, j in abs(i - j) < 3 || (i - j) % 3 == 0 }
      ),
      (
        "sparse-transformer",
        ["pattern": .word("fixed"), "stride": .size(5), "summary": .size(2)],
        { i, j in i / 5 == j / 5 || j % 5 >= 3 }
      ),
      ("local-attention", ["window": .size(6)], { i, j in abs(i - j) <= 3 }),
      (
        "block-sparse-flash-attention", ["block": .size(3)],
        { i, j in [0, 1, 2, 4, 8, 16].contains((i / 3) ^ (j / 3)) }
      ),
      (
        "block-sparse-flash-attention", ["block": .size(4), "block-mask": .word("window")],
        { i, j in abs(i / 4 - j / 4) < 2 }
      ),
      (
        "streaming-attention", ["sinks": .size(2), "window": .size(4)],
        { i, j in j <= i && (j < 2 || i - j < 4) }
      ),
    ]
    for (name, options, sees) in cases {
      try check(Catalogue[name].with(options), mask: isCausal ? .causal : .none, isSelf: true) {
        inputs, d in
        attention(inputs["Q"]!, inputs["K"]!, inputs["V"]!, scale: 1 / Double(d).squareRoot()) {
          sees($0, $1) && (!isCausal || $1 <= $0)
        }
      }
    }
  }

  @Test("A block mask from a file stands for blocks of as many tokens as it has rows and columns")
  func blockMaskFile() throws {
    let table = Matrix(rows: 3, columns: 2, values: [1, 0, 0, 1, 1, 1])
    let kernel = Catalogue["block-sparse-flash-attention"].with(["block-mask": .matrix(table)])
    #expect(kernel.refusal(of: ["block-mask": .matrix(table)]) == nil)
    try check(kernel) { inputs, d in
      let (q, k) = (inputs["Q"]!, inputs["K"]!)
      return attention(q, k, inputs["V"]!, scale: 1 / Double(d).squareRoot()) { i, j in
        table[0, i / ((q.count + 2) / 3), j / ((k.count + 1) / 2)] != 0
      }
    }
  }

  @Test(
    "Reformer sees its bucket, in its own chunk of the sorted order and the one before",
    arguments: [false, true])
  func reformer(isCausal: Bool) throws {
    let kernel = Catalogue["reformer"].with(["buckets": .size(4), "chunk": .size(5)])
    try check(kernel, mask: isCausal ? .causal : .none, isSelf: true) { inputs, d in
      let q = inputs["Q"]!
      let buckets = times(q, inputs["R"]!).map { row -> Int in
        let all = row + row.map { -$0 }
        return all.firstIndex(of: all.max()!)!
      }
      let order = q.indices.sorted { (buckets[$0], $0) < (buckets[$1], $1) }
      var place = Array(repeating: 0, count: q.count)
      for (position, token) in order.enumerated() { place[token] = position }
      let keys = q.map { row in
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { $0 / length }
      }
      return q.indices.map { i in
        var others = q.indices.filter { j in
          buckets[j] == buckets[i] && [0, 1].contains(place[i] / 5 - place[j] / 5) && j != i
            && (!isCausal || j < i)
        }
        // Itself only where there is nobody else.
        if others.isEmpty { others = [i] }
        return attention([q[i]], keys, inputs["V"]!, scale: 1 / Double(d).squareRoot()) {
          others.contains($1)
        }[0]
      }
    }
  }

  @Test(
    "Routing attends in clusters and takes the mean of those a query is in",
    arguments: [false, true])
  func routing(isCausal: Bool) throws {
    for scores in ["select", "literal"] {
      let kernel = Catalogue["routing-transformer"].with([
        "clusters": .size(3), "window": .size(4), "scores": .word(scores),
      ])
      try check(kernel, mask: isCausal ? .causal : .none, isSelf: true) { inputs, d in
        let normal = { (rows: Rows) in
          rows.map { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.map { ($0 - mean) / (variance + 1e-6).squareRoot() }
          }
        }
        let (q, k, v) = (inputs["Q"]!, inputs["K"]!, inputs["V"]!)
        let nearest = { (rows: Rows, centroid: [Double]) in
          let scores = times(normal(rows), self.transposed([centroid])).map { $0[0] }
          return Set(scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(4))
        }
        let isLiteral = scores == "literal"
        var (sums, counts) = (q.map { _ in v[0].map { _ in 0.0 } }, q.map { _ in 0.0 })
        for centroid in inputs["M"]! {
          let queries = nearest(q, centroid)
          let keys = isCausal ? queries : nearest(k, centroid)
          let output = attention(
            isLiteral ? normal(q) : q, isLiteral ? normal(k) : k, v,
            scale: isLiteral ? 1 : 1 / Double(d).squareRoot()
          ) { keys.contains($1) && (!isCausal || $1 <= $0) }
          for i in queries {
            counts[i] += 1
            for column in v[0].indices { sums[i][column] += output[i][column] }
          }
        }
        return zip(sums, counts).map { row, count in row.map { count == 0 ? 0 : $0 / count } }
      }
    }
  }

  @Test("A text of an approximation, or for decoding, has at most 45 lines")
  func lengths() {
    let names = Shipped.names(in: "Kernels", suffix: ".kernel").filter {
      $0.hasPrefix("Approximate/") || $0.hasPrefix("Decoding/")
    }
    #expect(names.count >= 11)
    for name in names {
      let text = String(decoding: Shipped.bytes("Kernels/\(name).kernel")!, as: UTF8.self)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 46, "\(name)")
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
