// A recording at one cycle: all that a view may see of a run.

import Kernels
import Machine

package struct Moment: Sendable {
  package let run: CompletedRun
  package let cycle: Int
  /// The memories after every event up to `cycle`.
  package let state: State
  /// How many events that is.
  package let eventCount: Int

  package init(_ run: CompletedRun, at cycle: Int) {
    self.run = run
    self.cycle = cycle
    eventCount = run.recording.eventCount(through: cycle)
    state = run.recording.state(beforeEvent: eventCount)
  }

  package var recording: Recording { run.recording }
  package var program: Program { run.plan.program }
  package var isFinished: Bool { cycle >= recording.lastCycle }

  /// Something happens at exactly this cycle.
  package var isEventful: Bool {
    eventCount > 0 && recording.events[eventCount - 1].cycle == cycle
  }

  /// Ops under way, in the order of issue.
  package var running: [OpInFlight] {
    state.running.compactMap { id in
      let span = recording.spans[id]
      return span.place.map { OpInFlight(place: $0, span: span) }
    }
  }

  package func op(at place: OpPlace) -> Op { recording.blocks[place.block].ops[place.op] }
  package func cost(at place: OpPlace) -> OpCost { block(at: place).cost(of: op(at: place)) }
  package func block(at place: OpPlace) -> Block { recording.blocks[place.block] }
  package func sm(at place: OpPlace) -> Int { recording.placement[place.block.index].sm }

  /// The op that an event is about; nil for an end of a launch.
  package func place(of event: Event) -> OpPlace? { recording.spans[event.span].place }

  /// How much of a span has passed, 0 to 1.
  package func progress(of span: Span) -> Double {
    span.isInstant ? 1 : Double(cycle - span.start) / Double(span.finish - span.start)
  }

  /// The event to talk about: of those at the latest cycle, the one that says most.
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

  /// Arithmetic that starts says most, then data that has arrived, then everything else.
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

  /// The listing line of the current event; nil between launches.
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
