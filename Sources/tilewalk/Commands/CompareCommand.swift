// `tilewalk compare KERNEL…`: several kernels on one problem, one column each.

import ArgumentParser
import Exports
import Kernels
import Machine
import Runs
import Studies

/// Simulates several kernels on the same data and prints their figures side by side.
struct CompareCommand: ParsableCommand, RunDescribing {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "A table, one column per kernel.")

  @Argument(help: "Kernels of one family; see list kernels.") var kernels: [String]
  @OptionGroup(title: "Problem") var problem: ProblemOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Mapping") var mapping: MappingOptions
  @OptionGroup(title: "Device") var device: DeviceOptions
  @Option(help: "text or json.") var format = ReportFormat.text
  @Flag(help: "Keep no values.") var timingOnly = false
  @Flag(help: "With --timing-only: simulate long loops whole instead of measuring a part of them.")
  var exact = false

  /// All runs in one JSON object.
  private struct Comparison: Encodable {
    let schema = 1
    let runs: [Report]
    /// What papers measured of the same problem; missing where none did.
    let published: [Reproduction.Row]?

    private enum CodingKeys: String, CodingKey { case schema, runs, published }
  }

  func run() throws {
    let chosen = try kernels.map { try findKernel($0) }
    let workload = try options.workload(for: chosen[0])
    let plans = try chosen.map { try workload.plan(for: $0, among: chosen) }
    let reports =
      try timingOnly
      ? plans.map { Report($0, try $0.simulatedTotals(isExact: exact), error: nil) }
      : full(plans, workload)
    let rows = try zip(plans, reports).flatMap { try Reproduction.rows(beside: $0, $1) }
    switch format {
    case .json:
      let published = rows.isEmpty ? nil : rows
      try emit(json(Comparison(runs: reports, published: published)))
    case .text: try emit(textReport(reports, plans) + publishedText(rows))
    }
    for report in reports { try report.expectClosedForm() }
  }

  /// Reports of runs with values, each with its error against the exact output.
  private func full(_ plans: [Plan], _ workload: Workload) throws -> [Report] {
    let inputs = try workload.inputs(for: plans)
    let exact = Future { [problem = workload.problem] in ExactOutput(problem, inputs: inputs) }
    let recordings = try plans.map { try $0.simulatedRecording(inputs: inputs) }
    return zip(plans, recordings).map { Report($0, $1, exact.value) }
  }
}
