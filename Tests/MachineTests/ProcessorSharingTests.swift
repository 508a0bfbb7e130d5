// Processor sharing: what co-resident blocks cost a block, worked out on paper for two units, and
// what must hold whatever the blocks are.

import Testing

@testable import Machine
@testable import Runs

@Suite("Processor sharing")
struct ProcessorSharingTests {
  /// `paperDevice` whose units are shared and have no latency.
  private func device(sms: Int = 1, blocksPerSM: Int = 8) -> Device {
    var device = paperDevice(sms: sms, blocksPerSM: blocksPerSM)
    device.queueDiscipline = .processorSharing
    for unit in Unit.allCases { device.rates[unit]?.latency = 0 }
    return device
  }

  /// Blocks whose ops take turns on the lanes and the SFU, for `cycles` on each.
  private func alternating(blocks: Int, lanes: Int = 100, sfu: Int = 100, rounds: Int = 50)
    -> Program
  {
    Program(blocks: blocks) { _, sm in
      let x = sm.fill("x", like: row(0), rows: 1, columns: 1, with: 0, line: 1)
      for _ in 0..<rounds {
        sm.update(x, elementwise: 32 * lanes, line: 1)
        sm.update(x, elementwise: 0, exponential: 8 * sfu, line: 1)
      }
      sm.free(x, line: 1)
    }
  }

  /// Blocks that load rows and do nothing with them.
  private func loading(blocks: Int, rows: Int = 64) -> Program {
    Program(blocks: blocks) { _, sm in
      for index in 0..<rows {
        let x = sm.load(row(index % 16), line: 1)
        sm.free(x, line: 1)
      }
    }
  }

  private func cycles(_ program: Program, on device: Device) throws -> Int {
    try totals(of: program, on: device).launches[0].cycles
  }

  @Test("Alone, an op on each of two units takes w + w; beside another such block 3w")
  func halfwayBetweenTurnsAndSteps() throws {
    let rounds = 50
    let alone = try cycles(alternating(blocks: 1, rounds: rounds), on: device())
    #expect((200 * rounds...200 * rounds + 2).contains(alone))
    let two = try cycles(alternating(blocks: 2, rounds: rounds), on: device())
    #expect(abs(Double(two) / Double(300 * rounds) - 1) < 0.01)
    // Perfect turns would be 2w a period, and in step it would be 4w.
    #expect(two > 200 * rounds && two < 400 * rounds)
  }

  @Test("However many blocks share a unit, it gives no more than it has", arguments: 1...8)
  func noUnitGivesMoreThanItHas(blocks: Int) throws {
    for (lanes, sfu) in [(100, 100), (100, 1), (1, 100), (30, 70)] {
      let program = alternating(blocks: blocks, lanes: lanes, sfu: sfu)
      let busiest = 50 * blocks * max(lanes, sfu)
      #expect(try cycles(program, on: device()) >= busiest * 99 / 100)
    }
  }

  @Test("What only moves bytes takes as long as they take on the bus", arguments: [1, 2, 4, 8])
  func memoryBound(blocksPerSM: Int) throws {
    for sms in [1, 2, 5] {
      let blocks = sms * blocksPerSM
      let taken = try cycles(
        loading(blocks: blocks), on: device(sms: sms, blocksPerSM: blocksPerSM))
      let onBus = blocks * 64 * 16
      #expect(taken >= onBus && Double(taken) < 1.02 * Double(onBus), "\(sms) SMs")
    }
  }

  @Test("No launch is over before its bytes have crossed the bus")
  func neverFasterThanTheBus() throws {
    for blocks in [1, 3, 7, 20] {
      for cost in [1, 10, 100] {
        let program = Program(blocks: blocks) { index, sm in
          for step in 0..<20 {
            let x = sm.load(row((index + step) % 16), line: 1)
            let y = sm.cost(on: x, cycles: cost)
            sm.free(x, y, line: 1)
          }
        }
        let totals = try totals(of: program, on: device(sms: 3, blocksPerSM: 2))
        #expect(totals.launches[0].cycles >= totals.hbm.bytes / 16)
      }
    }
  }

  @Test("One more co-resident block never makes a block faster, and never changes what units do")
  func coResidents() throws {
    for (lanes, sfu) in [(100, 100), (100, 10), (3, 90)] {
      var last = 0
      for count in 1...6 {
        let program = alternating(blocks: count, lanes: lanes, sfu: sfu)
        let recording = try Recording.simulate(program, on: device(), inputs: nil)
        let residencies = recording.residencies.map { $0.finish - $0.start }
        #expect(Set(residencies).count == 1, "equal blocks fare alike")
        #expect(residencies[0] >= last)
        last = residencies[0]
        #expect(recording.totals.busyCycles[.fp32] == 50 * count * lanes + (count + 31) / 32)
        #expect(recording.totals.busyCycles[.sfu] == 50 * count * sfu)
      }
    }
  }

  @Test("Busy cycles are the same however many blocks share an SM, or SMs the chip has")
  func busyCycles() throws {
    let expected = try totals(of: loading(blocks: 12), on: device(blocksPerSM: 1)).busyCycles
    for sms in [1, 3, 5] {
      for perSM in [1, 2, 4] {
        let found = try totals(of: loading(blocks: 12), on: device(sms: sms, blocksPerSM: perSM))
        #expect(found.busyCycles == expected)
      }
    }
  }

  @Test("Blocks that start together and ask for one tile at a time get each when all others do")
  func loadsInStep() throws {
    func cycles(blocks: Int, sms: Int, isAwaited: Bool, starts: BlockStarts = .felt) throws -> Int {
      var device = device(sms: sms, blocksPerSM: 1)
      device.rates[.hbm]?.latency = 40
      var program = Program(stages: 64, blocks: blocks) { _, sm in
        // What comes after the first product is no longer a first load.
        let y = sm.fill("y", like: row(0), rows: 1, columns: 1, with: 0, line: 1)
        _ = sm.multiply(y, y, as: "z", at: row(0), line: 1)
        for index in 0..<64 { sm.free(sm.load(row(index % 16), line: 1), line: 1) }
      }
      program.launches[0].starts = starts
      program.launches[0].costModel = { _, cost in
        cost.isAwaited = isAwaited
        return []
      }
      return try self.cycles(program, on: device)
    }
    for sms in [1, 2, 5, 40] {
      // A row is 16 cycles on the bus, and the bus is idle for the latency of each.
      let inStep = try cycles(blocks: sms, sms: sms, isAwaited: true)
      #expect(inStep == 64 * (16 * sms + 40), "\(sms) SMs")
      // Loads that follow each other hide the latency of all but the last.
      let ahead = try cycles(blocks: sms, sms: sms, isAwaited: false)
      #expect((64 * 16 * sms...64 * 16 * sms + 16 * sms + 40).contains(ahead), "\(sms) SMs")
    }
    // Elsewhere blocks come to their loads at different times, so that the bus is not idle.
    let later = try cycles(blocks: 80, sms: 40, isAwaited: true)
    #expect(later >= 64 * 16 * 80 && later < 64 * (16 * 80 + 40))
    let unfelt = try cycles(blocks: 40, sms: 40, isAwaited: true, starts: .unfelt)
    #expect(unfelt >= 64 * 16 * 40 && unfelt < 64 * (16 * 40 + 40))
  }

  @Test("Blocks that are left over go to different SMs")
  func leftOver() throws {
    let program = Program(blocks: 10) { _, sm in
      let x = sm.fill("x", like: row(0), rows: 1, columns: 1, with: 0, line: 1)
      sm.update(x, elementwise: 32 * 1000, line: 1)
      sm.free(x, line: 1)
    }
    let found = try cycles(program, on: device(sms: 4, blocksPerSM: 2))
    #expect((3000..<3300).contains(found), "\(found)")
  }

  @Test("Which SM gets which block depends on the blocks, not on the rates of the device")
  func assignment() throws {
    let program = Program(blocks: 60) { index, sm in
      for step in 0...(index * 7 % 11) {
        // The line tells the blocks apart.
        let x = sm.load(row((index + step) % 16), line: index)
        let y = sm.cost(on: x, cycles: 50)
        sm.free(x, y, line: 1)
      }
    }
    func assigned(bus: Double, lanes: Double) throws -> [Int: Int] {
      var device = device(sms: 5, blocksPerSM: 2)
      device.rates[.hbm]?.perCycle *= bus
      device.rates[.fp32]?.perCycle *= lanes
      let recording = try Recording.simulate(program, on: device, inputs: nil)
      let sms = zip(recording.blocks, recording.placement).map { (Int($0.ops[0].line), $1.sm) }
      return Dictionary(uniqueKeysWithValues: sms)
    }
    let expected = try assigned(bus: 1, lanes: 1)
    #expect(expected.count == 60 && Set(expected.values).count == 5)
    for (bus, lanes) in [(1.01, 1), (10, 1), (1, 10), (0.1, 0.99)] {
      #expect(try assigned(bus: bus, lanes: lanes) == expected)
    }
  }

  @Test("A long op goes faster from when the others have left, and not only the next one")
  func longOps() throws {
    // One op of 100,000 cycles on the lanes, and beside it a block of 10,000.
    let program = Program(blocks: 2) { index, sm in
      let x = sm.fill("x", like: row(0), rows: 1, columns: 1, with: 0, line: 1)
      sm.update(x, elementwise: 32 * (index == 0 ? 100_000 : 10_000), line: 1)
      sm.free(x, line: 1)
    }
    let recording = try Recording.simulate(program, on: device(), inputs: nil)
    let lasting = recording.residencies.map { $0.finish - $0.start }
    let (long, short) = (lasting[0], lasting[1])
    #expect((110_000...120_000).contains(long) && short < 30_000, "\(long), \(short)")
    // It is one op all the same, from its first part to its last.
    let ops = recording.spans.filter { $0.finish - $0.start > 50_000 }
    #expect(
      ops.count == 1 && ops[0].start < 200 && ops[0].finish == recording.residencies[0].finish)
  }

  @Test("Blocks that leave let the others go faster")
  func leaving() throws {
    // Two long blocks alone, and two long ones with two short ones beside them for a while.
    let mixed = Program(blocks: 4) { index, sm in
      let x = sm.fill("x", like: row(0), rows: 1, columns: 1, with: 0, line: 1)
      for _ in 0..<(index < 2 ? 60 : 6) {
        sm.update(x, elementwise: 3200, line: 1)
        sm.update(x, elementwise: 0, exponential: 800, line: 1)
      }
      sm.free(x, line: 1)
    }
    let two = try cycles(alternating(blocks: 2, rounds: 60), on: device())
    let four = try cycles(alternating(blocks: 4, rounds: 60), on: device())
    let found = try cycles(mixed, on: device())
    #expect(found > two && found < four)
    #expect(found >= 66 * 2 * 100)
  }
}
