// Bytes of the kernels whose traffic no paper prints, counted from what their launches are said to
// do: a framework's operations each read and write whole matrices; FlashAttention-3's blocks are
// those of FlashAttention-2, as tall, or as wide, as all of their groups.

import Kernels
import Machine
import Testing

@Suite("Traffic of a framework's launches and of FlashAttention-3")
struct LaterTrafficTests {
  private func check(
    _ kernel: Kernel, _ problem: AttentionProblem, _ mapping: Mapping,
    _ literal: [String: Elements]
  ) throws {
    let plan = try Plan(kernel, .attention(problem), mapping, testDevice())
    let pairs = zip(plan.program.tensors, try plan.totals().tensors).map { ($0.name, $1) }
    let moved = Dictionary(uniqueKeysWithValues: pairs).filter { $0.value.bytes > 0 }
    let promised = Dictionary(uniqueKeysWithValues: plan.traffic.map { ($0.tensor, $0.transfers) })
    let counted = literal.filter { $0.value != Elements() }.map { name, elements in
      let width = literalWidth(name, problem.type)
      return (
        name, Transfers(readBytes: elements.reads * width, writeBytes: elements.writes * width)
      )
    }
    let what = Comment(rawValue: "\(kernel.name) \(problem) \(mapping)")
    #expect(moved == promised.filter { $0.value.bytes > 0 }, what)
    #expect(moved == Dictionary(uniqueKeysWithValues: counted), what)
  }

  @Test("Where rows are split, every part fetches the keys that its rows see", arguments: 1...5)
  func splits(count: Int) throws {
    for rule in [Mask.Rule.none, .causal, .window(left: 9, right: 2), .padding(length: 21)] {
      for pass in [Pass.forward, .both] {
        let problem = AttentionProblem(
          queries: 43, keys: 37, d: 8, heads: 3, keyValueHeads: 1, maskRule: rule
        ).going(pass)
        var mapping = Mapping(rows: 4, columns: 8, depth: 8)
        mapping.splits = count
        let plan = try Plan(
          Catalogue["flash-attention"], .attention(problem), mapping, testDevice())
        let pairs = zip(plan.program.tensors, try plan.totals().tensors).map { ($0.name, $1) }
        let moved = Dictionary(uniqueKeysWithValues: pairs)
        for promised in plan.traffic {
          #expect(
            moved[promised.tensor] == promised.transfers, "\(promised.tensor) \(rule) \(pass)")
        }
      }
    }
  }

  /// Per launch of the framework: what it reads and writes, in elements.
  /// - Parameter isFilled: whether scores are hidden by masked_fill.
  private func literalEager(_ p: AttentionProblem, _ mapping: Mapping, isFilled: Bool)
    -> [String: Elements]
  {
    let (n, nk, d, dv) = (p.queries, p.keys, p.d, p.dv)
    let (heads, keyHeads) = (p.batch * p.heads, p.batch * p.keyValueHeads)
    let tr = (n + mapping.rows - 1) / mapping.rows
    let tc = (nk + mapping.columns - 1) / mapping.columns
    let area = heads * n * nk
    var result: [String: Elements] = [:]
    func launch(_ reads: [String: Int], _ writes: [String: Int]) {
      for (name, count) in reads { result[name, default: Elements()].reads += count }
      for (name, count) in writes { result[name, default: Elements()].writes += count }
    }
    let isTable = if case .table = p.maskRule { true } else { false }
    let weights = p.dropout == nil ? "P" : "Pd"
    if p.pass != .backward {
      launch(["Q": heads * n * d], ["Qc": heads * n * d])
      launch(["K": keyHeads * nk * d], ["Kc": keyHeads * nk * d])
      launch(["V": keyHeads * nk * dv], ["Vc": keyHeads * nk * dv])
      launch(["Qc": heads * tc * n * d, "Kc": heads * tr * nk * d], ["S": area])
      if p.maskRule != .none || p.bias != nil || p.softcap != nil {
        launch(
          ["S": area, "bias": p.bias == nil ? 0 : area, "mask": isTable ? area : 0], ["S": area])
      }
      launch(["S": area], ["P": area])
      if p.dropout != nil { launch(["P": area], ["Pd": area, "Z": area]) }
      launch([weights: area, "Vc": heads * tr * nk * dv], ["O": heads * n * dv])
    }
    guard p.pass != .forward else { return result }
    launch(["dO": heads * n * dv], ["dO": heads * n * dv])
    launch([weights: area, "dO": heads * tc * n * dv], ["dV": keyHeads * nk * dv])
    launch(["dO": heads * tc * n * dv, "V": heads * tr * nk * dv], ["dP": area])
    if p.dropout != nil { launch(["dP": area, "Z": area], ["dP": area]) }
    let isCapped = p.softcap != nil
    launch(["P": area, "dP": area], ["G": area])
    launch(
      [
        "P": area, "G": area, "S": isCapped ? area : 0,
        "bias": isCapped && p.bias != nil ? area : 0,
      ], ["dS": area])
    if isFilled, p.maskRule != .none {
      for _ in ["clone", "fill"] { launch(["dS": area], ["dS": area]) }
    }
    launch(["dS": area, "Kc": heads * tr * nk * d], ["dQ": heads * n * d])
    launch(["dS": area, "Q": heads * tc * n * d], ["dK": keyHeads * nk * d])
    for (name, count) in [
      ("dQ", heads * n * d), ("dK", keyHeads * nk * d), ("dV", keyHeads * nk * dv),
    ] {
      launch([name: count], [name: count])
    }
    return result
  }

  /// Forward: K and V once per block of all groups' rows, a bias or a mask tile by tile of a group.
  /// Backward: Q, dO, L and D once per block of all groups' columns, the rest group by group.
  private func literalFlashAttention3(
    _ p: AttentionProblem, _ mapping: Mapping
  ) -> [String: Elements] {
    let heads = p.batch * p.heads
    var group = mapping
    group.rows = (mapping.rows + 1) / 2
    var tall = mapping
    tall.rows = 2 * group.rows
    var wide = group
    wide.columns = 2 * mapping.columns
    func sum(_ mapping: Mapping, _ figure: (SeenTiles) -> Int) -> Int {
      let sees = literalVisibility(p)
      return (0..<heads).map { figure(SeenTiles(p, mapping, plane: $0, sees: sees)) }
        .reduce(0, +)
    }
    let isTable = if case .table = p.maskRule { true } else { false }
    var result: [String: Elements] = [:]
    if p.pass != .backward {
      result["Q"] = Elements(reads: heads * p.queries * p.d)
      result["K"] = Elements(reads: sum(tall, \.columns) * p.d)
      result["V"] = Elements(reads: sum(tall, \.columns) * p.dv)
      result["O"] = Elements(writes: heads * p.queries * p.dv)
      result["L"] = Elements(writes: heads * p.queries)
      if p.bias != nil { result["bias"] = Elements(reads: sum(group, \.area)) }
      if isTable { result["mask"] = Elements(reads: sum(group, \.mixedArea)) }
    }
    guard p.pass != .forward else { return result }
    func add(_ name: String, reads: Int = 0, writes: Int = 0) {
      result[name, default: Elements()].reads += reads
      result[name, default: Elements()].writes += writes
    }
    let keys = p.batch * p.keyValueHeads * p.keys
    let (rows, visits) = (sum(wide, \.rows), sum(group, \.rows))
    add("O", reads: heads * p.queries * p.dv)
    add("dO", reads: heads * p.queries * p.dv + rows * p.dv)
    add("D", reads: rows, writes: heads * p.queries)
    add("L", reads: rows)
    add("Q", reads: rows * p.d)
    add("K", reads: keys * p.d)
    add("V", reads: keys * p.dv)
    add("dQ", reads: visits * p.d, writes: visits * p.d)
    add("dK", writes: keys * p.d)
    add("dV", writes: keys * p.dv)
    if p.bias != nil { add("bias", reads: (p.softcap == nil ? 1 : 2) * sum(group, \.area)) }
    if isTable { add("mask", reads: sum(group, \.mixedArea)) }
    return result
  }

  private static let table = Matrix(
    rows: 33, columns: 40,
    values: (0..<33 * 40).map { ($0 / 40 >= 16 && $0 % 40 < 24) || $0 % 7 == 0 ? 0 : 1 })

  static let problems: [AttentionProblem] =
    GradientTrafficTests.plain + [
      AttentionProblem(queries: 40, keys: 70, d: 5, dv: 3, heads: 2, maskRule: .causal),
      AttentionProblem(
        queries: 70, keys: 70, d: 5, heads: 4, keyValueHeads: 2,
        maskRule: .window(left: 9, right: 2)),
      AttentionProblem(queries: 33, keys: 40, d: 4, type: .fp16, maskRule: .table(table)),
      AttentionProblem(
        queries: 33, keys: 40, d: 4, batch: 2, heads: 2, maskRule: .causal,
        bias: Matrix(planes: 2, rows: 33, columns: 40, repeating: 1)),
      AttentionProblem(
        queries: 33, keys: 40, d: 4, heads: 2, softcap: 3,
        bias: Matrix(rows: 33, columns: 40, repeating: 1)),
    ]

  @Test("equals the closed forms and a count of tiles", arguments: problems)
  func equal(problem: AttentionProblem) throws {
    for mapping in GradientTrafficTests.mappings {
      for pass in Pass.allCases {
        for dropout in [nil, 0.1] {
          let problem = problem.going(pass, dropout: dropout)
          for word in ["add", "fill"] {
            try check(
              Catalogue["eager-attention"].with(["masking": .word(word)]), problem, mapping,
              literalEager(problem, mapping, isFilled: word == "fill"))
          }
          try check(
            Catalogue["flash-attention-3"], problem, mapping,
            literalFlashAttention3(problem, mapping))
        }
      }
    }
  }

  @Test(
    "FlashAttention-3 reads no keys that nobody sees",
    arguments: [Mask.Rule.padding(length: 19), .padding(length: 0), .causal])
  func hiddenKeys(rule: Mask.Rule) throws {
    for (n, nk) in [(65, 65), (70, 40), (1, 33)] {
      let problem = AttentionProblem(queries: n, keys: nk, d: 5, dv: 3, heads: 2, maskRule: rule)
      for pass in Pass.allCases {
        for mapping in GradientTrafficTests.mappings {
          let plan = try Plan(
            Catalogue["flash-attention-3"], .attention(problem.going(pass)), mapping, testDevice())
          let moved = zip(plan.program.tensors, try plan.totals().tensors).map { ($0.name, $1) }
          let promised = plan.traffic.map { ($0.tensor, $0.transfers) }
          #expect(
            Dictionary(uniqueKeysWithValues: moved).filter { $0.value.bytes > 0 }
              == Dictionary(uniqueKeysWithValues: promised).filter { $0.value.bytes > 0 },
            "\(rule) \(n) \(nk) \(pass) \(mapping)")
        }
      }
    }
  }
}
