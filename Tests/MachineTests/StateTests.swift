// What the memories hold: the state from the nearest checkpoint is the state of a replay from the
// start, at every cycle; and each event changes what it says and nothing else.

import Testing

@testable import Machine

@Suite("State")
struct StateTests {
  @Test(
    "At every cycle the state from checkpoints equals a replay from the start",
    arguments: Example.all)
  func replay(example: Example) throws {
    let recording = try example.record()
    let inputs = example.plan.problem.seededInputs(1)
    var state = State(recording.program, inputs: inputs)
    var next = 0
    for cycle in 0...recording.lastCycle {
      while next < recording.events.count, recording.events[next].cycle <= cycle {
        let event = recording.events[next]
        state.apply(
          event.phase, event.span, recording.spans[event.span].subject, in: recording.blocks)
        next += 1
      }
      // Between events nothing changes; comparing at them and once between them will do.
      if next == recording.eventCount(through: cycle), isCloseToEvent(cycle, recording) {
        #expect(same(recording.state(at: cycle), state), "cycle \(cycle)")
      }
    }
    #expect(next == recording.events.count)
    #expect(same(recording.finalState, state))
    #expect(same(recording.state(at: recording.lastCycle + 1000), state))
    #expect(same(recording.state(at: -1), State(recording.program, inputs: inputs)))
  }

  private func isCloseToEvent(_ cycle: Int, _ recording: Recording) -> Bool {
    recording.eventCount(through: cycle) != recording.eventCount(through: cycle - 2)
  }

  /// Equal, even where both hold the same NaN.
  private func same(_ a: State, _ b: State) -> Bool { a == b }

  @Test("The state after a count of events has had exactly those", arguments: Example.all)
  func stepByStep(example: Example) throws {
    let recording = try example.record()
    var before = recording.state(beforeEvent: 0)
    for (index, event) in recording.events.enumerated() {
      let after = recording.state(beforeEvent: index + 1)
      if let place = recording.spans[event.span].place {
        try check(recording, event, place, before, after)
      }
      before = after
    }
    #expect(before.running.isEmpty && before.arriving.isEmpty)
    #expect(before.sram.isEmpty, "every kernel gives back what it took")
  }

  /// One event: who is running, what is on chip, what has moved.
  private func check(
    _ recording: Recording, _ event: Event, _ place: OpPlace, _ before: State, _ after: State
  ) throws {
    let op = recording.blocks[place.block].ops[place.op]
    guard let tile = op.tile else { return }
    let key = TileKey(block: place.block, tile: tile)
    #expect(after.running.contains(event.span) == (event.phase == .started))
    for (other, values) in before.sram where other != key { #expect(after.sram[other] == values) }
    guard event.phase != .started else {
      #expect(after.hbm == before.hbm && after.transfers == before.transfers)
      if case .load = op.operation { #expect(after.arriving.contains(key)) }
      return
    }
    switch op.operation {
    case .load(let region, _):
      #expect(after.sram[key] == before.tile(region) && after.hbm == before.hbm)
      #expect(!after.arriving.contains(key))
      let moved =
        after.transfers[region.tensor].readBytes - before.transfers[region.tensor].readBytes
      #expect(moved == recording.blocks[place.block].cost(of: op).hbmBytes)
    case .store(let region):
      let type = recording.program.tensors[region.tensor].type
      let tile = try #require(before.sram[key])
      #expect(after.tile(region).values == tile.values.map(type.round))
      #expect(after.sram.elementsEqual(before.sram) { $0 == $1 })
      let moved =
        after.transfers[region.tensor].writeBytes - before.transfers[region.tensor].writeBytes
      #expect(moved == recording.blocks[place.block].cost(of: op).hbmBytes)
    case .free: #expect(after.sram[key] == nil && after.hbm == before.hbm)
    case .keep: #expect(after.transfers == before.transfers)
    default: #expect(after.sram[key] != nil && after.hbm == before.hbm)
    }
  }

  @Test("The cycle after and the cycle before are inverse", arguments: Example.all)
  func inverse(example: Example) throws {
    let recording = try example.record()
    var walk: [Int] = []
    var cycle: Int? = recording.events[0].cycle
    while let here = cycle {
      walk.append(here)
      cycle = recording.cycle(after: here)
      guard let next = cycle else { break }
      try #require(next > here)
      #expect(recording.cycle(before: next) == here)
    }
    #expect(walk == Set(recording.events.map(\.cycle)).sorted())
    #expect(walk.last == recording.lastCycle)
    var back: [Int] = []
    cycle = recording.lastCycle
    while let here = cycle {
      back.append(here)
      cycle = recording.cycle(before: here)
      try #require(cycle ?? -1 < here)
    }
    #expect(back == walk.reversed())
    // From between two events, too.
    for here in 0...recording.lastCycle {
      #expect(recording.cycle(after: here) == walk.first { $0 > here })
    }
  }

  @Test("Visits count the transfers of every tile of the drawing grid")
  func transferCounts() throws {
    for example in Example.all {
      let recording = try example.record()
      for (index, tensor) in recording.program.tensors.enumerated() {
        let transferCounts = recording.finalState.transferCounts(index)
        #expect(transferCounts.count == tensor.planes * tensor.gridRows * tensor.gridColumns)
        let regions = recording.blocks.flatMap(\.ops).filter { $0.region?.tensor == index }
        #expect(transferCounts.contains { $0.reads + $0.writes > 0 } == !regions.isEmpty)
        if tensor.role == .output { #expect(transferCounts.allSatisfy { $0.writes > 0 }) }
      }
    }
  }
}
