// The blocks of the launch at hand: how many have been dealt and done, and who is on which SM.

import Machine

struct Dealt {
  let launch: Int
  /// Blocks of the launch.
  let total: Int
  private(set) var dealt = 0
  private(set) var done = 0
  private(set) var waves = 0
  /// The most blocks that one SM has at once.
  private(set) var mostOnSM = 0
  /// Per SM, in the order of dealing: the numbers of its blocks.
  private(set) var residents: [[Int]]
  private let stays: [Stay]

  init(_ moment: Moment) {
    let recording = moment.recording
    launch = moment.state.launch
    total = moment.program.launches.isEmpty ? 0 : moment.program.launches[launch].blocks
    stays = recording.stays
    residents = Array(repeating: [], count: recording.device.smCount)
    var opening = residents.map(\.count)
    for (block, stay) in stays.enumerated() where stay.launch == launch {
      waves = max(waves, stay.wave + 1)
      if stay.wave == 0 { opening[stay.sm] += 1 }
      guard stay.start <= moment.cycle else { continue }
      dealt += 1
      if stay.holds(moment.cycle) { residents[stay.sm].append(block) } else { done += 1 }
    }
    mostOnSM = opening.max() ?? 0
  }

  var busySMs: Int { residents.count { !$0.isEmpty } }

  /// The waves of an SM's blocks.
  func waves(on sm: Int) -> [Wave] { residents[sm].map { Wave(stays[$0].wave) } }

  /// `216 dealt, 108 done of 1,024 blocks`, and `108 of 108 SMs busy, waves B–C of A–J`.
  var lines: [String] {
    let blocks = "block\(total == 1 ? "" : "s")"
    return [
      "\(grouped(dealt)) dealt, \(grouped(done)) done of \(grouped(total)) \(blocks)",
      "\(busySMs) of \(residents.count) SMs busy" + waveText,
    ]
  }

  private var waveText: String {
    let now = residents.joined().map { stays[$0].wave }
    guard let low = now.min(), let high = now.max() else { return "" }
    let current = low == high ? "wave \(Wave(low).letter)" : "waves \(span(low, high))"
    return ", \(current) of \(span(0, waves - 1))"
  }

  private func span(_ low: Int, _ high: Int) -> String {
    low == high ? String(Wave(low).letter) : "\(Wave(low).letter)–\(Wave(high).letter)"
  }
}
