// Sums up the events between two stops of a lesson in sentences: transfers that finish, launches
// and rescales. Of many events only the first and last are described; the others are counted.

import Kernels
import Library
import Machine
import Moments
import Views

/// A summary of the events between two cycles.
struct EventDigest {
  /// The kinds of events that are described, in the order in which the others are counted.
  private enum Kind: String, CaseIterable { case load, store, rescale, launch }

  private struct DigestedEvent {
    var run: CompletedRun
    var event: Event
    var kind: Kind
  }

  private let events: [DigestedEvent]
  private let hidden: HiddenFigures
  /// Number of events described at the beginning, and as many at the end.
  private static let shown = 4

  /// The events of `runs` after cycle `start` and up to `end`, all sorted by cycle.
  init(_ runs: [CompletedRun], after start: Int, through end: Int, hiding hidden: HiddenFigures) {
    self.hidden = hidden
    var all: [(order: Int, event: DigestedEvent)] = []
    for (order, run) in runs.enumerated() {
      let range = run.recording.eventCount(through: start)..<run.recording.eventCount(through: end)
      for event in run.recording.events[range] {
        guard let kind = Self.kind(of: event, in: run.recording) else { continue }
        all.append((order, DigestedEvent(run: run, event: event, kind: kind)))
      }
    }
    // Events of a run are sorted already; at equal cycles the runs keep their order.
    let sorted = all.enumerated().sorted { a, b in
      (a.element.event.event.cycle, a.element.order, a.offset)
        < (b.element.event.event.cycle, b.element.order, b.offset)
    }
    events = sorted.map(\.element.event)
  }

  private static func kind(of event: Event, in recording: Recording) -> Kind? {
    guard let place = recording.spans[event.span].place else { return .launch }
    guard event.phase != .started else { return nil }
    let op = recording.blocks[place.block].ops[place.op]
    switch op.operation {
    case .load: return .load
    case .store, .add: return .store
    default: return op.verb == .rescale ? .rescale : nil
    }
  }

  /// One sentence for each event: `Cycle 36, naive: Q[0] has arrived in SRAM: 512 B in 36 cycles.`
  var lines: [String] {
    guard events.count > 2 * Self.shown + 1 else { return events.map(sentence) }
    let left = events.dropFirst(Self.shown).dropLast(Self.shown)
    return events.prefix(Self.shown).map(sentence) + [summary(left)]
      + events.suffix(Self.shown).map(sentence)
  }

  private func sentence(_ event: DigestedEvent) -> String {
    let (run, event) = (event.run, event.event)
    var scene = Scene(
      moments: [Moment(run, at: event.cycle)], focus: 0, selection: Selection())
    scene.hidden = hidden
    return "Cycle \(scene.time(event.cycle)), \(run.name): \(Sentence(scene).text(of: event))"
  }

  /// The events that are not described: `… 34 more events: 20 loads, 14 stores.`
  private func summary(_ left: some Collection<DigestedEvent>) -> String {
    let counts = Kind.allCases.compactMap { kind -> String? in
      let count = left.count { $0.kind == kind }
      guard count > 0 else { return nil }
      let name = kind == .launch ? "launch event" : kind.rawValue
      return "\(grouped(count)) \(name)\(count == 1 ? "" : "s")"
    }
    return "… \(grouped(left.count)) more events: \(counts.joined(separator: ", "))."
  }
}
