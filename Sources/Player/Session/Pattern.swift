// What a search or a breakpoint looks for: a part of an event's line, with the run's name before it
// to mean that run only. A pattern in lower case ignores case.

import Kernels
import Machine

/// A text to be found in the lines of events.
package struct Pattern: Sendable, Equatable {
  package let text: String

  package init(_ text: String) { self.text = text }

  private var ignoresCase: Bool { text == text.lowercased() }

  /// The cycles of all events of all runs that match, ascending.
  func cycles(in runs: [CompletedRun]) -> [Int] {
    merged(
      runs.map {
        $0.recording.cycles(
          ofEventsContaining: text, prefix: "\($0.name) ", ignoringCase: ignoresCase)
      })
  }

  private func matches(_ event: Event, of run: CompletedRun) -> Bool {
    let line = "\(run.name) \(run.recording.text(of: event))"
    return (ignoresCase ? line.lowercased() : line).contains(text)
  }

  /// The run's name and the line of the first event at `cycle` that matches; nil if none does.
  func match(at cycle: Int, in runs: [CompletedRun]) -> String? {
    for run in runs {
      let recording = run.recording
      let events = recording.events[
        recording.eventCount(through: cycle - 1)..<recording.eventCount(through: cycle)]
      if let event = events.first(where: { matches($0, of: run) }) {
        return "\(run.name) \(recording.text(of: event))"
      }
    }
    return nil
  }
}

/// A breakpoint, with the cycles at which it stops, looked up once.
struct Breakpoint {
  let pattern: Pattern
  let cycles: [Int]
}

extension TileName {
  /// The cycles at which a tile of this name, in any plane, received values in SRAM or HBM,
  /// ascending.
  func writes(in runs: [CompletedRun]) -> [Int] {
    merged(runs.map { $0.recording.cycles(ofWritesTo: self) })
  }
}

/// The union of several ascending lists, ascending.
private func merged(_ lists: [[Int]]) -> [Int] {
  lists.count == 1 ? lists[0] : Set(lists.joined()).sorted()
}
