// When ops run, against times worked out on paper for `paperDevice`: 16 bytes per cycle and 40
// cycles of latency on the bus, 32 operations per cycle and 2 of latency on the lanes.

import Machine
import Testing

@testable import Library

@Suite("Schedule")
struct ScheduleTests {
  @Test("A load takes its bytes over the rate, rounded up, and the latency")
  func oneLoad() throws {
    for (columns, cycles) in [(64, 16), (16, 4), (17, 5), (1, 1)] {
      let program = Program { _, sm in
        let x = sm.load(row(0, columns: columns), line: 1)
        sm.free(x, line: 1)
      }
      #expect(try times(program)["load X[0]"] == [100..<100 + cycles + 40])
    }
  }

  @Test("The slowest of the units that an op needs decides")
  func slowestUnit() throws {
    var device = paperDevice()
    device.rates[.copy] = Rate(perCycle: 8, latency: 0)
    let program = Program { _, sm in
      let x = sm.load(row(0), line: 1)
      sm.free(x, line: 1)
    }
    #expect(try times(program, on: device)["load X[0]"] == [100..<172])
  }

  @Test("Launches are barriers, each after the launch overhead")
  func launches() throws {
    let body: @Sendable (Int, inout Block) -> Void = { index, sm in
      let x = sm.load(row(index), line: 1)
      sm.free(x, line: 1)
    }
    let program = Program(launches: [(2, body), (1, body)])
    let recording = try Recording.simulate(program, on: paperDevice(), inputs: nil)
    // a: 100 … 132 on the bus, there at 172. b: 100 later, 272 … 288, there at 328.
    #expect(recording.totals.launches.map(\.start) == [100, 272])
    #expect(recording.totals.launches.map(\.finish) == [172, 328])
    #expect(recording.totals.launches.map(\.blocks) == [2, 1])
    #expect(recording.totals.launches.map(\.hbmBytes) == [512, 256])
    #expect(recording.totals.cycles == 328 && recording.lastCycle == 328)
    let texts = recording.events.map { "\($0.cycle) \(recording.text(of: $0))" }
    let bounds = texts.filter { $0.contains("launch") }
    #expect(
      bounds == [
        "0 started launch a", "172 finished launch a", "172 started launch b",
        "328 finished launch b",
      ])
  }

  @Test("Two blocks on one SM take turns on the bus, and share its latency")
  func sharedBus() throws {
    let program = Program(blocks: 2) { index, sm in
      let x = sm.load(row(index), line: 1)
      sm.free(x, line: 1)
    }
    let found = try times(program)
    #expect(found["load X[0]"] == [100..<156])
    #expect(found["load X[1]"] == [116..<172])
  }

  @Test("Two SMs share the bus, and each has lanes of its own")
  func sharedAndOwnUnits() throws {
    let program = Program(blocks: 2) { index, sm in
      let x = sm.load(row(index), line: 1)
      let y = sm.cost(on: x, cycles: 50)
      sm.free(x, y, line: 1)
    }
    #expect(try times(program)["rowsum y[0]"] == [156..<208, 206..<258])
    #expect(try times(program, on: paperDevice(sms: 2))["rowsum y[0]"] == [156..<208, 172..<224])
  }

  @Test("Blocks go to the SM with the fewest, and of those to the lowest")
  func dispatch() throws {
    let program = Program(blocks: 7) { _, sm in
      let x = sm.fill("x", like: row(0), rows: 1, columns: 64, with: 0, line: 1)
      sm.free(x, line: 1)
    }
    let recording = try Recording.simulate(program, on: paperDevice(sms: 3), inputs: nil)
    #expect(recording.placement.map(\.sm) == [0, 1, 2, 0, 1, 2, 0])
  }

  @Test("Five equal blocks on two SMs come in waves, the last one ragged")
  func waves() throws {
    let program = Program(blocks: 5) { _, sm in
      let x = sm.fill("x", like: row(0), rows: 5, columns: 64, with: 0, line: 1)
      sm.free(x, line: 1)
    }
    let device = paperDevice(sms: 2, blocksPerSM: 1)
    let recording = try Recording.simulate(program, on: device, inputs: nil)
    #expect(
      try times(program, on: device)["fill x[0]"]?.map(\.lowerBound) == [100, 100, 112, 112, 124])
    #expect(recording.placement.map(\.sm) == [0, 1, 0, 1, 0])
    #expect(recording.totals.cycles == 136)
    #expect(recording.totals.busyCycles[.fp32] == 50)
  }

  @Test("As many blocks share an SM as its SRAM holds")
  func residency() throws {
    let program = Program(blocks: 3) { _, sm in
      let x = sm.fill("x", like: row(0), rows: 5, columns: 64, with: 0, line: 1)
      sm.free(x, line: 1)
    }
    // A block needs 1,280 bytes: two fit into 2,560, one into a byte less.
    let two = paperDevice(sram: 2560)
    #expect(try times(program, on: two)["fill x[0]"]?.map(\.lowerBound) == [100, 110, 120])
    let one = paperDevice(sram: 2559)
    #expect(try times(program, on: one)["fill x[0]"]?.map(\.lowerBound) == [100, 112, 124])
    #expect(try totals(of: program, on: two).sramPeakBytes == 2560)
    #expect(try totals(of: program, on: one).sramPeakBytes == 1280)
  }

  /// Three tiles loaded one after the other, each worked on for 100 cycles.
  private func pipeline(stages: Int) -> Program {
    Program(stages: stages) { _, sm in
      for index in 0..<3 {
        let x = sm.load(row(index), line: 1)
        let y = sm.cost(on: x, cycles: 100, as: "y")
        sm.free(x, y, line: 2)
      }
    }
  }

  @Test("With one stage a load waits until the tile before it is free")
  func oneStage() throws {
    let found = try times(pipeline(stages: 1))
    #expect(found["load X[0]"] == [100..<156])
    #expect(found["load X[1]"] == [258..<314])
    #expect(found["load X[2]"] == [416..<472])
    #expect(found["rowsum y[0]"] == [156..<258, 314..<416, 472..<574])
  }

  @Test("With two stages loads run ahead, but not further than the buffer allows")
  func twoStages() throws {
    let found = try times(pipeline(stages: 2))
    #expect(found["load X[0]"] == [100..<156])
    #expect(found["load X[1]"] == [116..<172])
    #expect(found["load X[2]"] == [258..<314])
    #expect(found["rowsum y[0]"] == [156..<258, 258..<360, 360..<462])
  }

  @Test("Arithmetic of a block starts in the order in which it was recorded")
  func inOrder() throws {
    let program = Program { _, sm in
      let x = sm.load(row(0), line: 1)
      let y = sm.cost(on: x, cycles: 1)
      let z = sm.fill("z", like: row(0), rows: 1, columns: 32, with: 0, line: 1)
      sm.free(x, y, z, line: 1)
    }
    let found = try times(program)
    #expect(found["rowsum y[0]"] == [156..<159])
    #expect(found["fill z[0]"] == [157..<160])
  }

  @Test("What reads a tile waits for what wrote it")
  func readAfterWrite() throws {
    let program = Program { _, sm in
      let x = sm.fill("x", like: row(0), rows: 1, columns: 64, with: 1, line: 1)
      let y = sm.cost(on: x, cycles: 1)
      sm.free(x, y, line: 1)
    }
    let found = try times(program)
    #expect(found["fill x[0]"] == [100..<104])
    #expect(found["rowsum y[0]"] == [104..<107])
  }

  @Test("What changes a tile waits for those who still read it")
  func writeAfterRead() throws {
    let program = Program { _, sm in
      let x = sm.fill("x", like: row(0), rows: 1, columns: 64, with: 1, line: 1)
      sm.store(x, to: row(0), line: 1)
      sm.update(x, .convert(.fp16), elementwise: 64, line: 1)
      sm.free(x, line: 1)
    }
    let found = try times(program)
    #expect(found["store x[0]"] == [104..<160])
    #expect(found["convert x[0]"] == [160..<164])
  }

  @Test("A load of what the block has stored waits for the store")
  func storeThenLoad() throws {
    let program = Program { _, sm in
      let x = sm.fill("x", like: row(0), rows: 1, columns: 64, with: 1, line: 1)
      sm.store(x, to: row(3), line: 1)
      let y = sm.load(row(3), line: 1)
      let z = sm.load(row(4), line: 1)
      sm.free(x, y, z, line: 1)
    }
    let found = try times(program)
    #expect(found["store x[0]"] == [104..<160])
    #expect(found["load X[3]"] == [160..<216])
    let inputs = ["X": Matrix(rows: 16, columns: 64, repeating: 5)]
    let recording = try Recording.simulate(program, on: paperDevice(), inputs: inputs)
    for (text, value) in [("finished load X[3]", Float(1)), ("finished load X[4]", 5)] {
      let event = try #require(recording.events.firstIndex { recording.text(of: $0) == text })
      let place = try #require(recording.spans[recording.events[event].span].place)
      let tile = try #require(recording.blocks[0].ops[place.op].tile)
      let state = recording.state(beforeEvent: event + 1)
      #expect(
        state.sram[TileKey(block: place.block, tile: tile)]?.values
          == Array(repeating: value, count: 64))
    }
  }

  @Test("Of what is read twice, half comes from L2 and does not cross the bus")
  func cacheHits() throws {
    let program = Program { _, sm in
      let x = sm.load(row(0), line: 1)
      let y = sm.load(row(0), line: 1)
      sm.free(x, y, line: 1)
    }
    let device = paperDevice(l2: 1 << 16)
    // Each load takes the bus for 8 cycles of 16, and the copy unit for 8; L2 for 4.
    #expect(try times(program, on: device)["load X[0]"] == [100..<148, 108..<156])
    let found = try totals(of: program, on: device)
    #expect(found.busyCycles[.hbm] == 16 && found.busyCycles[.l2] == 8)
    #expect(found.l2HitBytes == 256 && found.tensors[0].readBytes == 512)
    #expect(found.launches.map(\.busBytes) == [256])
    let without = try totals(of: program, on: paperDevice())
    #expect(without.busyCycles[.hbm] == 32 && without.l2HitBytes == 0)
    #expect(without.launches.map(\.busBytes) == [512])
  }

  @Test("What a launch leaves in L2 the next one reads from there, at its latency")
  func cacheHitsOfAnEarlierLaunch() throws {
    let body: @Sendable (Int, inout Block) -> Void = { index, sm in
      let x = sm.load(row(index), line: 1)
      sm.free(x, line: 1)
    }
    let program = Program(launches: [(1, body), (1, body)])
    let found = try totals(of: program, on: paperDevice(l2: 1 << 16))
    #expect(found.launches.map(\.busBytes) == [256, 0] && found.l2HitBytes == 256)
    // The copy unit for 8 cycles, and L2's latency of 10.
    #expect(found.launches.map(\.cycles) == [56, 18])
    // 16 rows are more than this L2 holds.
    let small = try totals(of: program, on: paperDevice(l2: 128))
    #expect(small.launches.map(\.busBytes) == [256, 256])
  }

  @Test("A format that the tensor cores do not take is multiplied on the lanes")
  func multiplyOnLanes() throws {
    let body: @Sendable (Int, inout Block) -> Void = { _, sm in
      let x = sm.fill("x", like: row(0), rows: 16, columns: 16, with: 1, line: 1)
      let y = sm.multiply(x, x, as: "y", at: row(0), line: 1)
      sm.free(x, y, line: 1)
    }
    // 2·16³ = 8,192 FLOPs: 16 cycles at 512 per cycle, 128 on 32 lanes of two each.
    let onTensor = try times(Program(body))["multiply y[0]"]
    #expect(onTensor == [110..<130])
    var half = Program(body)
    half.type = .fp16
    #expect(try times(half)["multiply y[0]"] == [110..<240])
  }
}
