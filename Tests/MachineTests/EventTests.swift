// The order of events, and that nothing but the program decides it.

import Machine
import Testing

@testable import Runs

@Suite("Events")
struct EventTests {
  @Test(
    "are in one total order: cycle, then issue, then started before finished",
    arguments: Example.all)
  func totalOrder(example: Example) throws {
    let recording = try example.record()
    let keys = recording.events.map { ($0.cycle, $0.span.index, Int($0.phase.rawValue)) }
    for (a, b) in zip(keys, keys.dropFirst()) { #expect(a < b) }
    var phases: [SpanID: [Event.Phase]] = [:]
    for event in recording.events { phases[event.span, default: []].append(event.phase) }
    #expect(phases.count == recording.spans.count)
    #expect(phases.values.allSatisfy { $0 == [.instant] || $0 == [.started, .finished] })
  }

  @Test("Every op of every block runs once, on the SM of its block", arguments: Example.all)
  func everyOpOnce(example: Example) throws {
    let recording = try example.record()
    let ops = recording.blocks.map(\.ops.count).reduce(0, +)
    #expect(recording.spans.count == ops + 2 * recording.program.launches.count)
    #expect(recording.totals.ops == ops)
    for (number, block) in recording.blocks.enumerated() {
      for op in block.ops.indices {
        let place = OpPlace(block: BlockID(number), op: OpID(op))
        #expect(recording.spans[recording.span(of: place)].subject == .op(place))
      }
    }
  }

  @Test("An op starts when everything it reads is there", arguments: Example.all)
  func readsAfterWrites(example: Example) throws {
    let recording = try example.record()
    for (number, block) in recording.blocks.enumerated() {
      var written: [TileID: Int] = [:]
      for (index, op) in block.ops.enumerated() {
        let place = OpPlace(block: BlockID(number), op: OpID(index))
        let span = recording.spans[recording.span(of: place)]
        for input in block.inputs(of: op) {
          let ready = try #require(written[input])
          #expect(ready <= span.start)
        }
        if let tile = op.tile { written[tile] = max(written[tile] ?? 0, span.finish) }
      }
    }
  }

  @Test("The same input gives the same log", arguments: Example.all)
  func deterministic(example: Example) throws {
    let first = try example.record()
    let second = try example.record()
    #expect(first.events.map(first.line) == second.events.map(second.line))
    #expect(first.spans == second.spans && first.totals == second.totals)
    #expect(first.finalState == second.finalState)
  }

  @Test("Timing never depends on data", arguments: Example.all)
  func dataIndependent(example: Example) throws {
    let first = try example.record(seed: 1)
    let second = try example.record(seed: 2)
    let empty = try Recording.simulate(example.plan.program, on: example.plan.device, inputs: nil)
    #expect(first.finalState != second.finalState)
    for other in [second, empty] {
      #expect(first.events == other.events && first.spans == other.spans)
      #expect(first.totals == other.totals)
      #expect(first.finalState.transfers == other.finalState.transfers)
    }
  }

  @Test(
    "A run that keeps nothing has the totals of one that keeps everything", arguments: Example.all)
  func timingOnly(example: Example) throws {
    #expect(try example.plan.totals() == example.record().totals)
  }

  @Test("Bytes add up: per tensor, per launch, per unit and per event", arguments: Example.all)
  func bytesAddUp(example: Example) throws {
    let recording = try example.record()
    let totals = recording.totals
    #expect(totals.tensors == recording.finalState.transfers)
    #expect(totals.launches.map(\.hbmBytes).reduce(0, +) == totals.hbm.bytes)
    #expect(totals.cycles == recording.lastCycle)
    let rate = try #require(recording.device.rates[.hbm]).perCycle
    if recording.device.l2Bytes == 0 {
      // The book keeps 1/1024 cycle; each transfer rounds up there, the sum once more.
      let exact = Double(totals.hbm.bytes) / rate
      let slack = 1 + Double(totals.ops) / 1024
      let busy = Double(try #require(totals.busyCycles[.hbm]))
      #expect(busy >= exact && busy < exact + slack)
    }
  }
}
