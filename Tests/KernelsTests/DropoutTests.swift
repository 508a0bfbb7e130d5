// Dropout in the kernels: which weights are dropped is a matter of seed and place, never of the
// kernel, its tiles or the direction it goes.

import Kernels
import Machine
import Testing

@Suite("Dropout in the kernels")
struct DropoutTests {
  static let mappings = [
    Mapping(tile: 16), Mapping(rows: 8, columns: 24, depth: 8), Mapping(tile: 7),
  ]

  /// n × n ones on the diagonal, on every plane.
  private func identity(_ planes: Int, _ n: Int) -> Matrix {
    var matrix = Matrix(planes: planes, rows: n, columns: n)
    for plane in 0..<planes { for index in 0..<n { matrix[plane, index, index] = 1 } }
    return matrix
  }

  @Test("Kernels, tile sizes and passes keep the same weights", arguments: [0.1, 0.5])
  func keptSets(share: Double) throws {
    // With V = 1 the output is the dropped P itself, and with dO = 1 dV is its transpose.
    let n = 21
    let problem = AttentionProblem(queries: n, d: 2, dv: n, batch: 2, heads: 2)
      .going(.both, dropout: share, seed: 3)
    var inputs = Problem.attention(problem).seededInputs(1)
    inputs["V"] = identity(4, n)
    inputs["dO"] = identity(4, n)
    let rule = try #require(problem.dropout)
    for kernel in attentionKernels {
      for mapping in Self.mappings {
        let run = try Finished(kernel, .attention(problem), mapping, inputs: inputs)
        let (output, dV, z) = (run["O"]!, run["dV"]!, run["Z"])
        for plane in 0..<4 {
          for row in 0..<n {
            for key in 0..<n {
              let isKept = rule.keeps(plane: plane, row: row, column: key)
              let weight = output[plane, row, key]
              #expect((weight != 0) == isKept, "\(kernel.name) \(mapping)")
              // fp32 carries P of the second pass from other statistics than the first.
              #expect(abs(dV[plane, key, row] - weight) <= 1e-5, "\(kernel.name)")
              #expect((dV[plane, key, row] != 0) == isKept, "\(kernel.name)")
              if let z { #expect(z[plane, row, key] == (isKept ? 1 : 0)) }
            }
          }
        }
      }
    }
  }

  @Test("With one seed all kernels agree in O, dQ, dK and dV", arguments: mappings)
  func agreement(mapping: Mapping) throws {
    let problem = AttentionProblem(
      queries: 40, keys: 50, d: 6, dv: 5, heads: 4, keyValueHeads: 2, maskRule: .causal
    ).going(.both, dropout: 0.1, seed: 11)
    let inputs = Problem.attention(problem).seededInputs(7)
    let runs = try attentionKernels.map {
      try Finished($0, .attention(problem), mapping, inputs: inputs)
    }
    let scales = naturalScales(problem, inputs).merging(["O": 5]) { $1 }
    for run in runs.dropFirst() {
      for (name, scale) in scales {
        let pairs = zip(run[name]!.values, runs[0][name]!.values)
        let worst = pairs.map { abs(Double($0) - Double($1)) }.max()!
        #expect(worst < 1e-5 * scale, "\(run.plan.kernel.name) \(name)")
      }
    }
    let exact = Reference(problem, inputs: inputs)
    for plane in 0..<4 {
      for row in 0..<40 {
        let output = exact.row(plane: plane, row: row).output
        for column in 0..<5 {
          #expect(abs(Double(runs[0]["O"]![plane, row, column]) - output[column]) < 1e-5)
        }
      }
    }
  }

  @Test("Two runs give identical logs and values")
  func sameAgain() throws {
    let problem = AttentionProblem(queries: 30, keys: 40, d: 6, heads: 2)
      .going(.both, dropout: 0.1)
    let inputs = Problem.attention(problem).seededInputs(7)
    for kernel in attentionKernels {
      let runs = try (0..<2).map { _ in
        try Finished(kernel, .attention(problem), Self.mappings[1], inputs: inputs)
      }
      let logs = runs.map { run in run.recording.events.map { run.recording.line(of: $0) } }
      #expect(logs[0] == logs[1])
      #expect(runs[0].recording.finalState.hbm == runs[1].recording.finalState.hbm)
      #expect(runs[0].recording.finalState.transfers == runs[1].recording.finalState.transfers)
    }
  }

  @Test("Another seed drops other weights, and no dropout none")
  func seeds() throws {
    let problem = AttentionProblem(queries: 20, d: 4)
    let inputs = Problem.attention(problem).seededInputs(7)
    for kernel in attentionKernels {
      let outputs = try [
        problem, problem.going(.forward, dropout: 0.3, seed: 1),
        problem.going(.forward, dropout: 0.3, seed: 2),
      ].map {
        try Finished(kernel, .attention($0), Self.mappings[0], inputs: inputs)["O"]!.values
      }
      #expect(outputs[0] != outputs[1] && outputs[1] != outputs[2])
    }
  }
}
