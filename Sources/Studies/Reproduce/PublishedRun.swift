// A published row as a run: which kernel stands for what was measured, and with which options. All
// that is decided about a paper's measurements is decided here.

import Foundation
import Kernels
import Library
import Runs

/// The run that stands for a row.
package struct PublishedRun: Sendable, Equatable {
  /// Nil where there is no such kernel.
  package let kernel: String?
  /// A device's name or file.
  package let device: String
  /// Sizes, names and shares, by the words of the command line.
  package let numbers: [RunOption: Int]
  package let words: [RunOption: String]
  package let decimals: [RunOption: Double]
  /// False where closed forms suffice.
  package let needsSimulation: Bool

  /// - Parameter deviceFiles: by device, a file that is to be taken for it.
  package init(_ row: PublishedRow, deviceFiles: [String: String] = [:]) {
    kernel = Self.kernel(of: row)
    device = deviceFiles[row.device] ?? row.device
    numbers = Self.numbers(of: row)
    words = Self.words(of: row)
    decimals = Self.decimals(of: row)
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

  private static func numbers(of row: PublishedRow) -> [RunOption: Int] {
    var numbers: [RunOption: Int] = [.n: row.n, .d: row.d]
    // FLOPs are the same in every head, and one is quickly counted.
    if row.metric != .flops { (numbers[.batch], numbers[.heads]) = (row.batch, row.heads) }
    numbers[.tileColumns] = row.tileColumns
    return numbers
  }

  private static func words(of row: PublishedRow) -> [RunOption: String] {
    var words: [RunOption: String] = [.dtype: row.dtype, .pass: row.pass]
    // The papers' FLOPs count every tile, masked or not.
    guard row.metric != .flops else { return words }
    words[.mask] = mask(of: row)
    // The 2023 paper measured the first FlashAttention in a later build, which also splits the sequence
    // where heads alone do not fill the chip.
    if row.paper == "fa2", row.kernel == "flash-attention" { words[.splits] = "auto" }
    return words
  }

  private static func decimals(of row: PublishedRow) -> [RunOption: Double] {
    guard row.metric != .flops, let dropout = row.dropout, dropout > 0 else { return [:] }
    return [.dropout: dropout]
  }

  /// A padding of 1 says that there was one: the benchmark's hides a few keys at the end, if any.
  private static func mask(of row: PublishedRow) -> String? {
    if row.isCausal == true { return "causal" }
    guard let padding = row.padding, padding > 0 else { return nil }
    return "padding:\(padding == 1 ? row.n : min(padding, row.n))"
  }

  /// The plan, with what a run has by default.
  package func plan() throws -> Plan {
    guard let name = kernel, let kernel = Catalogue.kernel(named: name) else {
      throw Failure.usage("there is no such kernel here")
    }
    var request = RunRequest(device: try DeviceLibrary.find(device).device)
    (request.numbers, request.words, request.decimals) = (numbers, words, decimals)
    return try Workload.read(request, for: kernel).plan(for: kernel)
  }

  /// The figures of the run, or why there are none.
  package func simulate() -> Result<Simulated, Failure> {
    Result {
      let plan = try plan()
      return Simulated(plan: plan, figures: try plan.figures())
    }.mapError(Failure.init)
  }
}

/// A row's run, and what it has come to.
package struct Simulated: Sendable {
  package let plan: Plan
  package let figures: ReportFigures
}

extension Plan {
  /// Those of a run without values.
  package func figures() throws -> ReportFigures { ReportFigures(self, try timed()) }
}
