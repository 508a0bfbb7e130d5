// `tilewalk play [KERNEL [KERNEL]]`: a run, or two side by side, on the screen.

import ArgumentParser
import Foundation
import Kernels
import Player
import Runs
import Terminal

struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play", abstract: "A kernel, or two side by side, on the screen.")

  @Argument(help: "One or two kernels (default: standard-attention flash-attention).")
  var kernels: [String] = []
  @OptionGroup var options: RunOptions
  @Flag(help: "Keep no values: times and bytes of a run on a real device.")
  var timingOnly = false
  @OptionGroup(title: "Screen") var screen: ScreenChoices

  func run() throws {
    let player = try Player(runs(kernels, options, timingOnly: timingOnly))
    let few = screen.theme == .projector
    try onScreen(screen) { screen throws(Failure) in _ = try walk(player, on: screen, showsFew: few)
    }
  }
}

/// The runs that a command line asks for; without kernels the race, without data the demo's.
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
  let plans = try kernels.map { try workload.plan(for: $0) }
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

/// Says on a terminal's standard error that a large run takes a moment.
private func announce(_ plans: [Plan]) {
  guard plans.contains(where: { $0.problem.tileProducts($0.mapping) > 4000 }),
    isatty(STDERR_FILENO) == 1
  else { return }
  say(["simulating …"])
}

/// The race that opens when nothing else is asked for: a real head of 64 words with d = 32, and
/// tiles that show each kernel's point. FlashAttention saves traffic if Bc is not much below d,
/// FlashAttention-2 if Br is above d / 2.
enum Demo {
  static func fill(_ options: inout RunOptions, for kernels: [String]) {
    options.data.sample = "notebook"
    guard !options.mapping.isGiven, options.device.device == "classroom" else { return }
    let isSecondGeneration = kernels.contains("flash-attention-2")
    options.mapping.tileRows = isSecondGeneration ? 32 : 16
    options.mapping.tileCols = isSecondGeneration ? 16 : 32
  }
}
