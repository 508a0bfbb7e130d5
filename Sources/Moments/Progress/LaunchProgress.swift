// The blocks of the launch at hand: how many have been dispatched and done, and who is on which SM.

import Machine

package struct LaunchProgress {
  package let launch: Int
  /// Blocks of the launch.
  package let total: Int
  package private(set) var dispatched = 0
  package private(set) var done = 0
  package private(set) var waves = 0
  /// The most blocks that one SM has at once.
  package private(set) var mostOnSM = 0
  /// Per SM, in the order of dealing: the numbers of its blocks.
  package private(set) var residents: [[BlockID]]
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
    mostOnSM = opening.max() ?? 0
  }

  package var busySMs: Int { residents.count { !$0.isEmpty } }
}
