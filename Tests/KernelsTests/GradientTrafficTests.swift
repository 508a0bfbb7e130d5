// Every byte of the backward passes and of dropout: what a recording moved, what the kernel's closed
// form promises, and the formulas written out in LiteralGradientTraffic.

import Kernels
import Machine
import Testing

@testable import Library

@Suite("Backward traffic equals the closed forms")
struct GradientTrafficTests {
  private func moved(_ plan: Plan) throws -> [String: Transfers] {
    let pairs = zip(plan.program.tensors, try plan.totals().tensors).map { ($0.name, $1) }
    return Dictionary(uniqueKeysWithValues: pairs).filter { $0.value.bytes > 0 }
  }

  private func check(
    _ kernel: Kernel, _ problem: AttentionProblem, _ mapping: Mapping,
    on device: Device = testDevice(), softmaxPasses: Int = 1, gradientPasses: Int = 1
  ) throws {
    let plan = try Plan(kernel, .attention(problem), mapping, device)
    let moved = try moved(plan)
    let promised = Dictionary(uniqueKeysWithValues: plan.traffic.map { ($0.tensor, $0.transfers) })
    let what = Comment(rawValue: "\(kernel.name) \(problem) \(mapping)")
    #expect(moved == promised.filter { $0.value.bytes > 0 }, what)
    let literal = literalBytes(
      kernel.name, problem, mapping, softmaxPasses: softmaxPasses, gradientPasses: gradientPasses)
    #expect(moved == literal, what)
  }

  /// Every kernel, backward alone and with its forward pass, with and without dropout, and D inside
  /// the loop where a kernel can.
  private func everywhere(_ problem: AttentionProblem, _ mappings: [Mapping]) throws {
    for kernel in paperKernels {
      for mapping in mappings {
        for pass in [Pass.backward, .both] {
          try check(kernel, problem.going(pass), mapping)
          try check(kernel, problem.going(pass, dropout: 0.1), mapping)
          guard kernel.name == "flash-attention" else { continue }
          var inline = problem.going(pass)
          inline.computesDeltaInline = true
          try check(kernel, inline, mapping)
        }
      }
    }
  }

  static let uneven = Mapping(rows: 16, columns: 24, depth: 8)
  static let mappings = [uneven, Mapping(tile: 16), Mapping(rows: 200, columns: 200, depth: 8)]

  static let plain: [AttentionProblem] = [
    AttentionProblem(queries: 65, keys: 130, d: 5, dv: 7),
    AttentionProblem(queries: 130, keys: 65, d: 7, dv: 5),
    AttentionProblem(queries: 1, d: 8), AttentionProblem(queries: 17, d: 8),
    AttentionProblem(queries: 64, keys: 1, d: 1, dv: 1),
    AttentionProblem(queries: 33, d: 8, batch: 2, heads: 4, keyValueHeads: 2),
    AttentionProblem(queries: 33, keys: 50, d: 4, heads: 6, keyValueHeads: 1),
    AttentionProblem(queries: 65, keys: 33, d: 5, dv: 7, heads: 2, type: .bf16, softcap: 3),
  ]

  @Test("for every size without a mask", arguments: plain)
  func withoutMask(problem: AttentionProblem) throws {
    try everywhere(problem, Self.mappings)
  }

  static let rules: [Mask.Rule] = [
    .causal, .causalTopLeft, .window(left: 5, right: 2), .window(left: 0, right: 0),
    .padding(length: 0), .padding(length: 19),
  ]

  @Test("for every mask, with tiles skipped exactly where no pair is visible", arguments: rules)
  func withMask(rule: Mask.Rule) throws {
    for (n, nk) in [(65, 65), (40, 70), (70, 40), (1, 33)] {
      let problem = AttentionProblem(
        queries: n, keys: nk, d: 5, dv: 3, heads: 4, keyValueHeads: 2, maskRule: rule)
      try everywhere(problem, [Self.uneven])
    }
  }

  @Test("for mask tables that differ between heads that share K and V", arguments: [1, 2, 4])
  func withTable(planes: Int) throws {
    var table = Matrix(planes: planes, rows: 50, columns: 70, repeating: 1)
    for plane in 0..<planes {
      for row in 0..<50 {
        for key in 0..<70 {
          let isHidden =
            (16..<32).contains(row) && plane != 1 || (48..<72).contains(key) && plane != 0
            || row >= 32 && key < 24 || (row + key * 3 + plane) % 5 == 0 && row < 16 && key < 16
          if isHidden { table[plane, row, key] = 0 }
        }
      }
    }
    let problem = AttentionProblem(
      queries: 50, keys: 70, d: 4, batch: 2, heads: 2, keyValueHeads: 1, type: .fp16,
      maskRule: .table(table))
    try everywhere(problem, [Self.uneven])
  }

  @Test("for a bias, alone, under a mask and under a cap", arguments: [1, 2, 4])
  func withBias(planes: Int) throws {
    for rule in [Mask.Rule.none, .causal] {
      for cap in [nil, 3.0] {
        let problem = AttentionProblem(
          queries: 33, keys: 40, d: 4, batch: 2, heads: 2, softcap: cap, maskRule: rule,
          bias: Matrix(planes: planes, rows: 33, columns: 40, repeating: 1))
        try everywhere(problem, [Self.uneven])
      }
    }
  }

  @Test("for every launch of standard attention by itself", arguments: [nil, 0.1])
  func launches(dropout: Double?) throws {
    for shape in Self.plain where shape.softcap == nil {
      let problem = shape.going(.both, dropout: dropout)
      let mapping = Self.uneven
      let plan = try Plan(
        Catalogue["standard-attention"], .attention(problem), mapping, testDevice())
      let backward = literalStandardBackward(problem, mapping).map { launch in
        (
          launch.name,
          launch.tensors.map { name, moved in
            (moved.reads + moved.writes) * literalWidth(name, problem.type)
          }.reduce(0, +)
        )
      }
      let totals = try plan.totals().launches
      #expect(totals.map(\.name) == ["scores", "softmax", "values"] + backward.map(\.0))
      #expect(totals.dropFirst(3).map(\.hbmBytes) == backward.map(\.1))
      // Z: a byte per weight, out with P and back with it.
      let heads = problem.batch * problem.heads
      let area = heads * problem.queries * problem.keys
      let z = dropout == nil ? 0 : area
      let tr = (problem.queries + mapping.rows - 1) / mapping.rows
      let values = heads * (tr * problem.keys + problem.queries) * problem.dv
      #expect(totals[1].hbmBytes == 2 * area * 4 + z)
      #expect(totals[2].hbmBytes == (area + values) * 4 + z)
    }
  }

  @Test("Where not even one row fits, the softmax reads S twice and its gradient P and dP")
  func twoPasses() throws {
    // Row by row, dS holds 12 bytes per key and the softmax 8, 12 with dropout.
    let device = testDevice(sram: 3000)
    for (keys, softmax, gradient) in [(240, 1, 1), (300, 1, 2), (400, 2, 2)] {
      let problem = AttentionProblem(queries: 17, keys: keys, d: 4)
      for pass in [Pass.backward, .both] {
        try check(
          Catalogue["standard-attention"], problem.going(pass), Mapping(tile: 8), on: device,
          softmaxPasses: softmax, gradientPasses: gradient)
      }
    }
  }

  @Test("Every tensor of a program has its closed form, and no other")
  func everyTensor() throws {
    for kernel in attentionKernels {
      for pass in Pass.allCases {
        for cap in [nil, 2.0] {
          var problem = AttentionProblem(
            queries: 8, d: 4, softcap: cap,
            maskRule: .table(Matrix(rows: 8, columns: 8, repeating: 1)),
            bias: Matrix(rows: 8, columns: 8)
          ).going(pass, dropout: 0.2)
          for inline in [false, true] where !inline || kernel.name == "flash-attention" {
            problem.computesDeltaInline = inline
            let plan = try Plan(kernel, .attention(problem), Mapping(tile: 4), testDevice())
            let moved = plan.program.tensors.filter { $0.role != .statistic }.map(\.name)
            #expect(Set(plan.traffic.map(\.tensor)) == Set(moved), "\(kernel.name) \(pass)")
            for traffic in plan.traffic {
              #expect((traffic.reads == 0) || !traffic.readFormula.isEmpty, "\(traffic.tensor)")
              #expect((traffic.writes == 0) || !traffic.writeFormula.isEmpty, "\(traffic.tensor)")
            }
          }
        }
      }
    }
  }
}
