// A published row as a run: which kernel stands for what was measured, and with which options. All
// that is decided about a paper's measurements is decided here.

import ArgumentParser
import Foundation
import Kernels
import Lessons
import Machine
import Runs

/// The run that stands for a row, as a command line.
struct PublishedRun: Sendable, Equatable {
  /// Nil where there is no such kernel.
  var kernel: String?
  var arguments: [String]
  /// False where closed forms suffice.
  var needsSimulation: Bool

  /// - Parameter deviceFiles: by device, a file that is to be taken for it.
  init(_ row: PublishedRow, deviceFiles: [String: String] = [:]) {
    kernel = Self.kernel(of: row)
    arguments = ["--device", deviceFiles[row.device] ?? row.device] + Self.arguments(of: row)
    needsSimulation = kernel != nil && row.metric != .hbm
  }

  /// Times and memory of standard attention were measured with what a framework launches, where mask
  /// and dropout are launches of their own; bytes and FLOPs are those of the algorithm.
  private static func kernel(of row: PublishedRow) -> String? {
    var names = [row.kernel]
    if row.kernel == "standard-attention", row.metric.isTimed || row.metric == .memory {
      names = ["eager-attention"] + names
    }
    return names.first { Catalogue.kernel(named: $0) != nil }
  }

  private static func arguments(of row: PublishedRow) -> [String] {
    var arguments = [
      "--n", "\(row.n)", "--d", "\(row.d)", "--dtype", row.dtype, "--pass", row.pass,
    ]
    // FLOPs are the same in every head, and one is quickly counted.
    if row.metric != .flops {
      arguments += ["--batch", "\(row.batch)", "--heads", "\(row.heads)"]
    }
    if let columns = row.tileColumns { arguments += ["--tile-cols", "\(columns)"] }
    // The papers' FLOPs count every tile, masked or not.
    guard row.metric != .flops else { return arguments }
    arguments += mask(of: row)
    if let dropout = row.dropout, dropout > 0 { arguments += ["--dropout", "\(dropout)"] }
    return arguments + laterBuild(of: row)
  }

  /// A padding of 1 says that there was one: the benchmark's hides a few keys at the end, if any.
  private static func mask(of row: PublishedRow) -> [String] {
    if row.isCausal == true { return ["--mask", "causal"] }
    guard let padding = row.padding, padding > 0 else { return [] }
    return ["--mask", "padding:\(padding == 1 ? row.n : min(padding, row.n))"]
  }

  /// The 2023 paper measured the first FlashAttention in a later build, which also splits the
  /// sequence where heads alone do not fill the chip.
  private static func laterBuild(of row: PublishedRow) -> [String] {
    guard row.paper == "fa2", row.kernel == "flash-attention" else { return [] }
    return ["--splits", "auto"]
  }

  /// The plan, with the command line's defaults.
  func plan() throws -> Plan {
    let kernel = try findKernel(kernel ?? "")
    return try Workload(RunOptions.parse(arguments), for: kernel).plan(for: kernel)
  }

  /// The figures of the run, or why there are none.
  func simulate() -> Result<Simulated, Failure> {
    Result {
      let plan = try plan()
      return Simulated(plan: plan, figures: try plan.figures())
    }.mapError(Failure.init)
  }
}

/// A row's run, and what it has come to.
struct Simulated: Sendable {
  let plan: Plan
  let figures: ReportFigures
}

extension Plan {
  /// Those of a run without values.
  func figures() throws -> ReportFigures { ReportFigures(self, try timed()) }
}

extension Failure {
  /// Any error of a run that was asked for by a row or a point, in one line.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let refusal as Refusal: self.init(refusal)
    case let error as FileError: self.init(code: error.exitCode, error.message)
    default: self.init(code: 70, "\(error)")
    }
  }
}
