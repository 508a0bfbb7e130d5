// `tilewalk sweep KERNEL… --over OPTION=RANGE`: figures of many runs, as a table or a plot.

import ArgumentParser
import Exports
import Foundation
import Runs
import Studies
import Views

/// Simulates kernels over a range of one option and prints the chosen figures.
struct SweepCommand: ParsableCommand, RunDescribing {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Figures over a range of one option, as a table or a plot.",
    discussion: """
      Figures are those of run --format json by their paths (seconds, hbm.readBytes, \
      tensors.K.readBytes, units.tensor.utilization, launches.NAME.cycles …), and hbm.bytes, tflops \
      (products, per second), intensity (their FLOPs per byte that crosses the HBM bus), speedup and \
      memoryRatio (the baseline's seconds, or memory.peakBytes, over these). No values are computed.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json, plot }

  @Argument(help: "Kernels of one family; see list kernels.") var kernels: [String]
  @Option(parsing: .singleValue, help: "'n=512..65536*2', n=128..1024+128 or tile=16,32,64.")
  var over: [String]
  @Option(parsing: .upToNextOption, help: "What to report (default: seconds).")
  var figure: [String] = ["seconds"]
  @Option(help: "What speedup and memoryRatio compare with (default: the first kernel).")
  var baseline: String?
  @Option(help: "table, csv, json or plot.") var format = Format.table
  @Flag(help: "Draw the plot with ASCII characters only.") var ascii = false
  @OptionGroup(title: "Problem") var problem: ProblemOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Mapping") var mapping: MappingOptions
  @OptionGroup(title: "Device") var device: DeviceOptions

  func run() throws {
    let sweep = try points()
    switch format {
    case .table: try emit(table(sweep))
    case .csv: try emit(csv(sweep))
    case .json: try emit(json(sweep))
    case .plot: try plot(sweep)
    }
  }

  private func points() throws -> Sweep {
    guard let over = over.first, self.over.count == 1 else {
      throw Failure.usage("--over: found \(self.over.count) of them, expected one")
    }
    let own = try kernels.flatMap { try findKernel($0).options }.filter {
      if case .size = $0.meaning { true } else { false }
    }.map(\.name)
    let range = try SweepRange(over, own: own)
    let devices = options.device.device.split(separator: ",").map(String.init)
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let request = try options.request(on: devices.first)
    guard !(range.option.option.map(request.has) ?? (request.own[range.option.name] != nil)) else {
      throw Failure.usage("--\(range.option.name) is given, and swept over as well")
    }
    let baseline = try self.baseline ?? defaultBaseline()
    let names = kernels.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let found = try (names + (baseline.map { names.contains($0) ? [] : [$0] } ?? []))
      .map { (asked: $0, kernel: try findKernel($0)) }
    let runs = try SweepRuns(found.map(\.kernel), devices, range, request)
    // A kernel from a file is reported by the name in its text.
    let called = found.prefix(names.count).map(\.kernel.name)
    let calledBaseline = found.first { $0.asked == baseline }?.kernel.name
    var sweep = Sweep(
      option: range.option.name, isMultiplicative: range.isMultiplicative, figures: figure,
      kernels: called, devices: runs.devices, baseline: calledBaseline)
    let points = try runs.points(figure, baseline: calledBaseline) {
      ProgressBar(label: "sweep", count: $0)
    }
    sweep.points = points.filter { called.contains($0.kernel) }
    return sweep
  }

  /// The baseline if none is named: nil if no figure needs one, else the first kernel.
  /// - Throws: `Failure` 64 if a figure needs a baseline and there is one kernel only.
  private func defaultBaseline() throws -> String? {
    guard let ratio = figure.first(where: SweepFigure.isRatio) else { return nil }
    guard kernels.count > 1 else {
      throw Failure.usage("--figure \(ratio) compares with another kernel: add --baseline KERNEL")
    }
    return kernels[0]
  }

  private func plot(_ sweep: Sweep) throws {
    let screen = OutputTerminal()
    for figure in sweep.figures {
      let canvas = Plot(sweep, figure).canvas(width: screen.width, height: screen.plotHeight)
      let drawn = ascii || !screen.isUTF8 ? canvas.asciiOnly : canvas
      try emit(picture: ansi(drawn, screen.colours))
    }
  }
}
