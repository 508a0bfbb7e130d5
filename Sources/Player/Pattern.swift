// What a search or a breakpoint looks for: part of an event's line, with the run's name before it if
// only that run is meant. Small letters match capitals too.

import Kernels
import Machine
import Views

public struct Pattern: Sendable, Equatable {
  public let text: String

  public init(_ text: String) { self.text = text }

  private var ignoresCase: Bool { text == text.lowercased() }

  /// The cycles of all events of all runs that match, sorted.
  func cycles(in runs: [CompletedRun]) -> [Int] {
    Set(runs.flatMap(cycles(in:))).sorted()
  }

  private func cycles(in run: CompletedRun) -> [Int] {
    run.recording.events.filter { matches($0, of: run) }.map(\.cycle)
  }

  private func matches(_ event: Event, of run: CompletedRun) -> Bool {
    let line = "\(run.name) \(run.recording.text(of: event))"
    return (ignoresCase ? line.lowercased() : line).contains(text)
  }

  /// The line of the event that matches at `cycle`; nil if none does.
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

extension TileName {
  /// The cycles at which a tile of this name, of any head, received values in SRAM or in HBM,
  /// sorted.
  func writes(in runs: [CompletedRun]) -> [Int] {
    Set(runs.flatMap { writes(in: $0) }).sorted()
  }

  private func writes(in run: CompletedRun) -> [Int] {
    let recording = run.recording
    return recording.events.filter { event in
      let span = recording.spans[Int(event.span)]
      guard event.phase != .started, span.block >= 0 else { return false }
      let block = recording.blocks[Int(span.block)]
      let op = block.ops[Int(span.op)]
      switch op.operation {
      case .free, .keep: return false
      default: break
      }
      return block.tile(of: op).map(TileName.init) == self
    }.map(\.cycle)
  }
}
