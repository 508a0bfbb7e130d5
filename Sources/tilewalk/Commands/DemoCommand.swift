// `tilewalk demo`: the race in one minute, by itself.

import ArgumentParser
import Kernels
import Player
import Runs
import Terminal

/// Plays the director's cut of a race, and hands it over at any key.
struct DemoCommand: ParsableCommand, RunDescribing {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "The race in one minute, by itself.")

  @Argument(help: "Two kernels (default: standard-attention flash-attention).")
  var kernels: [String] = []
  @OptionGroup(title: "Problem") var problem: ProblemOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Mapping") var mapping: MappingOptions
  @OptionGroup(title: "Device") var device: DeviceOptions
  @Flag(help: "Begin anew after the end, for a stand.") var loop = false
  @OptionGroup(title: "Screen") var screen: ScreenChoices

  func run() throws {
    guard kernels.count != 1 else {
      throw Failure.usage("one kernel: the demo is a race of two; play \(kernels[0]) shows one")
    }
    let runs = try runs(kernels, options)
    let (few, speed) = (screen.theme == .projector, screen.speed)
    try onScreen(screen) { screen throws(Failure) in
      _ = try watch(DemoPlayer(runs, loops: loop), on: screen, showsOneView: few, speed: speed)
    }
  }
}
