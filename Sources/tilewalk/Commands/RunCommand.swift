// `tilewalk run KERNEL`: simulates one kernel without a screen, and reports.

import ArgumentParser
import Exports
import Foundation
import Kernels
import Machine
import Runs

/// Simulates one kernel and prints a report or the event log.
struct RunCommand: ParsableCommand, RunDescribing {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Simulate without a screen and report.")

  @Argument(help: "The kernel; see list kernels.") var kernel: String
  @OptionGroup(title: "Problem") var problem: ProblemOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Mapping") var mapping: MappingOptions
  @OptionGroup(title: "Device") var device: DeviceOptions
  @Option(help: "text or json.") var format = ReportFormat.text
  @Flag(help: "Print one line per event.") var log = false
  @Flag(help: "Keep no values: for sizes that would not fit in this computer's memory.")
  var timingOnly = false
  @Flag(help: "With --timing-only: simulate long loops whole instead of measuring a part of them.")
  var exact = false
  @Option(help: "Write the results here as .npy: O, L, m and l, or C.") var out: String?

  func run() throws {
    if timingOnly, log || out != nil {
      throw Failure.usage(
        "--timing-only keeps no \(log ? "events: leave out --log" : "values: leave out --out")")
    }
    let kernel = try findKernel(kernel)
    let workload = try options.workload(for: kernel)
    let plan = try workload.plan(for: kernel)
    if timingOnly {
      try show(Report(plan, plan.simulatedTotals(isExact: exact), error: nil), plan)
      return
    }
    guard let out else { return try show(try simulate(plan, workload), plan) }
    let folder = try ResultFolder.open(out, needsCaseSensitivity: !kernel.isMatmul)
    try folder.keepingAll {
      let run = try simulate(plan, workload)
      try folder.put(
        results(of: run.0, leading: workload.leading, headsAsRows: plan.headsAsRows))
      try show(run, plan)
    }
  }

  private func show(_ run: (recording: Recording, exact: ExactOutput), _ plan: Plan) throws {
    let recording = run.recording
    let lines = log ? recording.events.map { recording.line(of: $0) } : nil
    if let lines, format == .text {
      try emit(lines.map { $0 + "\n" }.joined())
      return
    }
    var report = Report(plan, recording, run.exact)
    report.log = lines
    try show(report, plan)
  }

  private func show(_ report: Report, _ plan: Plan) throws {
    switch format {
    case .json: try emit(json(report))
    case .text: try emit(textReport([report], [plan]))
    }
    try report.expectClosedForm()
  }
}

extension Report {
  /// Refuses a run, after its report, that moved other bytes than its kernel's text says.
  func expectClosedForm() throws {
    let names = Set(tensors.keys).union(closedForm.keys).sorted()
    guard !closedForm.isEmpty, let name = names.first(where: { tensors[$0] != closedForm[$0] })
    else { return }
    let text = { (bytes: Bytes?) in
      "\(grouped(bytes?.readBytes ?? 0)) B read and \(grouped(bytes?.writeBytes ?? 0)) B written"
    }
    throw Failure.mismatch(
      "\(kernel) moved other bytes than its closed form says: of \(name) \(text(tensors[name])), expected \(text(closedForm[name]))"
    )
  }
}

/// Simulates the plan and computes the exact output on another core.
func simulate(_ plan: Plan, _ workload: Workload) throws -> (Recording, ExactOutput) {
  let inputs = try workload.inputs(for: [plan])
  let reference = Future { ExactOutput(plan, inputs: inputs) }
  let recording = try plan.simulatedRecording(inputs: inputs)
  return (recording, reference.value)
}
