// One run of a lesson: a kernel, a problem and tiles, by the words of the command line.

import Kernels
import Machine

/// Reads a run's description and carries it out.
struct RunReader {
  private let name: String
  let entries: YamlMapping
  private let all: YamlMapping
  private let device: String

  private static let keys = [
    "kernel", "device", "n", "kv", "d", "dv", "batch", "heads", "kv-heads", "dtype", "scale",
    "softcap", "mask", "seed", "sample", "tile", "tile-rows", "tile-cols", "tile-depth", "stages",
    "pass", "dropout", "d-inline", "splits", "timing-only", "values",
    "m", "k",
  ]

  init(_ all: YamlMapping, _ name: String, device: String) throws(FileError) {
    self.name = name
    self.all = all
    self.device = device
    entries = try all.mapping(name, allowed: Self.keys)
  }

  /// A run that is still to be carried out.
  enum Outcome {
    case recorded(PlannedRecording)
    case timed(TimedRun.Planned)
  }

  /// Everything is checked; nothing has been simulated. Its cost is taken off the budget.
  func plan(within budget: inout LessonBudget) throws(FileError) -> Outcome {
    let kernel = try kernel()
    let device = try self.chosenDevice()
    let keeps = try kept()
    var data = try data(for: kernel)
    let seed = try integer("seed", 1, in: 0...(1 << 53))
    if data.origin.isEmpty { data.origin = "seed \(seed)" }
    let mapping = try mapping(kernel, data.problem, device)
    try checkSize(data.problem, mapping, keeps)
    let plan: Plan
    do { plan = try Plan(kernel, data.problem, mapping, device) } catch {
      throw fault(error, device)
    }
    let cost =
      keeps == .figures
      ? LessonBudget.Cost(timing: plan)
      : LessonBudget.Cost(recording: plan, hasValues: keeps == .values)
    if let reason = budget.take(cost) { throw all.fault(name, reason) }
    switch keeps {
    case .figures: return .timed(TimedRun.Planned(name: name, plan: plan))
    case .events: return .recorded(PlannedRecording(name: name, plan: plan))
    case .values:
      return .recorded(
        PlannedRecording(
          name: name, plan: plan, seed: UInt64(seed), inputs: data.inputs, tokens: data.tokens,
          origin: data.origin))
    }
  }

  func fault(_ error: PlanError, _ device: Device) -> FileError {
    all.fault(name, Self.message(error, device))
  }

  /// What of a run the lesson keeps.
  private enum Kept { case values, events, figures }

  private func kept() throws(FileError) -> Kept {
    let isTimed = entries.has("timing-only") ? try entries.flag("timing-only") : false
    guard entries.has("values") else { return isTimed ? .figures : .values }
    guard !isTimed else { throw entries.fault("values", "a timing-only run has neither") }
    return try entries.flag("values") ? .values : .events
  }

  // MARK: Kernel and device

  private func kernel() throws(FileError) -> any Kernel {
    let name = try entries.text("kernel")
    if let kernel = Catalogue.kernel(named: name) ?? Faults.kernel(named: name) { return kernel }
    let names = Catalogue.kernels.map(\.name)
    throw entries.fault(
      "kernel",
      "found \(quoted(name))\(suggestion(for: name, in: names)); the kernels are "
        + names.joined(separator: ", "))
  }

  private func chosenDevice() throws(FileError) -> Device {
    let name = entries.has("device") ? try entries.text("device") : device
    do { return try DeviceLibrary.find(name).device } catch {
      throw entries.has("device")
        ? entries.fault("device", error.message) : all.fault(self.name, error.message)
    }
  }

  private static func message(_ error: PlanError, _ device: Device) -> String {
    switch error {
    case .wrongFamily(let kernel): "\(kernel) is for another kind of problem"
    case .stalled(let launch, let left):
      "launch \(launch) stopped with \(left) blocks left to run"
    case .outOfMemory(let needed, let available):
      "the tensors take \(bytesText(needed)) of HBM, \(device.name) has \(bytesText(available))"
    case .doesNotFit(let error, let largest):
      "the tiles do not fit in SRAM: \(bytesText(error.needed.shared + error.needed.registers)) needed, "
        + "\(bytesText(error.available.shared + error.available.registers)) there"
        + (largest.map { "; the largest square tile that fits is \($0)" } ?? "")
    }
  }

  // MARK: Problem

  private typealias RunData = (
    problem: Problem, inputs: [String: Matrix]?, tokens: [String], origin: String
  )

  private func data(for kernel: any Kernel) throws(FileError) -> RunData {
    guard kernel is any MatmulKernel else {
      try refuse(["m", "k", "tile-depth"], "attention")
      return try attention()
    }
    let foreign = [
      "kv", "d", "dv", "batch", "heads", "kv-heads", "scale", "softcap", "mask", "sample", "pass",
      "dropout", "d-inline", "splits",
    ]
    try refuse(foreign, "a product")
    return (.matmul(try matmul()), nil, [], "")
  }

  func integer(
    _ key: String, _ standard: Int, in range: ClosedRange<Int> = 1...(1 << 20)
  ) throws(FileError) -> Int {
    entries.has(key) ? try entries.integer(key, in: range) : standard
  }

  private func refuse(_ keys: [String], _ family: String) throws(FileError) {
    for key in keys where entries.has(key) {
      throw entries.fault(key, "means nothing to \(family)")
    }
  }

  private func type() throws(FileError) -> DataType {
    guard entries.has("dtype") else { return .fp32 }
    let name = try entries.text("dtype")
    guard let type = DataType(rawValue: name), type != .uint8 else {
      throw entries.fault("dtype", "found \(quoted(name)), expected fp32, fp16 or bf16")
    }
    return type
  }

  private func matmul() throws(FileError) -> MatmulProblem {
    MatmulProblem(
      m: try integer("m", 6), n: try integer("n", 6), k: try integer("k", 9), type: try type())
  }

  private func attention() throws(FileError) -> RunData {
    guard entries.has("sample") else { return (.attention(try refined(fromSizes())), nil, [], "") }
    let name = try entries.text("sample")
    let sample: Sample
    do { sample = try SampleLibrary.find(name) } catch {
      throw entries.fault("sample", error.message)
    }
    for key in ["n", "kv", "d", "dv", "batch", "heads", "kv-heads"] where entries.has(key) {
      throw entries.fault(key, "the sample \(name) brings its own sizes")
    }
    let problem = AttentionProblem(
      queries: sample.q.rows, keys: sample.k.rows, d: sample.q.columns, dv: sample.v.columns,
      scale: sample.scale)
    let inputs = ["Q": sample.q, "K": sample.k, "V": sample.v, "dO": sample.dO]
    return (.attention(try refined(problem)), inputs, sample.tokens, "sample \(name)")
  }

  private func fromSizes() throws(FileError) -> AttentionProblem {
    let (n, d) = (try integer("n", 64), try integer("d", 8))
    let heads = try integer("heads", 1)
    let keyValueHeads = try integer("kv-heads", heads)
    guard heads.isMultiple(of: keyValueHeads) else {
      throw entries.fault("kv-heads", "found \(keyValueHeads), expected a divisor of \(heads)")
    }
    return AttentionProblem(
      queries: n, keys: try integer("kv", n), d: d, dv: try integer("dv", d),
      batch: try integer("batch", 1), heads: heads, keyValueHeads: keyValueHeads)
  }

  private func refined(_ problem: AttentionProblem) throws(FileError) -> AttentionProblem {
    var problem = problem
    problem.type = try type()
    try setPass(&problem)
    if entries.has("scale") { problem.scale = try entries.number("scale") }
    if entries.has("softcap") {
      let cap = try entries.number("softcap")
      guard cap > 0 else { throw entries.fault("softcap", "expected a number above 0") }
      problem.softcap = cap
    }
    if entries.has("mask") {
      let text = try entries.text("mask")
      guard let rule = Mask.Rule(text, keys: problem.keys) else {
        let names = Mask.Rule.names
        throw entries.fault(
          "mask",
          "found \(quoted(text))\(suggestion(for: text, in: names)), expected "
            + names.joined(separator: ", "))
      }
      problem.maskRule = rule
    }
    return problem
  }

  private func setPass(_ problem: inout AttentionProblem) throws(FileError) {
    let names = Pass.allCases.map(\.rawValue)
    if entries.has("pass") {
      let name = try entries.text("pass")
      guard let pass = Pass(rawValue: name) else {
        throw entries.fault(
          "pass",
          "found \(quoted(name))\(suggestion(for: name, in: names)), expected "
            + names.joined(separator: ", "))
      }
      problem.pass = pass
    }
    if entries.has("d-inline") { problem.computesDeltaInline = try entries.flag("d-inline") }
    guard entries.has("dropout") else { return }
    let share = try entries.number("dropout")
    guard (0..<1).contains(share) else {
      throw entries.fault("dropout", "found \(share), expected a share from 0 to below 1")
    }
    let seed = try integer("seed", 1, in: 0...(1 << 53))
    problem.dropout =
      share == 0
      ? nil : Dropout(probability: share, seed: UInt64(seed), heads: problem.heads)
  }

  // MARK: Size

  /// A lesson must open at once.
  private func checkSize(
    _ problem: Problem, _ mapping: Mapping, _ keeps: Kept
  ) throws(FileError) {
    let steps = problem.tileSteps(mapping)
    let most = keeps == .figures ? (mapping.isAsLaunched ? 0x1p24 : 40_000) : 20_000
    guard steps <= most else {
      throw all.fault(
        name,
        "too large for a lesson: \(Quantity(steps).text) tile steps, at most \(grouped(Int(most)))")
    }
    // More than a petabyte is in no device's HBM, and cannot be counted in bytes.
    let elements = keeps == .values ? 4e6 : 1e15
    guard problem.elements > elements else { return }
    throw all.fault(
      name,
      "too large for a lesson: \(Quantity(problem.elements).text) elements, at most "
        + Quantity(elements).text + (keeps == .values ? "; values: false keeps none" : ""))
  }
}

/// A run that the screen can play, before it is simulated.
struct PlannedRecording {
  var name: String
  var plan: Plan
  /// Of its inputs where none are given; nil for events without values.
  var seed: UInt64?
  var inputs: [String: Matrix]?
  var tokens: [String] = []
  var origin = ""

  func record() throws(PlanError) -> CompletedRun {
    guard let seed else { return try CompletedRun(name: name, plan, inputs: nil) }
    return try CompletedRun(
      name: name, plan, inputs: inputs ?? plan.problem.seededInputs(seed), tokens: tokens,
      origin: origin)
  }
}
