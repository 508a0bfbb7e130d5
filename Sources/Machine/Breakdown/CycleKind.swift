// What an SM does in a cycle: it works on a unit, stalls for a reason, or has no block. Every cycle
// of every SM is exactly one of these, so they add up to SMs × cycles.

/// The unit that works, the stall reason, or the lack of a block. Where several apply, the first in
/// this order counts: an SM whose tensor cores work does not stall, whatever else it waits for.
package enum CycleKind: Int, Sendable, CaseIterable {
  /// Matrix products on the tensor cores.
  case tensor
  /// Operations (and products without tensor cores) on the FP32 lanes.
  case fp32
  /// Exponentials.
  case sfu
  /// Stall: no unit works, and a result of this SM's own units is outstanding (latency, a barrier).
  case dependencyStall
  /// Stall: no unit works, and data is on its way from HBM or L2, or waits for the bus.
  case loadStall
  /// Stall: no unit works, and data is on its way to HBM.
  case storeStall
  /// The SM has no block, as at the end of a launch whose last wave is not full.
  case idle
  /// No launch runs: launch overhead.
  case launchOverhead

  /// True if a unit works.
  package var isWork: Bool { rawValue <= CycleKind.sfu.rawValue }
}
