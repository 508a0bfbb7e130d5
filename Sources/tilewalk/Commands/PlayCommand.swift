// `tilewalk play [KERNEL [KERNEL]]`: one run, or two side by side, on the screen. And the demo,
// which is played when no kernel is named.

import ArgumentParser
import Foundation
import Kernels
import Player
import Runs
import Terminal

/// Simulates one or two kernels and plays them.
struct PlayCommand: ParsableCommand, RunDescribing {
  static let configuration = CommandConfiguration(
    commandName: "play", abstract: "A kernel, or two side by side, on the screen.")

  @Argument(help: "One or two kernels (default: standard-attention flash-attention).")
  var kernels: [String] = []
  @OptionGroup(title: "Problem") var problem: ProblemOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Mapping") var mapping: MappingOptions
  @OptionGroup(title: "Device") var device: DeviceOptions
  @Flag(help: "Keep no values: times and bytes of a run on a real device.")
  var timingOnly = false
  @OptionGroup(title: "Screen") var screen: ScreenChoices

  func run() throws {
    let player = try Player(runs(kernels, options, timingOnly: timingOnly))
    let (few, speed) = (screen.theme == .projector, screen.speed)
    try onScreen(screen) { screen throws(Failure) in
      _ = try walk(player, on: screen, showsOneView: few, speed: speed)
    }
  }
}

/// Simulates the runs that a command line asks for: without kernels standard attention and
/// FlashAttention, without data the demo's.
/// - Throws: `Failure`, `FileError` or `Refusal`.
func runs(
  _ names: [String], _ options: RunOptions, timingOnly: Bool = false
) throws -> [CompletedRun] {
  let names = names.isEmpty ? ["standard-attention", "flash-attention"] : names
  guard names.count <= 2 else {
    throw Failure.usage("\(names.count) kernels: the screen has room for one or two")
  }
  let kernels = try names.map { try findKernel($0) }
  var options = options
  if !kernels[0].isMatmul, !options.problem.isGiven, !options.data.isGiven {
    Demo.fill(&options, for: names)
  }
  let workload = try options.workload(for: kernels[0])
  let plans = try kernels.map { try workload.plan(for: $0, among: kernels) }
  let inputs = timingOnly ? nil : try workload.inputs(for: plans)
  if timingOnly { try workload.checkMemory(of: plans, hasValues: false) }
  announce(plans)
  return try plans.map { plan in
    do throws(PlanError) {
      return try CompletedRun.simulate(
        plan, inputs: inputs, tokens: workload.tokens,
        origin: timingOnly ? "no values" : workload.origin)
    } catch { throw Refusal(error, plan.mapping, plan.device) }
  }
}

/// Announces a simulation that may take more than a moment, on standard error if that is a
/// terminal.
private func announce(_ plans: [Plan]) {
  guard plans.contains(where: { $0.problem.tileProducts($0.mapping) > 4000 }),
    isatty(STDERR_FILENO) == 1
  else { return }
  say(["simulating …"])
}

/// The default race: a real head of 64 words with d = 32, in tiles of 16. Its scores differ widely, so that
/// maxima rise in most rows, from one of the four blocks of keys to the next.
enum Demo {
  /// Sets the sample, and the tiles if the command line names neither tiles nor a device.
  static func fill(_ options: inout RunOptions, for kernels: [String]) {
    options.data.sample = "notebook-previous-word"
    guard !options.mapping.isGiven, options.device.device == "classroom" else { return }
    options.mapping.tile = 16
  }
}
