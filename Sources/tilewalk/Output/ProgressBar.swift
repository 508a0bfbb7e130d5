// A progress bar on standard error. It is drawn only on a terminal and only after a second, and is
// removed at the end, even if that is an interrupt.

import Foundation
import Machine
import Runs
import Synchronization

/// Shows how many of `count` runs are done.
final class ProgressBar: ProgressReport {
  private struct State {
    var done = 0
    var isOver = false
    var isShown = false
  }

  private let label: String
  private let count: Int
  private let state = Mutex(State())

  /// Starts the bar; nothing is drawn within the first second, or where standard error is no
  /// terminal.
  init(label: String, count: Int) {
    (self.label, self.count) = (label, count)
    Self.endCleanlyOnInterrupt()
    guard isatty(STDERR_FILENO) == 1 else { return }
    let start = ContinuousClock.now
    Thread.detachNewThread { [self] in
      while draw(after: start.duration(to: .now)) { usleep(200_000) }
    }
  }

  /// Counts one more run as done.
  func advance() { state.withLock { $0.done += 1 } }

  /// Removes the bar; nothing is drawn after this.
  func end() {
    state.withLock { state in
      state.isOver = true
      if state.isShown { clearBar() }
    }
    if !isIgnored(SIGINT) { signal(SIGINT, SIG_DFL) }
  }

  /// Draws the bar if more than a second has passed.
  /// - Returns: false once `end` was called.
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

  /// Makes Ctrl-C remove the bar before it ends the program. A signal handler may call only
  /// async-signal-safe functions.
  private static func endCleanlyOnInterrupt() {
    guard !isIgnored(SIGINT) else { return }
    signal(SIGINT) { _ in
      if isatty(STDERR_FILENO) == 1 { clearBar() }
      _exit(130)
    }
  }
}
