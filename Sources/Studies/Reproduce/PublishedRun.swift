// Turns a published row into a run: which kernel stands for the measured one, and with which
// options. All assumptions about the papers' measurements are made here.

import Foundation
import Kernels
import Library
import Runs

/// The run that reproduces a row.
package struct PublishedRun: Sendable, Equatable {
  /// Name of the kernel; nil where there is no such kernel.
  package let kernel: String?
  /// Name or path of the device.
  package let device: String
  /// Options of the run whose value is a whole number; likewise `words` and `decimals`.
  package let numbers: [RunOption: Int]
  package let words: [RunOption: String]
  package let decimals: [RunOption: Double]
  /// Values of options that the kernel's own text declares.
  package let own: [String: OwnValue]
  /// False where closed forms suffice, or where there is no kernel.
  package let needsSimulation: Bool

  /// - Parameters:
  ///   - deviceFiles: device files to use instead of the row's device, by its name.
  ///   - clock: the SM clock in MHz at which every device is locked; nil: that of the row.
  package init(_ row: PublishedRow, deviceFiles: [String: String] = [:], clock: Int? = nil) {
    kernel = Self.kernel(of: row)
    device = deviceFiles[row.device] ?? row.device
    var numbers = Self.numbers(of: row)
    numbers[.clock] = clock ?? row.lockedMHz ?? Self.clockOfCycles(row, device: device)
    self.numbers = numbers
    words = Self.words(of: row)
    decimals = Self.decimals(of: row)
    own = row.isOfLaterBuild ? ["build": .word("later")] : [:]
    needsSimulation = kernel != nil && row.metric != .hbm
  }

  /// Cycles of an SM are counted whatever its clock is, so none is lost to power. Nil for other metrics.
  private static func clockOfCycles(_ row: PublishedRow, device: String) -> Int? {
    guard row.metric == .cycles else { return nil }
    // A device that there is not is told when the run is built.
    return (try? DeviceLibrary.find(device)).map { Int($0.device.clockMHz.rounded()) }
  }

  /// The kernel for a row. Times and memory of standard attention were measured with the launches
  /// of a framework, where mask and dropout are separate kernels; bytes and FLOPs are those of the
  /// algorithm.
  private static func kernel(of row: PublishedRow) -> String? {
    var names = [row.kernel]
    if row.kernel == "standard-attention", row.metric.isTimed || row.metric == .memory {
      names = ["eager-attention"] + names
    }
    return names.first { name in
      guard let kernel = Catalogue.kernel(named: name) else { return false }
      return row.pass == "forward" || kernel.hasBackwardPass
    }
  }

  private static func numbers(of row: PublishedRow) -> [RunOption: Int] {
    var numbers: [RunOption: Int] = [.n: row.n, .d: row.d]
    (numbers[.kv], numbers[.keyValueHeads]) = (row.keys, row.keyValueHeads)
    // Every head has the same FLOPs, so one suffices.
    if row.metric != .flops { (numbers[.batch], numbers[.heads]) = (row.batch, row.heads) }
    numbers[.tileColumns] = row.tileColumns
    return numbers
  }

  private static func words(of row: PublishedRow) -> [RunOption: String] {
    var words: [RunOption: String] = [.dtype: row.dtype, .pass: row.pass]
    // The papers' FLOPs include the tiles that the mask hides.
    guard row.metric != .flops else { return words }
    words[.mask] = mask(of: row)
    // The 2023 paper measured a later build of FlashAttention, which also splits the sequence among
    // thread blocks where there are too few heads to fill the SMs.
    if row.paper == "fa2", row.kernel == "flash-attention" { words[.splits] = "auto" }
    return words
  }

  private static func decimals(of row: PublishedRow) -> [RunOption: Double] {
    guard row.metric != .flops, let dropout = row.dropout, dropout > 0 else { return [:] }
    return [.dropout: dropout]
  }

  /// The mask rule. A padding of 1 means that there was a padding mask of unknown length; in the
  /// benchmark it hides a few keys at the end, if any.
  private static func mask(of row: PublishedRow) -> String? {
    if row.isCausal == true { return "causal" }
    guard let padding = row.padding, padding > 0 else { return nil }
    return "padding:\(padding == 1 ? row.n : min(padding, row.n))"
  }

  /// The plan of the run, with the defaults of the command `run`.
  /// - Throws: `Failure` without a kernel; `Refusal` or `FileError` where it cannot run.
  package func plan() throws -> Plan {
    guard let name = kernel, let kernel = Catalogue.kernel(named: name) else {
      throw Failure.usage("there is no such kernel here")
    }
    var request = RunRequest(device: try DeviceLibrary.find(device).device)
    (request.numbers, request.words, request.decimals) = (numbers, words, decimals)
    request.own = own
    return try Workload.read(request, for: kernel).plan(for: kernel)
  }

  /// Simulates the run.
  /// - Returns: its plan and report, or the reason why there is none.
  package func simulate() -> Result<Simulated, Failure> {
    Result {
      let plan = try plan()
      return Simulated(plan: plan, figures: try plan.figures())
    }.mapError(Failure.init)
  }
}

/// A simulated run: its plan and the numbers of its report.
package struct Simulated: Sendable {
  package let plan: Plan
  package let figures: ReportFigures
}

extension Plan {
  /// The report of a run without values.
  /// - Throws: `Refusal` where the plan cannot be simulated.
  package func figures() throws -> ReportFigures { ReportFigures(self, try simulatedTotals()) }
}
