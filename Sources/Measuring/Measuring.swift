// What the package in `Benchmarks/` measures. It is a package of its own, and so sees only what is public.

import Kernels
import Library
import Machine
import Player
import Runs

/// A run to be measured, described in the words of the command line.
public struct MeasuredPlan: Sendable {
  private let plan: Plan

  /// - Parameters:
  ///   - kernel: the name of a shipped kernel.
  ///   - device: the name of a shipped device.
  ///   - numbers: whole numbers by option, such as `n` and `tile-rows`.
  ///   - words: names by option, such as `mask` and `pass`.
  /// - Throws: why there is no such run.
  public init(
    kernel: String, device: String, numbers: [String: Int], words: [String: String] = [:]
  ) throws {
    var request = RunRequest(device: try DeviceLibrary.find(device).device)
    for (name, value) in numbers { request.numbers[try Self.option(name)] = value }
    for (name, value) in words { request.words[try Self.option(name)] = value }
    let kernel = Catalogue[kernel]
    plan = try Workload.read(request, for: kernel).plan(for: kernel)
  }

  private static func option(_ name: String) throws -> RunOption {
    guard let option = RunOption(rawValue: name) else {
      throw Failure.usage("“\(name)” is no option of run")
    }
    return option
  }

  /// Schedules the run whole, without values and without events.
  /// - Returns: how many ops there were.
  public func schedule() throws -> Int { try plan.totals(isExact: true).ops }

  /// Seeded inputs, as `record` takes them.
  public func inputs() -> MeasuredInputs {
    MeasuredInputs(matrices: plan.problem.seededInputs(1))
  }

  /// Simulates the run with values and every event.
  public func record(_ inputs: MeasuredInputs) throws -> MeasuredRecording {
    MeasuredRecording(run: try CompletedRun.simulate(plan, inputs: inputs.matrices))
  }
}

/// The matrices that a run starts from.
public struct MeasuredInputs: Sendable {
  let matrices: [String: Matrix]
}

/// A recording to be looked at.
public struct MeasuredRecording: Sendable {
  let run: CompletedRun

  /// The cycle of the last event.
  public var lastCycle: Int { run.recording.lastCycle }

  /// Finds the state at a cycle.
  /// - Returns: how many tiles are in SRAM there, so that nothing is optimized away.
  public func tilesInSRAM(at cycle: Int) -> Int { run.recording.state(at: cycle).sram.keys.count }

  /// The screen over it, after some steps.
  public func screen(afterSteps steps: Int, width: Int, height: Int) -> MeasuredScreen {
    var player = Player([run])
    for _ in 0..<steps { _ = player.update(.right, width: width, height: height) }
    return MeasuredScreen(player: player, width: width, height: height)
  }
}

/// A screen to be drawn.
public struct MeasuredScreen: Sendable {
  let player: Player
  let width: Int
  let height: Int

  /// Draws one frame.
  /// - Returns: how many places on it mean something, so that nothing is optimized away.
  public func draw() -> Int { player.frame(width: width, height: height).targets.count }
}
