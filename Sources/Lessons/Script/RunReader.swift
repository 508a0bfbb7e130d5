// Reads one run in the front matter of a lesson: a kernel, a problem and tiles, with the names of
// the command line's options.

import Kernels
import Library
import Machine
import Runs

/// Reads the description of one run.
struct RunReader {
  private let name: String
  let entries: YamlMapping
  private let all: YamlMapping
  private let device: String
  /// The kernel, whose options are keys as well. A key that nobody knows is reported before a kernel that
  /// nobody knows.
  private let kernel: Result<Kernel, FileError>

  private static let keys =
    ["kernel", "device", "timing-only", "values"]
    + (RunOption.numbers + RunOption.words + RunOption.decimals).map(\.rawValue)
    + [RunOption.seed, .sample, .computesDeltaInline].map(\.rawValue)

  init(_ all: YamlMapping, _ name: String, device: String) throws(FileError) {
    self.name = name
    self.all = all
    self.device = device
    kernel = Self.kernel(try all.anyMapping(name))
    var own: [String] = []
    if case .success(let kernel) = kernel { own = kernel.options.map(\.name) }
    entries = try all.mapping(name, allowed: Self.keys + own)
  }

  /// A run that has not been simulated yet.
  enum Outcome {
    case recorded(PlannedRecording)
    case timed(TimedRun.Planned)
  }

  /// Checks the run without simulating it, and adds its cost to the budget.
  func plan(within budget: inout LessonBudget) throws(FileError) -> Outcome {
    let kernel = try kernel.get()
    let keeps = try kept()
    let request = try request(for: kernel)
    do throws(Refusal) {
      let workload = try Workload(request, for: kernel)
      return try outcome(workload, kernel, keeps, &budget)
    } catch { throw diagnostic(error) }
  }

  private func outcome(
    _ workload: Workload, _ kernel: Kernel, _ keeps: Kept, _ budget: inout LessonBudget
  ) throws(Refusal) -> Outcome {
    let mapping = try workload.mapping(for: kernel)
    try checkSize(workload.problem, mapping, keeps)
    let plan = try workload.plan(for: kernel, mapping)
    let cost =
      keeps == .figures
      ? LessonBudget.Cost(timing: plan)
      : LessonBudget.Cost(recording: plan, hasValues: keeps == .values)
    if let reason = budget.take(cost) { throw Refusal(nil, reason) }
    guard keeps != .figures else { return .timed(TimedRun.Planned(name: name, plan: plan)) }
    if keeps == .events { try workload.checkMemory(of: [plan], hasValues: false) }
    return .recorded(
      PlannedRecording(name: name, plan: plan, workload: keeps == .values ? workload : nil))
  }

  /// A refusal as an error at the line of its option, or of the run.
  func diagnostic(_ refusal: Refusal) -> FileError {
    var words = refusal.reason(in: .frontMatter)
    switch refusal.found {
    case .number(let number): words = "found \(number), \(words)"
    case .word(let word, let names):
      words = "found \(quoted(word))\(suggestion(for: word, in: names)), \(words)"
    case nil: break
    }
    guard let key = refusal.option?.rawValue, entries.has(key) else {
      return all.diagnostic(name, words)
    }
    return entries.diagnostic(key, words)
  }

  /// What a run keeps: a recording with values, a recording of events alone, or just the report.
  private enum Kept { case values, events, figures }

  private func kept() throws(FileError) -> Kept {
    let isTimed = entries.has("timing-only") ? try entries.flag("timing-only") : false
    guard entries.has("values") else { return isTimed ? .figures : .values }
    guard !isTimed else { throw entries.diagnostic("values", "a timing-only run has neither") }
    return try entries.flag("values") ? .values : .events
  }

  // MARK: Kernel and device

  private static func kernel(_ entries: YamlMapping) -> Result<Kernel, FileError> {
    do throws(FileError) {
      return .success(
        try KernelLibrary.find(try entries.text("kernel"), beside: entries.path))
    } catch {
      guard case .unknown(_, let name, let names) = error else {
        return .failure(entries.diagnostic("kernel", error.message))
      }
      return .failure(
        entries.diagnostic(
          "kernel",
          "found \(quoted(name))\(suggestion(for: name, in: names)); the kernels are "
            + names.joined(separator: ", ")))
    }
  }

  private func chosenDevice() throws(FileError) -> Device {
    let name = entries.has("device") ? try entries.text("device") : device
    do { return try DeviceLibrary.find(name, beside: entries.path).device } catch {
      throw entries.has("device")
        ? entries.diagnostic("device", error.message) : all.diagnostic(self.name, error.message)
    }
  }

  // MARK: Request

  private func request(for kernel: Kernel) throws(FileError) -> RunRequest {
    var request = RunRequest(device: try chosenDevice())
    for option in RunOption.numbers where entries.has(option.rawValue) {
      request.numbers[option] = try whole(option.rawValue)
    }
    for option in RunOption.words where entries.has(option.rawValue) {
      request.words[option] = try entries.text(option.rawValue)
    }
    for option in RunOption.decimals where entries.has(option.rawValue) {
      request.decimals[option] = try entries.number(option.rawValue)
    }
    if entries.has("seed") { request.seed = try seed() }
    for option in kernel.options where entries.has(option.name) {
      switch option.meaning {
      case .size: request.own[option.name] = .size(try whole(option.name))
      case .choice: request.own[option.name] = .word(try entries.text(option.name))
      case .matrix:
        throw entries.diagnostic(
          option.name, "a lesson has no files: leave it out for seeded numbers")
      }
    }
    if entries.has("d-inline") { request.computesDeltaInline = try entries.flag("d-inline") }
    guard entries.has("sample") else { return request }
    request.paths[.sample] = try entries.text("sample")
    do throws(Refusal) { try request.checkApplies(to: kernel) } catch { throw diagnostic(error) }
    request.data = try sample()
    return request
  }

  /// A whole number of any size; `RunRequest` checks its range.
  private func whole(_ key: String) throws(FileError) -> Int {
    let number = try entries.number(key)
    if let whole = Int(exactly: number) { return whole }
    throw entries.diagnostic(key, "found \(number), expected \(wholeNumbers(1...(1 << 24)))")
  }

  /// The seed with all its digits: a floating-point number does not hold 64 bits.
  private func seed() throws(FileError) -> UInt64 {
    let text = try entries.text("seed").replacing("_", with: "")
    let rounded = try entries.number("seed")
    if let seed = UInt64(text) ?? UInt64(exactly: rounded) { return seed }
    throw entries.diagnostic(
      "seed", "found \(rounded), expected a whole number from 0 to 18,446,744,073,709,551,615")
  }

  private func sample() throws(FileError) -> InputData {
    let name = try entries.text("sample")
    do { return InputData(try SampleLibrary.find(name)) } catch {
      throw entries.diagnostic("sample", error.message)
    }
  }

  // MARK: Size

  /// Refuses runs that are too large to be simulated when a lesson opens.
  private func checkSize(
    _ problem: Problem, _ mapping: Mapping, _ keeps: Kept
  ) throws(Refusal) {
    let steps = problem.tileProducts(mapping)
    let most = keeps == .figures ? (mapping.isAsLaunched ? 0x1p24 : 40_000) : 20_000
    guard steps <= most else {
      throw Refusal(
        nil,
        "too large for a lesson: \(Quantity(steps).text) tile steps, at most \(grouped(Int(most)))")
    }
    // No device has more than a petabyte of HBM, and the byte count could overflow.
    let elements = keeps == .values ? 4e6 : 1e15
    guard problem.elements > elements else { return }
    throw Refusal(
      nil,
      "too large for a lesson: \(Quantity(problem.elements).text) elements, at most "
        + Quantity(elements).text + (keeps == .values ? "; values: false keeps none" : ""))
  }
}

/// A run to be recorded, before it is simulated.
struct PlannedRecording {
  var name: String
  var plan: Plan
  /// The source of its inputs; nil for events without values.
  var workload: Workload?

  func record() throws(Refusal) -> CompletedRun {
    let inputs = try workload?.inputs(for: [plan])
    do throws(PlanError) {
      return try CompletedRun.simulate(
        name: name, plan, inputs: inputs, tokens: workload?.tokens ?? [],
        origin: workload?.origin ?? "")
    } catch { throw Refusal(error, plan.mapping, plan.device) }
  }
}
