// Checks, before anything runs, that this computer has enough memory for the recordings. A run that
// is too large ends with a message instead of being killed by the operating system.

import Foundation
import Kernels
import Machine

extension Workload {
  /// Refuses plans whose recordings together need more memory than this process may use.
  package func checkMemory(of plans: [Plan], hasValues: Bool) throws(Refusal) {
    let available = HostMemory.bytes
    var whole = RecordingSize()
    for plan in plans {
      let size = try size(of: plan, hasValues: hasValues)
      whole = whole + size
      guard whole.bytes > available else { continue }
      let together = plans.count > 1 ? "; all runs together take" : ", which take"
      throw Self.tooLarge(
        plan,
        "record \(Self.millions(size.events)) events\(together) about "
          + "\(Self.gigabytes(whole.bytes)) GB, and this computer has \(Self.gigabytes(available)) GB"
      )
    }
  }

  /// Events and bytes of one recording. Estimating takes time for each block, so plans with too
  /// many tile products are refused without an estimate.
  private func size(of plan: Plan, hasValues: Bool) throws(Refusal) -> RecordingSize {
    let steps = plan.problem.tileProducts(plan.mapping)
    guard steps <= Self.mostSteps else {
      throw Self.tooLarge(
        plan,
        "record \(Self.millions(steps)) products of tiles, and at most "
          + "\(Self.millions(Self.mostSteps)) are recorded")
    }
    return plan.program.recordingSize(hasValues: hasValues)
  }

  private static func tooLarge(_ plan: Plan, _ reason: String) -> Refusal {
    Refusal { dialect in
      "\(plan.kernel.name) would \(reason); "
        + (dialect == .commandLine
          ? "run and compare take --timing-only, which keeps nothing"
          : "timing-only: true keeps nothing")
    }
  }

  private static func millions(_ count: Double) -> String {
    String(format: count < 1e7 ? "%.1f million" : "%.0f million", count / 1e6)
  }

  private static func gigabytes(_ bytes: Double) -> String { String(format: "%.1f", bytes / 1e9) }

  /// Most tile products of one recording.
  private static let mostSteps = 0x1p24
}

/// The memory that this process may use.
enum HostMemory {
  /// Four fifths of the smallest of three limits, in bytes: physical memory, the address space
  /// limit (RLIMIT_AS), and the memory limit of the control group.
  static var bytes: Double {
    var limits = [Double(ProcessInfo.processInfo.physicalMemory)]
    var address = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &address) == 0 {
      limits.append(Double(address.rlim_cur))
    }
    let group = try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8)
    if let group, let bytes = Double(group.trimmingCharacters(in: .whitespacesAndNewlines)) {
      limits.append(bytes)
    }
    return 0.8 * limits.min()!
  }
}
