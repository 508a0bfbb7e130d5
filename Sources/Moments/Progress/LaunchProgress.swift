// How far the current launch is: how many of its blocks are dispatched and done, and which blocks
// are resident on which SM.

import Machine

/// The progress of the current launch at one cycle.
package struct LaunchProgress {
  /// Index of the launch.
  package let launch: Int
  /// Number of blocks of the launch.
  package let total: Int
  /// Blocks that have been dispatched, those that are done included.
  package private(set) var dispatched = 0
  package private(set) var done = 0
  /// Number of waves of the whole launch.
  package private(set) var waves = 0
  /// The most blocks that any SM has in the first wave.
  package private(set) var maxBlocksPerSM = 0
  /// Per SM: the blocks that are resident, in the order of dispatch.
  package private(set) var residents: [[BlockID]]
  /// The residency of every block of the run, by the block's index.
  package let residencies: [BlockResidency]

  package init(_ moment: Moment) {
    let recording = moment.recording
    launch = moment.state.launch
    total = moment.program.launches.isEmpty ? 0 : moment.program.launches[launch].blocks
    residencies = recording.residencies
    residents = Array(repeating: [], count: recording.device.smCount)
    var opening = residents.map(\.count)
    for (block, residency) in residencies.enumerated() where residency.launch == launch {
      waves = max(waves, residency.wave + 1)
      if residency.wave == 0 { opening[residency.sm] += 1 }
      guard residency.start <= moment.cycle else { continue }
      dispatched += 1
      if residency.holds(moment.cycle) {
        residents[residency.sm].append(BlockID(block))
      } else {
        done += 1
      }
    }
    maxBlocksPerSM = opening.max() ?? 0
  }

  /// Number of SMs that have a block.
  package var busySMs: Int { residents.count { !$0.isEmpty } }
}
