// What a cycle of an SM goes to: one unit's work, one reason to wait, or nobody. Every cycle of every
// SM is exactly one of these, so that they add up to SMs × cycles.

/// What an SM's time is spent on. Where several hold at once the first one named counts: an SM whose
/// tensor cores work is not said to wait, whatever else it waits for.
package enum CycleKind: Int, Sendable, CaseIterable {
  /// Matrix products on the tensor cores.
  case tensor
  /// Operations (and products without tensor cores) on the FP32 lanes.
  case fp32
  /// Exponentials.
  case sfu
  /// No unit works: a result of this SM's own units is on its way (latency, a barrier).
  case onChip
  /// No unit works: data is on its way from HBM or L2, or waits its turn for the bus.
  case load
  /// No unit works: data is on its way to HBM.
  case store
  /// The SM has no block: the ragged tail of a launch.
  case empty
  /// No launch runs: the host starts the next one.
  case launch

  /// A unit is at work.
  package var isWork: Bool { rawValue <= CycleKind.sfu.rawValue }
  /// The SM has a block.
  package var isBusy: Bool { rawValue < CycleKind.empty.rawValue }
}
