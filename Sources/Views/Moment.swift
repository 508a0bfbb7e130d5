// A recording at one cycle: all that a view may see of a run.

import Kernels
import Machine

public struct Moment: Sendable {
  public let run: CompletedRun
  public let cycle: Int
  /// The memories after every event up to `cycle`.
  public let state: State
  /// How many events that is.
  public let eventCount: Int

  public init(_ run: CompletedRun, at cycle: Int) {
    self.run = run
    self.cycle = cycle
    eventCount = run.recording.eventCount(through: cycle)
    state = run.recording.state(beforeEvent: eventCount)
  }

  public var recording: Recording { run.recording }
  public var program: Program { run.plan.program }
  public var isFinished: Bool { cycle >= recording.lastCycle }

  /// What a view of values says where there are none.
  static let noValues = "No values in this run (--timing-only): times and bytes only."

  /// Something happens at exactly this cycle.
  public var isEventful: Bool {
    eventCount > 0 && recording.events[eventCount - 1].cycle == cycle
  }

  /// Spans under way, in the order of issue.
  public var running: [Span] { state.running.map { recording.spans[Int($0)] } }

  public func op(of span: Span) -> Op { recording.blocks[Int(span.block)].ops[Int(span.op)] }
  public func work(of span: Span) -> Work { block(of: span).work(of: op(of: span)) }
  public func block(of span: Span) -> Block { recording.blocks[Int(span.block)] }
  public func sm(of span: Span) -> Int { recording.placement[Int(span.block)].sm }

  /// How much of a span has passed, 0 to 1.
  public func progress(of span: Span) -> Double {
    span.isInstant ? 1 : Double(cycle - span.start) / Double(span.finish - span.start)
  }

  /// The event to talk about: of those at the latest cycle, the one that says most.
  public var current: Event? {
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
    let span = recording.spans[Int(event.span)]
    guard span.block >= 0 else { return 1 }
    switch (op(of: span).operation, event.phase) {
    case (.free, _), (.keep, _): return 0
    case (.load, .finished), (.store, .finished): return 5
    case (.load, _), (.store, _): return 3
    case (_, .started): return 6
    default: return 4
    }
  }

  /// The listing line of the current event; nil between launches.
  public var line: Int? {
    guard let event = current else { return nil }
    let span = recording.spans[Int(event.span)]
    return span.block >= 0 ? Int(op(of: span).line) : nil
  }
}
