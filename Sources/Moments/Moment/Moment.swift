// A moment: a recording at one cycle. Views see a run only through it.

import Kernels
import Machine

/// A completed run at one cycle, with the state of the memories at that cycle.
package struct Moment: Sendable {
  package let run: CompletedRun
  package let cycle: Int
  /// The memories after every event up to `cycle`.
  package let state: State
  /// Number of events up to and including `cycle`.
  package let eventCount: Int

  package init(_ run: CompletedRun, at cycle: Int) {
    self.run = run
    self.cycle = cycle
    eventCount = run.recording.eventCount(through: cycle)
    state = run.recording.state(beforeEvent: eventCount)
  }

  /// The recording that the moment belongs to.
  package var recording: Recording { run.recording }
  /// The program that the run carried out.
  package var program: Program { run.plan.program }
  /// True from the last cycle of the run on.
  package var isFinished: Bool { cycle >= recording.lastCycle }

  /// True if an event happens at exactly this cycle.
  package var hasEvent: Bool {
    eventCount > 0 && recording.events[eventCount - 1].cycle == cycle
  }

  /// The ops that are running, in the order of issue.
  package var running: [OpInFlight] {
    state.running.compactMap { id in
      let span = recording.spans[id]
      return span.place.map { OpInFlight(place: $0, span: span) }
    }
  }

  /// The op at `place`.
  package func op(at place: OpPlace) -> Op { recording.blocks[place.block].ops[place.op] }
  /// What the op at `place` costs.
  package func cost(at place: OpPlace) -> OpCost { block(at: place).cost(of: op(at: place)) }
  /// The thread block that the op at `place` belongs to.
  package func block(at place: OpPlace) -> Block { recording.blocks[place.block] }
  /// The index of the SM to which that block was dispatched.
  package func sm(at place: OpPlace) -> Int { recording.placement[place.block.index].sm }

  /// The op that an event is about; nil for the start or the end of a launch.
  package func place(of event: Event) -> OpPlace? { recording.spans[event.span].place }

  /// The share of a span that has passed at this cycle, 0 to 1.
  package func progress(of span: Span) -> Double {
    span.isInstant ? 1 : Double(cycle - span.start) / Double(span.finish - span.start)
  }

  /// The current event: of the events at the latest cycle that has any, the one of the highest
  /// rank; nil before the first event.
  package var current: Event? {
    guard eventCount > 0 else { return nil }
    let latest = recording.events[eventCount - 1].cycle
    var best: (event: Event, rank: Int)?
    var index = eventCount - 1
    while index >= 0, recording.events[index].cycle == latest {
      let rank = weight(of: recording.events[index])
      if rank > best?.rank ?? -1 { best = (recording.events[index], rank) }
      index -= 1
    }
    return best?.event
  }

  /// Rank of an event, highest first: an arithmetic op that starts, a transfer that finishes, an
  /// arithmetic op that finishes, a transfer that starts, then launches and bookkeeping.
  private func weight(of event: Event) -> Int {
    guard let place = place(of: event) else { return 1 }
    switch (op(at: place).operation, event.phase) {
    case (.free, _), (.keep, _): return 0
    case (.load, .finished), (.store, .finished): return 5
    case (.load, _), (.store, _): return 3
    case (_, .started): return 6
    default: return 4
    }
  }

  /// Line number, in the kernel's text, of the current event; nil at the start or the end of a
  /// launch.
  package var line: Int? {
    guard let event = current, let place = place(of: event) else { return nil }
    return Int(op(at: place).line)
  }
}

/// An op that has started and not finished.
package struct OpInFlight: Sendable {
  package let place: OpPlace
  package let span: Span
}
