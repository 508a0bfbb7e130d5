// Makes the problem of a request (sizes, format, scale, mask, bias, pass and dropout) and checks
// each option.

import Kernels
import Library
import Machine

extension RunRequest {
  func problem(for kernel: Kernel) throws(Refusal) -> Problem {
    kernel.isMatmul ? .matmul(try matmulProblem()) : .attention(try attentionProblem())
  }

  /// The default is the example of the lecture, 6 × 9 by 9 × 6.
  private func matmulProblem() throws(Refusal) -> MatmulProblem {
    let type = try dataType() ?? .fp32
    if case .matmul(var problem)? = data?.problem {
      problem.type = type
      return problem
    }
    return MatmulProblem(
      m: try positive(.m, 6), n: try positive(.n, 6), k: try positive(.k, 9), type: type)
  }

  private func attentionProblem() throws(Refusal) -> AttentionProblem {
    var problem = try sizedProblem()
    if let type = try dataType() { problem.type = type }
    try refine(&problem)
    try setPass(&problem)
    try setDropout(&problem)
    return problem
  }

  /// An attention problem with nothing set but its sizes, which are those requested or those of the
  /// data.
  /// - Throws: where a size is impossible, or differs from the data's.
  package func sizedProblem() throws(Refusal) -> AttentionProblem {
    guard case .attention(let problem)? = data?.problem else { return try fromSizes() }
    try checkUnchanged(problem)
    return problem
  }

  private func fromSizes() throws(Refusal) -> AttentionProblem {
    let heads = try positive(.heads, 1)
    let keyValueHeads = try positive(.keyValueHeads, heads)
    guard heads.isMultiple(of: keyValueHeads) else {
      throw Refusal(
        .keyValueHeads, found: .number("\(keyValueHeads)"),
        "expected a divisor of the \(heads) query heads")
    }
    let (n, d) = (try positive(.n, 64), try positive(.d, 8))
    return AttentionProblem(
      queries: n, keys: try positive(.kv, n), d: d, dv: try positive(.dv, d),
      batch: try positive(.batch, 1), heads: heads, keyValueHeads: keyValueHeads)
  }

  /// Sizes that the data determines may be repeated in the request, but not changed.
  private func checkUnchanged(_ problem: AttentionProblem) throws(Refusal) {
    let sizes: [(RunOption, Int)] = [
      (.n, problem.queries), (.kv, problem.keys), (.d, problem.d), (.dv, problem.dv),
      (.batch, problem.batch), (.heads, problem.heads), (.keyValueHeads, problem.keyValueHeads),
    ]
    for (option, actual) in sizes {
      guard let wanted = numbers[option], wanted != actual else { continue }
      throw Refusal(option, found: .number("\(wanted)")) { [sample = data?.sample] dialect in
        sample.map { "\(dialect.text(.sample, $0)) says \(actual)" } ?? "the files say \(actual)"
      }
    }
  }

  /// Sets scale, softcap, mask and bias.
  private func refine(_ problem: inout AttentionProblem) throws(Refusal) {
    if let scale = decimals[.scale] {
      guard scale.isFinite else {
        throw Refusal(.scale, found: .number("\(scale)"), "expected a finite number")
      }
      problem.scale = scale
    }
    if let cap = decimals[.softcap] {
      guard cap.isFinite, cap > 0 else {
        throw Refusal(.softcap, found: .number("\(cap)"), "expected a number above 0")
      }
      problem.softcap = cap
    }
    if let maskTable {
      problem.maskRule = .table(maskTable)
    } else if let text = words[.mask] {
      problem.maskRule = try maskRule(text, keys: problem.keys)
    }
    problem.bias = bias
  }

  private func maskRule(_ text: String, keys: Int) throws(Refusal) -> Mask.Rule {
    if let rule = Mask.Rule(text, keys: keys) { return rule }
    if text.hasPrefix("padding:") {
      throw Refusal(
        .mask, found: .word(text, candidates: []),
        "expected padding:LEN with LEN from 0 to \(keys) keys")
    }
    let names = Mask.Rule.names
    throw Refusal(.mask, found: .word(text, candidates: names)) { dialect in
      "expected \(names.joined(separator: ", "))"
        + (dialect == .commandLine ? " or a .npy file" : "")
    }
  }

  private func setPass(_ problem: inout AttentionProblem) throws(Refusal) {
    if let name = words[.pass] {
      let names = Pass.allCases.map(\.rawValue)
      guard let pass = Pass(rawValue: name) else {
        throw Refusal(
          .pass, found: .word(name, candidates: names),
          "expected \(names.joined(separator: ", "))")
      }
      problem.pass = pass
    }
    problem.computesDeltaInline = computesDeltaInline
    let isMisplaced: [RunOption: Bool] = [
      .computesDeltaInline: computesDeltaInline, .dO: paths[.dO] != nil,
    ]
    for option in [RunOption.computesDeltaInline, .dO]
    where isMisplaced[option]! && !problem.hasBackward {
      throw Refusal(option) { dialect in
        "is for a backward pass: add \(dialect.text(.pass, "backward")) or both"
      }
    }
  }

  private func setDropout(_ problem: inout AttentionProblem) throws(Refusal) {
    guard let share = decimals[.dropout], share != 0 else { return }
    guard share > 0, share < 1 else {
      throw Refusal(
        .dropout, found: .number("\(share)"), "expected a share from 0 to below 1")
    }
    problem.dropout = Dropout(probability: share, seed: seed ?? 1, heads: problem.heads)
  }
}
