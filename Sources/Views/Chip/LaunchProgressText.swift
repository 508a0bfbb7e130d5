// The progress of a launch in words: blocks, busy SMs, waves.

import Machine
import Moments

extension LaunchProgress {
  /// The waves of the blocks that are resident on an SM.
  func waves(on sm: Int) -> [Wave] { residents[sm].map { Wave(residencies[$0.index].wave) } }

  /// Two lines: `216 dispatched, 108 done of 1,024 blocks` and `108 of 108 SMs busy, waves B–C of
  /// A–J`.
  var lines: [String] {
    let blocks = "block\(total == 1 ? "" : "s")"
    return [
      "\(grouped(dispatched)) dispatched, \(grouped(done)) done of \(grouped(total)) \(blocks)",
      "\(busySMs) of \(residents.count) SMs busy" + waveText,
    ]
  }

  private var waveText: String {
    let now = residents.joined().map { residencies[$0.index].wave }
    guard let low = now.min(), let high = now.max() else { return "" }
    let current = low == high ? "wave \(Wave(low).letter)" : "waves \(span(low, high))"
    return ", \(current) of \(span(0, waves - 1))"
  }

  private func span(_ low: Int, _ high: Int) -> String {
    low == high ? String(Wave(low).letter) : "\(Wave(low).letter)–\(Wave(high).letter)"
  }
}
