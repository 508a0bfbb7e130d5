// The step index: for each kind of step, the cycles at which it may stop. The sorted lists are made
// once per run, so that a step in either direction is a binary search and not a replay.

import Machine

/// A kind of step: how far one key moves in time.
package enum Step: Sendable, CaseIterable {
  /// To the next cycle.
  case cycle
  /// To a cycle at which an op or a launch starts or finishes.
  case event
  /// To a cycle at which a transfer of a tile has finished.
  case tile
  /// To a cycle at which a block starts another line of the kernel's text.
  case phase
  /// To a cycle at which a launch starts or ends.
  case launch
}

/// The stops of one run, by kind of step.
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

  /// The first stop after `cycle`; nil if there is none.
  func next(_ step: Step, after cycle: Int) -> Int? {
    guard let cycles = cycles[step] else { return nil }
    let index = cycles.firstIndex(above: cycle)
    return index < cycles.count ? cycles[index] : nil
  }

  /// The last stop before `cycle`; nil if there is none.
  func previous(_ step: Step, before cycle: Int) -> Int? {
    guard let cycles = cycles[step] else { return nil }
    let index = cycles.firstIndex(above: cycle - 1)
    return index > 0 ? cycles[index - 1] : nil
  }
}

extension [Int] {
  /// Index of the first element greater than `value` in an ascending array; `count` if there is
  /// none.
  func firstIndex(above value: Int) -> Int {
    partitioningIndex { $0 > value }
  }
}
