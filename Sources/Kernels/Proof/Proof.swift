// The proof of a kernel's text on small problems: its traffic is what its closed forms state, every
// output is written, and no two blocks of a launch race.

import Machine
import Notation

extension Kernel {
  /// Checks the text without running it.
  /// - Returns: warnings.
  /// - Throws: `Diagnostic` for the first error.
  package func check(on device: Device) throws(Diagnostic) -> [Diagnostic] {
    let problem: Problem =
      isMatmul
      ? .matmul(MatmulProblem(m: 5, n: 7, k: 9))
      : .attention(
        AttentionProblem(
          queries: text.isSelfAttention ? 7 : 5, keys: 7, d: 3, dv: 2, heads: 2, keyValueHeads: 1))
    guard let setting = setting(problem, Mapping(rows: 2, columns: 3, depth: 4), device) else {
      return []
    }
    return try text.check(setting)
  }

  /// Checks the text and runs it on small problems of every kind, up to the first error.
  package func proof(on device: Device) -> Proof {
    var proof = Proof()
    for kernel in choices(of: self) {
      do throws(Diagnostic) {
        let warnings = try kernel.check(on: device)
        proof.warnings += warnings.filter { !proof.warnings.contains($0) }
      } catch {
        proof.diagnostics = [error]
        return proof
      }
      for (problem, mapping) in isMatmul ? Self.products : attentions {
        guard proof.diagnostics.isEmpty else { break }
        proof.add(kernel, problem, mapping, device)
      }
    }
    return proof
  }

  /// The kernel with each choice of each of its options.
  private func choices(of kernel: Kernel) -> [Kernel] {
    [kernel]
      + kernel.options.flatMap { option -> [Kernel] in
        guard case .choice(let words, _) = option.meaning else { return [] }
        return words.dropFirst().map { kernel.with([option.name: .word($0)]) }
      }
  }

  /// Matrix products with ragged tiles, single elements, and tiles larger than the matrix.
  private static let products: [(Problem, Mapping)] = [
    (5, 7, 9, 2, 3, 4), (1, 1, 1, 1, 1, 1), (8, 8, 8, 4, 4, 4), (3, 10, 6, 8, 5, 7),
    (12, 5, 7, 5, 2, 3),
  ].map { sizes in
    (
      .matmul(MatmulProblem(m: sizes.0, n: sizes.1, k: sizes.2)),
      Mapping(rows: sizes.3, columns: sizes.4, depth: sizes.5)
    )
  }

  /// Attention problems with ragged tiles, all masks, heads that share K and V, two formats and all
  /// passes.
  private var attentions: [(Problem, Mapping)] {
    var result: [(Problem, Mapping)] = []
    let rules: [Mask.Rule] = [
      .none, .causal, .window(left: 2, right: 1), .padding(length: 3), .table(Self.table),
    ]
    for (number, rule) in rules.enumerated() where takes(rule) {
      for pass in hasBackwardPass ? Pass.allCases : [.forward] {
        var problem = AttentionProblem(
          queries: text.isSelfAttention ? 11 : 13, keys: 11, d: 4, dv: 3, heads: 4,
          keyValueHeads: number % 2 == 0 ? 4 : 2,
          maskRule: rule)
        problem.pass = pass
        result.append((.attention(problem), Mapping(rows: 4, columns: 3, depth: 2)))
        problem.type = .fp16
        if hasDropout { problem.dropout = Dropout(probability: 0.25, seed: 3, heads: 4) }
        if text.masks == nil { problem.softcap = 3 }
        result.append((.attention(problem), Mapping(rows: 2, columns: 5, depth: 3)))
      }
    }
    for (n, nk) in [(1, 1), (1, 9), (16, 16), (9, 1)] where n == nk || !text.isSelfAttention {
      result.append(
        (
          .attention(AttentionProblem(queries: n, keys: nk, d: 2)),
          Mapping(rows: 4, columns: 4, depth: 4)
        ))
    }
    return result
  }

  /// Whether a mask rule goes with the kernel's definition.
  private func takes(_ rule: Mask.Rule) -> Bool {
    if case .table = rule, text.hasSights { return false }
    return rule == .none || text.masks?.contains(rule.text) ?? true
  }

  /// A mask table that hides some pairs, and some rows and columns entirely.
  private static let table = Matrix(
    rows: 13, columns: 11,
    values: (0..<13 * 11).map { index in
      let (row, column) = (index / 11, index % 11)
      return row == 5 || (8...11).contains(row) || column == 4 || (row * 7 + column * 3) % 5 < 2
        ? 0 : 1
    })
}

/// The result of checking a kernel and running it on small problems.
package struct Proof: Sendable {
  /// The errors; empty if the kernel has passed.
  package var diagnostics: [Diagnostic] = []
  package var warnings: [Diagnostic] = []
  /// The number of problems without an error.
  package var problems = 0
  /// The largest absolute deviation from exact attention, or an exact product, in fp32; nil if the
  /// kernel computes something else.
  package var largestError: Double?

  package init() {}

  fileprivate mutating func add(
    _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
  ) {
    do {
      let plan = try Plan(kernel, problem, mapping, device)
      guard plan.iterations < 1e6 else {
        diagnostics.append(
          Diagnostic(
            kernel.text.firstLoopPlace,
            "the loops of a block have \(Int(plan.iterations / 1e6 + 1)) million iterations, already with \(Self.words(plan))"
          ))
        return
      }
      let inputs = problem.seededInputs(1)
      let recording = try plan.record(inputs: inputs)
      diagnostics += Accesses(recording).diagnostics(kernel)
      if diagnostics.isEmpty { diagnostics += misstatements(plan, recording) }
      if diagnostics.isEmpty { problems += 1 }
      note(plan, recording, inputs)
    } catch {
      switch error {
      case .wrongText(_, let diagnostic): diagnostics.append(diagnostic)
      case .doesNotFit(let error, _):
        diagnostics.append(
          Diagnostic(
            kernel.text.launchPlace(error.launch),
            "launch \(error.launch) does not fit on \(device.name), not even with tiles of \(mapping.rows) × \(mapping.columns)"
          ))
      case .outOfMemory(let needed, let available):
        diagnostics.append(
          Diagnostic(
            SourcePosition(line: 1, column: 1),
            "the tensors take \(bytesText(needed)) of HBM, \(device.name) has \(bytesText(available))"
          ))
      default:
        diagnostics.append(
          Diagnostic(
            SourcePosition(line: 1, column: 1),
            "this takes too long to try out, already with \(Self.words(problem, mapping))"))
      }
    }
  }

  private mutating func note(_ plan: Plan, _ recording: Recording, _ inputs: [String: Matrix]) {
    let isExact =
      switch plan.problem {
      case .attention(let problem): problem.type == .fp32
      case .matmul: true
      }
    guard isExact, let error = ExactOutput(plan, inputs: inputs).error(of: recording),
      error.compared > 0
    else { return }
    largestError = max(
      largestError ?? 0, error.nonFiniteMismatches > 0 ? .infinity : error.maxAbsolute)
  }

  /// The diagnostic for the first tensor whose traffic differs from its closed form; empty if there
  /// is none.
  private func misstatements(_ plan: Plan, _ recording: Recording) -> [Diagnostic] {
    let traffic = plan.traffic
    guard !traffic.isEmpty else { return [] }
    for (tensor, moved) in zip(plan.program.tensors, recording.totals.tensors) {
      let stated = traffic.first { $0.tensor == tensor.name }
      let expected = stated?.transfers ?? Transfers()
      guard expected != moved else { continue }
      let place = plan.kernel.text.movesPlace(of: tensor.name)
      let size = tensor.type.bytes
      guard let stated else {
        return [
          Diagnostic(
            place,
            "moves says nothing of \(tensor.name), of which the run reads \(moved.readBytes / size) elements and writes \(moved.writeBytes / size); \(Self.words(plan))"
          )
        ]
      }
      let (word, formula, says, runs) =
        expected.readBytes != moved.readBytes
        ? ("reads", stated.readFormula, expected.readBytes, moved.readBytes)
        : ("writes", stated.writeFormula, expected.writeBytes, moved.writeBytes)
      return [
        Diagnostic(
          place,
          "moves says \(tensor.name) \(word) \(formula.isEmpty ? "nothing" : formula), \(says / size) elements, and the run \(word) \(runs / size); \(Self.words(plan))"
        )
      ]
    }
    return []
  }

  /// The sizes of a problem as a message shows them.
  private static func words(_ plan: Plan) -> String { words(plan.problem, plan.mapping) }

  private static func words(_ problem: Problem, _ mapping: Mapping) -> String {
    switch problem {
    case .matmul(let p): return "m \(p.m), n \(p.n), k \(p.k)"
    case .attention(let p):
      let mask = p.maskRule == .none ? "" : ", mask \(p.maskRule.text)"
      return
        "N \(p.queries), Nk \(p.keys), d \(p.d), dv \(p.dv), \(p.heads) heads, tiles \(mapping.rows) × \(mapping.columns), pass \(p.pass.rawValue)\(mask)"
    }
  }
}
