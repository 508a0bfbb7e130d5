// A line on standard error that says how far a long computation is. It is there only on a terminal,
// only after a second, and gone at the end, however that comes.

import Foundation
import Machine
import Runs
import Synchronization

/// How many of so many runs are done.
final class ProgressBar: ProgressReport {
  private struct State {
    var done = 0
    var isOver = false
    var isShown = false
  }

  private let label: String
  private let count: Int
  private let state = Mutex(State())

  /// Begins to watch; nothing is shown within the first second, nor where nobody looks.
  init(label: String, count: Int) {
    (self.label, self.count) = (label, count)
    Self.endCleanlyOnInterrupt()
    guard isatty(STDERR_FILENO) == 1 else { return }
    let start = ContinuousClock.now
    Thread.detachNewThread { [self] in
      while draw(after: start.duration(to: .now)) { usleep(200_000) }
    }
  }

  /// One more run is done.
  func advance() { state.withLock { $0.done += 1 } }

  /// Takes the bar off the screen; nothing is drawn after this.
  func end() {
    state.withLock { state in
      state.isOver = true
      if state.isShown { wipeBar() }
    }
    if !isIgnored(SIGINT) { signal(SIGINT, SIG_DFL) }
  }

  /// - Returns: false once it is over.
  private func draw(after time: Duration) -> Bool {
    state.withLock { state in
      guard !state.isOver else { return false }
      guard time > .seconds(1) else { return true }
      state.isShown = true
      let full = 30 * state.done / max(1, count)
      let bar = String(repeating: "#", count: full) + String(repeating: ".", count: 30 - full)
      tilewalk.draw(bar: "\(label) \(bar) \(state.done) of \(count) runs")
      return true
    }
  }

  /// Ctrl-C leaves no half line behind. The handler may do nothing but system calls.
  private static func endCleanlyOnInterrupt() {
    guard !isIgnored(SIGINT) else { return }
    signal(SIGINT) { _ in
      if isatty(STDERR_FILENO) == 1 { wipeBar() }
      _exit(130)
    }
  }
}
