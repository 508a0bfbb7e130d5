// dQ, dK and dV of every kernel against the chain rule in double precision.

import Foundation
import Kernels
import Machine
import Testing

@Suite("Gradients agree with the chain rule")
struct GradientTests {
  static let shapes: [AttentionProblem] =
    ValueTests.shapes + [
      AttentionProblem(
        queries: 20, keys: 28, d: 4, dv: 3, batch: 2, heads: 4, keyValueHeads: 2, scale: -0.9,
        softcap: 1, maskRule: .causal,
        bias: .normal(planes: 4, rows: 20, columns: 28, seed: 1, stream: 9)),
      AttentionProblem(
        queries: 20, keys: 28, d: 4, heads: 2, softcap: 2,
        bias: .normal(rows: 20, columns: 28, seed: 1, stream: 9)),
      AttentionProblem(
        queries: 30, d: 4, dv: 3, heads: 2,
        maskRule: .table(
          Matrix(
            planes: 2, rows: 30, columns: 30,
            values: (0..<1800).map { ($0 * 7 + $0 / 30) % 3 == 0 ? 0 : 1 }))),
      AttentionProblem(queries: 9, keys: 1, d: 3, dv: 2),
      AttentionProblem(queries: 1, keys: 40, d: 3),
    ]

  static let mappings = [Mapping(tile: 16), Mapping(rows: 8, columns: 24, depth: 8)]

  private func check(
    _ problem: AttentionProblem, within tolerance: (Finished) -> Double,
    mappings: [Mapping] = mappings
  ) throws {
    let inputs = Problem.attention(problem).seededInputs(7)
    let exact = Reference(problem, inputs: inputs).gradients(inputs["dO"]!)
    let scales = naturalScales(problem, inputs)
    for kernel in attentionKernels {
      for mapping in mappings {
        let run = try Finished(kernel, .attention(problem), mapping, inputs: inputs)
        for (name, error) in gradientErrors(of: run, against: exact, scales: scales) {
          #expect(error <= tolerance(run), "\(kernel.name) \(name) \(mapping) \(problem)")
        }
      }
    }
  }

  @Test("for every shape, mask and scale", arguments: shapes)
  func everyShape(problem: AttentionProblem) throws {
    try check(problem.going(.both), within: { _ in 1e-5 })
  }

  @Test("for every shape, mask and scale with dropout", arguments: shapes)
  func everyShapeWithDropout(problem: AttentionProblem) throws {
    try check(
      problem.going(.both, dropout: 0.3, seed: 5), within: { _ in 1e-5 },
      mappings: [Self.mappings[1]])
  }

  @Test("with D inside the loop, bit for bit what it is with D in a launch", arguments: shapes)
  func inline(problem: AttentionProblem) throws {
    var problem = problem.going(.both, dropout: 0.2)
    let inputs = Problem.attention(problem).seededInputs(7)
    let mapping = Self.mappings[1]
    let apart = try Finished(
      Catalogue["flash-attention"], .attention(problem), mapping, inputs: inputs)
    problem.computesDeltaInline = true
    let inside = try Finished(
      Catalogue["flash-attention"], .attention(problem), mapping, inputs: inputs)
    for name in ["dQ", "dK", "dV"] { #expect(apart[name] == inside[name], "\(name)") }
  }

  @Test("where whole rows do not fit and dS takes two passes")
  func twoPasses() throws {
    for cap in [nil, 1.5] {
      let problem = AttentionProblem(
        queries: 12, keys: 70, d: 4, softcap: cap, maskRule: .causal,
        bias: .normal(rows: 12, columns: 70, seed: 1, stream: 9)
      ).going(.both, dropout: 0.2)
      let inputs = Problem.attention(problem).seededInputs(7)
      let mapping = Mapping(tile: 6, stages: 1)
      let run = try Finished(
        Catalogue["standard-attention"], .attention(problem), mapping, inputs: inputs,
        on: testDevice(sram: 800))
      let exact = Reference(problem, inputs: inputs).gradients(inputs["dO"]!)
      let scales = naturalScales(problem, inputs)
      for (name, error) in gradientErrors(of: run, against: exact, scales: scales) {
        #expect(error < 1e-5, "\(name)")
      }
    }
  }

  @Test("In half precision the error is that of the format", arguments: [DataType.fp16, .bf16])
  func halfPrecision(type: DataType) throws {
    let unit = type == .fp16 ? 0x1p-11 : 0x1p-8
    let problem = AttentionProblem(
      queries: 33, keys: 65, d: 8, dv: 6, heads: 2, keyValueHeads: 1, type: type)
    for dropout in [nil, 0.1] {
      let problem = problem.going(.both, dropout: dropout)
      let reference = Reference(problem, inputs: Problem.attention(problem).seededInputs(7))
      let largest = (0..<2).flatMap { plane in
        (0..<33).flatMap { reference.logits(plane: plane, row: $0, columns: 0..<65) }
      }.map { abs($0) }.max()!
      // P, O, dP, dS and the result are rounded once each, dQ on every visit; S in HBM errs by |s|·u.
      try check(
        problem,
        within: { run in
          let isTextbook = keepsScores(run.plan.kernel)
          let stores = isTextbook ? 1 : tileCount(65, run.plan.mapping.columns)
          // A framework rounds K once more, scaled, and dP and dS after each of its operations.
          let passes = run.plan.kernel.name == "eager-attention" ? 2.0 : 1
          return unit * (passes * 5 + Double(stores))
            + (isTextbook ? 2 * expm1(2 * passes * largest * unit) : 0)
        })
    }
  }

  @Test(
    "The gradients are rounded to the format that stores them", arguments: [DataType.fp16, .bf16])
  func stored(type: DataType) throws {
    let problem = AttentionProblem(queries: 12, d: 4, type: type).going(.both)
    let inputs = Problem.attention(problem).seededInputs(7)
    for kernel in attentionKernels {
      let run = try Finished(kernel, .attention(problem), Mapping(tile: 8), inputs: inputs)
      for name in ["dQ", "dK", "dV"] {
        #expect(run[name]!.values.allSatisfy { type.round($0) == $0 }, "\(kernel.name) \(name)")
        #expect(run[name]!.values.contains { $0 != 0 })
      }
    }
  }
}
