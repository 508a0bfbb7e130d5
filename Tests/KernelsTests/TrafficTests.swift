// Every byte that crosses the bus: what a recording moved, what the kernel's closed form promises,
// and what the papers' formulas say, to the byte.

import Kernels
import Machine
import Testing

@testable import Library

@Suite("Traffic equals the closed forms")
struct TrafficTests {
  /// Recorded bytes per tensor, tensors that never move left out.
  private func recorded(_ plan: Plan) throws -> [String: Transfers] {
    let totals = try plan.totals()
    let pairs = zip(plan.program.tensors, totals.tensors).map { ($0.name, $1) }
    return Dictionary(uniqueKeysWithValues: pairs).filter { $0.value.bytes > 0 }
  }

  private func check(
    _ kernel: Kernel, _ problem: AttentionProblem, _ mapping: Mapping,
    on device: Device = testDevice(), passes: Int = 1
  ) throws {
    let plan = try Plan(kernel, .attention(problem), mapping, device)
    let moved = try recorded(plan)
    let promised = Dictionary(
      uniqueKeysWithValues: plan.traffic.map { ($0.tensor, $0.transfers) })
    #expect(moved == promised.filter { $0.value.bytes > 0 }, "\(kernel.name) \(problem) \(mapping)")
    let literal = literalTraffic(kernel.name, problem, mapping, softmaxPasses: passes)
    let bytes = literal.map { name, elements in
      let width = ["m", "l", "L"].contains(name) ? 4 : name == "mask" ? 1 : problem.type.bytes
      return (
        name,
        Transfers(readBytes: elements.reads * width, writeBytes: elements.writes * width)
      )
    }
    #expect(
      moved == Dictionary(uniqueKeysWithValues: bytes).filter { $0.value.bytes > 0 },
      "\(kernel.name) \(problem) \(mapping)")
  }

  static let mappings = [
    Mapping(tile: 16), Mapping(rows: 16, columns: 24, depth: 8),
    Mapping(rows: 32, columns: 8, depth: 8), Mapping(rows: 200, columns: 200, depth: 8),
  ]

  static let plain: [AttentionProblem] =
    [1, 17, 33, 65, 127].map { AttentionProblem(queries: $0, d: 8) } + [
      AttentionProblem(queries: 65, keys: 130, d: 5, dv: 7),
      AttentionProblem(queries: 130, keys: 65, d: 7, dv: 5),
      AttentionProblem(queries: 64, keys: 1, d: 1, dv: 1),
      AttentionProblem(queries: 33, d: 8, batch: 2, heads: 4, keyValueHeads: 2),
      AttentionProblem(queries: 33, keys: 50, d: 4, heads: 6, keyValueHeads: 1),
      AttentionProblem(queries: 65, keys: 130, d: 5, dv: 7, type: .fp16),
      AttentionProblem(queries: 65, keys: 33, d: 5, dv: 7, heads: 2, type: .bf16, softcap: 3),
    ]

  @Test("for every size without a mask", arguments: plain)
  func withoutMask(problem: AttentionProblem) throws {
    for kernel in paperKernels {
      for mapping in Self.mappings { try check(kernel, problem, mapping) }
    }
  }

  static let rules: [Mask.Rule] = [
    .causal, .causalTopLeft, .window(left: 5, right: 2), .window(left: 0, right: 0),
    .window(left: 200, right: 0), .padding(length: 0), .padding(length: 1), .padding(length: 19),
    .padding(length: 24),
  ]

  @Test("for every mask, with tiles skipped exactly where no pair is visible", arguments: rules)
  func withMask(rule: Mask.Rule) throws {
    for (n, nk) in [(65, 65), (40, 70), (70, 40), (1, 33), (33, 1)] {
      let length = if case .padding(let length) = rule { length } else { 0 }
      guard length <= nk else { continue }
      let problem = AttentionProblem(queries: n, keys: nk, d: 5, dv: 3, heads: 2, maskRule: rule)
      for kernel in paperKernels {
        for mapping in Self.mappings { try check(kernel, problem, mapping) }
      }
    }
  }

  @Test("for mask tables with empty rows, columns and tiles", arguments: [1, 2, 4])
  func withTable(planes: Int) throws {
    var table = Matrix(planes: planes, rows: 50, columns: 70, repeating: 1)
    for plane in 0..<planes {
      for row in 0..<50 {
        for key in 0..<70 {
          // A hidden row block, a hidden column block, a hidden tile, and scattered pairs.
          let isHidden =
            (16..<32).contains(row) && plane != 1 || (48..<72).contains(key)
            || row >= 32 && key < 24 || (row + key * 3 + plane) % 5 == 0 && row < 16 && key < 16
          if isHidden { table[plane, row, key] = 0 }
        }
      }
    }
    let problem = AttentionProblem(
      queries: 50, keys: 70, d: 4, batch: 2, heads: 2, type: .fp16, maskRule: .table(table))
    for kernel in paperKernels {
      for mapping in Self.mappings { try check(kernel, problem, mapping) }
    }
  }

  @Test("for a bias, alone and under a mask", arguments: [1, 2, 4])
  func withBias(planes: Int) throws {
    for rule in [Mask.Rule.none, .causal, .padding(length: 17)] {
      let problem = AttentionProblem(
        queries: 33, keys: 40, d: 4, batch: 2, heads: 2, maskRule: rule,
        bias: Matrix(planes: planes, rows: 33, columns: 40, repeating: 1))
      for kernel in paperKernels {
        for mapping in Self.mappings { try check(kernel, problem, mapping) }
      }
    }
  }

  @Test("Where not even one row of S fits, the softmax reads S twice")
  func twoPasses() throws {
    // A row of S and its P: 8 bytes per key. 400 keys do not fit into 3,000 bytes, 300 do.
    let device = testDevice(sram: 3000)
    let mapping = Mapping(tile: 8)
    for (keys, passes) in [(300, 1), (400, 2)] {
      let problem = AttentionProblem(queries: 17, keys: keys, d: 4)
      try check(Catalogue["standard-attention"], problem, mapping, on: device, passes: passes)
      let totals = try Plan(Catalogue["standard-attention"], .attention(problem), mapping, device)
        .totals()
      #expect(totals.launches[1].name == "softmax")
      #expect(totals.launches[1].hbmBytes == (passes + 1) * 17 * keys * 4)
    }
  }

  @Test("Halving the format halves the bytes of matrices, not those of m, l and L")
  func halfPrecision() throws {
    for kernel in paperKernels {
      let mapping = Mapping(rows: 16, columns: 24, depth: 8)
      let single = AttentionProblem(queries: 65, keys: 130, d: 5, dv: 7)
      var half = single
      half.type = .fp16
      let wide = try recorded(Plan(kernel, .attention(single), mapping, testDevice()))
      let narrow = try recorded(Plan(kernel, .attention(half), mapping, testDevice()))
      #expect(wide.keys == narrow.keys)
      for (name, bytes) in wide {
        let factor = ["m", "l", "L"].contains(name) ? 1 : 2
        #expect(bytes.readBytes == factor * narrow[name]!.readBytes, "\(kernel.name) \(name)")
        #expect(bytes.writeBytes == factor * narrow[name]!.writeBytes, "\(kernel.name) \(name)")
      }
    }
  }

  @Test("FlashAttention moves (3Tc + 1)·N·d elements of Q, K, V and O")
  func paperFigure() throws {
    for (n, columns) in [(64, 16), (60, 7), (64, 64)] {
      let plan = try Plan(
        Catalogue["flash-attention"], .attention(AttentionProblem(queries: n, d: 8)),
        Mapping(rows: 16, columns: columns, depth: 8), testDevice())
      let moved = try recorded(plan)
      let elements = ["Q", "K", "V", "O"].map { moved[$0]!.bytes / 4 }.reduce(0, +)
      let tc = (n + columns - 1) / columns
      #expect(elements == (3 * tc + 1) * n * 8)
    }
  }

  @Test("of matrix products: 2mnk without reuse, mk⌈n/bn⌉ + kn⌈m/bm⌉ with tiles")
  func matmul() throws {
    for (m, n, k) in [(6, 6, 9), (1, 1, 1), (17, 5, 13), (7, 20, 3)] {
      for (bm, bn, bk) in [(3, 3, 3), (4, 2, 8), (16, 16, 16)] {
        for type in [DataType.fp32, .fp16] {
          let problem = Problem.matmul(MatmulProblem(m: m, n: n, k: k, type: type))
          let mapping = Mapping(rows: bm, columns: bn, depth: bk)
          let out = Transfers(writeBytes: m * n * type.bytes)
          let naive = try Plan(Catalogue["naive-matmul"], problem, mapping, testDevice())
          let reads = Transfers(readBytes: m * n * k * type.bytes)
          #expect(try recorded(naive) == ["A": reads, "B": reads, "C": out])
          let tiled = try Plan(Catalogue["tiled-matmul"], problem, mapping, testDevice())
          let a = m * k * ((n + bn - 1) / bn)
          let b = k * n * ((m + bm - 1) / bm)
          #expect(
            try recorded(tiled) == [
              "A": Transfers(readBytes: a * type.bytes), "B": Transfers(readBytes: b * type.bytes),
              "C": out,
            ])
          for plan in [naive, tiled] {
            let promised = plan.traffic.map { ($0.tensor, $0.transfers) }
            #expect(try recorded(plan) == Dictionary(uniqueKeysWithValues: promised))
          }
        }
      }
    }
  }

  @Test(
    "Every tensor of a program has its closed form, and no other",
    arguments: Catalogue.kernels.map(\.name))
  func everyTensor(name: String) throws {
    let kernel = try #require(Catalogue.kernel(named: name))
    let problem: Problem =
      kernel.isMatmul
      ? .matmul(MatmulProblem(m: 8, n: 8, k: 8))
      : .attention(
        AttentionProblem(
          queries: 8, d: 4,
          maskRule: kernel.text.hasSights || kernel.text.isSelfAttention
            ? .none : .table(Matrix(rows: 8, columns: 8, repeating: 1)),
          bias: kernel.text.isSelfAttention ? nil : Matrix(rows: 8, columns: 8)))
    guard kernel.text.statesMoves else {
      // Only where each line is a launch, the text does without.
      #expect(kernel.text.isApproximate)
      return
    }
    let plan = try Plan(kernel, problem, Mapping(tile: 4), testDevice())
    let moved = plan.program.tensors.filter { $0.role != .statistic }.map(\.name)
    #expect(Set(plan.traffic.map(\.tensor)) == Set(moved))
    for traffic in plan.traffic {
      #expect((traffic.reads == 0) || !traffic.readFormula.isEmpty, "\(traffic.tensor)")
      #expect((traffic.writes == 0) || !traffic.writeFormula.isEmpty, "\(traffic.tensor)")
    }
  }
}
