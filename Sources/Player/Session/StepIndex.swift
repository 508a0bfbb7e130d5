// The cycles at which a step may stop, for each kind of step: sorted lists, made once per run, so
// that a step in either direction is a search and not a replay.

import Machine

/// A move of the viewer.
package enum Step: Sendable, CaseIterable {
  /// One tick of the clock.
  case cycle
  /// Something starts or finishes.
  case event
  /// A tile has crossed the bus.
  case tile
  /// A block goes on to another line of its algorithm.
  case phase
  /// A launch begins or ends.
  case launch
}

/// Where the steps of one run stop.
struct StepIndex: Sendable {
  private var cycles: [Step: [Int]] = [:]

  init(_ recording: Recording) {
    var lines = Array(repeating: Int16(-1), count: recording.blocks.count)
    for event in recording.events {
      add(event.cycle, .event)
      guard let place = recording.spans[event.span].place else {
        add(event.cycle, .launch)
        continue
      }
      let op = recording.blocks[place.block].ops[place.op]
      if op.region != nil, event.phase != .started { add(event.cycle, .tile) }
      if event.phase == .started, op.line != lines[place.block.index] {
        lines[place.block.index] = op.line
        add(event.cycle, .phase)
      }
    }
  }

  private mutating func add(_ cycle: Int, _ step: Step) {
    if cycles[step]?.last != cycle { cycles[step, default: []].append(cycle) }
  }

  func next(_ step: Step, after cycle: Int) -> Int? {
    guard let cycles = cycles[step] else { return nil }
    let index = cycles.firstIndex(above: cycle)
    return index < cycles.count ? cycles[index] : nil
  }

  func previous(_ step: Step, before cycle: Int) -> Int? {
    guard let cycles = cycles[step] else { return nil }
    let index = cycles.firstIndex(above: cycle - 1)
    return index > 0 ? cycles[index - 1] : nil
  }
}

extension [Int] {
  /// The index of the first element greater than `value` in a sorted array.
  func firstIndex(above value: Int) -> Int {
    partitioningIndex { $0 > value }
  }
}
