// Where the cycles go: every cycle of every SM is spent on exactly one thing, and a block's stay on
// its SM follows from the spans.

import Machine
import Testing

@Suite("What SMs spend their cycles on")
struct SMTimesTests {
  /// A load of 56 cycles, then work of 10 cycles and a latency of 2, in each of `blocks` blocks.
  private func recording(blocks: Int, sms: Int = 1, perSM: Int = 1) throws -> Recording {
    let program = Program(blocks: blocks) { index, sm in
      let x = sm.load(row(index), line: 1)
      let y = sm.cost(on: x, cycles: 10)
      sm.free(x, y, line: 1)
    }
    return try Recording.simulate(
      program, on: paperDevice(sms: sms, blocksPerSM: perSM), inputs: nil)
  }

  @Test("one block launches, waits for its load, works, and waits for its result")
  func oneBlock() throws {
    let recording = try recording(blocks: 1)
    let breakdown = recording.times.breakdown(until: recording.lastCycle)
    #expect(breakdown[.launchOverhead] == 100)
    #expect(breakdown[.loadStall] == 56)
    #expect(breakdown[.fp32] == 10)
    #expect(breakdown[.dependencyStall] == 2)
    #expect(breakdown.all == recording.lastCycle)
    let times = recording.times
    #expect(
      [0, 99, 100, 155, 156, 165, 166].map { times.kind(sm: 0, at: $0) }
        == [
          .launchOverhead, .launchOverhead, .loadStall, .loadStall, .fp32, .fp32, .dependencyStall,
        ])
  }

  @Test("the SM that gets no block of the last wave is empty until the launch ends")
  func tail() throws {
    let recording = try recording(blocks: 3, sms: 2)
    #expect(recording.residencies.map(\.sm) == [0, 1, 0])
    #expect(recording.residencies.map(\.wave) == [0, 0, 1])
    #expect(recording.residencies.map(\.start) == [100, 100, 168])
    let other = recording.residencies[1].finish
    #expect(recording.times.kind(sm: 1, at: other - 1) == .dependencyStall)
    #expect(recording.times.kind(sm: 1, at: other) == .idle)
    #expect(
      recording.times.breakdown(until: recording.lastCycle)[.idle] == recording.lastCycle - other)
  }

  @Test("a block takes the place of the one that leaves first, however many fit on an SM")
  func places() throws {
    let recording = try recording(blocks: 7, sms: 2, perSM: 2)
    #expect(recording.residencies.map(\.wave) == [0, 0, 0, 0, 1, 1, 1])
    for cycle in 100..<recording.lastCycle {
      for sm in 0..<2 {
        let held = recording.residencies.filter { $0.sm == sm && $0.holds(cycle) }.count
        #expect(held <= 2)
        #expect((held == 0) == (recording.times.kind(sm: sm, at: cycle) == .idle))
      }
    }
  }

  @Test(
    "SM-cycles add up to SMs × cycles, at every cycle and for every launch",
    arguments: Example.all)
  func adsUp(example: Example) throws {
    let recording = try example.record()
    let (times, count) = (recording.times, recording.device.smCount)
    var running = CycleBreakdown()
    for cycle in 0...recording.lastCycle {
      if cycle % 97 == 0 || cycle == recording.lastCycle {
        #expect(times.breakdown(until: cycle) == running)
        #expect(running.all == count * cycle)
      }
      for sm in 0..<count { running[times.kind(sm: sm, at: cycle)] += 1 }
    }
    for launch in recording.totals.launches {
      let breakdown = times.breakdown(until: launch.finish) - times.breakdown(until: launch.start)
      #expect(breakdown.all == count * launch.cycles)
      #expect(breakdown[.launchOverhead] == 0)
    }
    let apart = (0..<count).map { times.breakdown(sm: $0, in: 0..<recording.lastCycle) }
    #expect(apart.reduce(CycleBreakdown(), +) == times.breakdown(until: recording.lastCycle))
  }

  @Test("what was under way agrees with the spans", arguments: Example.all)
  func stretches(example: Example) throws {
    let recording = try example.record()
    let transfers = recording.spans.filter { span in
      span.place.map { recording.blocks[$0.block].ops[$0.op].region != nil } ?? false
    }
    for cycle in stride(from: 0, to: recording.lastCycle, by: 13) {
      let isMoving = transfers.contains { $0.start <= cycle && cycle < $0.finish }
      #expect(recording.active.transfers.count(in: cycle..<cycle + 1) == (isMoving ? 1 : 0))
    }
    #expect(
      recording.totals.launches.reduce(0) { $0 + $1.matmulFlops } == recording.totals.matmulFlops)
    #expect(
      recording.totals.launches.reduce(0) { $0 + $1.busBytes }
        == recording.totals.launched.reduce(0) { $0 + $1.bytes } - recording.totals.l2HitBytes)
  }
}
