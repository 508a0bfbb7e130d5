// SRAM: what a block owns, what is refused, and that no run ever holds more than there is.

import Kernels
import Testing

@testable import Machine

@Suite("SRAM")
struct SramTests {
  private func block(stages: Int = 2, _ body: @escaping @Sendable (inout Block) -> Void) -> Block {
    let program = Program(stages: stages) { _, sm in body(&sm) }
    return program.block(0, of: program.launches[0])
  }

  @Test("Tiles of one name take turns in one buffer of the largest of them")
  func turns() {
    let block = block { sm in
      for rows in [1, 3, 2] {
        let y = sm.fill("y", like: row(0), rows: rows, columns: 8, with: 0, line: 1)
        sm.free(y, line: 1)
      }
    }
    #expect(block.footprint(on: paperDevice()) == Footprint(shared: 3 * 8 * 4))
    #expect(block.bufferSizes.map(\.name) == ["y"] && block.bufferSizes[0].slots == 1)
  }

  @Test("Tiles that are there together need room together")
  func together() {
    let block = block { sm in
      let a = sm.fill("y", like: row(0), rows: 1, columns: 8, with: 0, line: 1)
      let b = sm.fill("y", like: row(0), rows: 1, columns: 8, with: 0, line: 1)
      sm.free(a, b, line: 1)
    }
    #expect(block.footprint(on: paperDevice()) == Footprint(shared: 2 * 8 * 4))
  }

  @Test("A loaded buffer has room for as many tiles as there are stages, if it is used again")
  func stages() {
    let twice: @Sendable (inout Block) -> Void = { sm in
      for index in 0..<3 { sm.free(sm.load(row(index), line: 1), line: 1) }
    }
    #expect(block(stages: 1, twice).footprint(on: paperDevice()).shared == 256)
    #expect(block(stages: 2, twice).footprint(on: paperDevice()).shared == 512)
    let once = block { sm in sm.free(sm.load(row(0), line: 1), line: 1) }
    #expect(once.footprint(on: paperDevice()).shared == 256)
  }

  @Test("Computed tiles live in registers where a device has them")
  func registers() {
    let block = block { sm in
      let x = sm.load(row(0), line: 1)
      let y = sm.cost(on: x, cycles: 1)
      sm.free(x, y, line: 1)
    }
    #expect(block.footprint(on: paperDevice()) == Footprint(shared: 260))
    #expect(
      block.footprint(on: paperDevice(registers: 64)) == Footprint(shared: 256, registers: 4))
  }

  @Test("What does not fit is refused before the run, with what is needed and what there is")
  func refusal() throws {
    let program = Program(launches: [
      (1, { _, sm in sm.free(sm.load(row(0, columns: 8), line: 1), line: 1) }),
      (1, { _, sm in sm.free(sm.load(row(0), line: 1), line: 1) }),
    ])
    let small = paperDevice(sram: 255)
    for error in [
      #expect(throws: ScheduleError.self) {
        try Recording.simulate(program, on: small, inputs: nil)
      },
      #expect(throws: ScheduleError.self) { try totals(of: program, on: small) },
    ] {
      #expect(error == refusal(of: "b", needing: 256, owning: 255))
    }
    _ = try Recording.simulate(program, on: paperDevice(sram: 256), inputs: nil)
    // One block may not own all of an SM's shared memory everywhere.
    var device = paperDevice(sram: 1024)
    device.sharedBytesPerBlock = 100
    #expect(throws: ScheduleError.self) { try Recording.simulate(program, on: device, inputs: nil) }
  }

  private func refusal(of launch: String, needing: Int, owning: Int) -> ScheduleError {
    .doesNotFit(
      DoesNotFit(
        launch: launch, needed: Footprint(shared: needing), available: Footprint(shared: owning)))
  }

  @Test("A block that needs more than the first of its launch is refused, and nothing hangs")
  func laterBlock() throws {
    // Each of five blocks loads a row more than the one before: 64 columns of 4 bytes, two stages.
    let program = Program(launches: [
      (
        5,
        { index, sm in
          let tiles = (0...index).map { sm.load(row($0), line: 1) }
          for tile in tiles { sm.free(tile, line: 1) }
        }
      )
    ])
    for queueDiscipline in QueueDiscipline.allCases {
      var device = paperDevice(sram: 1279)
      device.queueDiscipline = queueDiscipline
      let expected = refusal(of: "a", needing: 1280, owning: 1279)
      #expect(throws: expected) { try Recording.simulate(program, on: device, inputs: nil) }
      #expect(throws: expected) { try totals(of: program, on: device) }
      #expect(throws: expected) { try totals(of: program, on: device, detail: .sampled) }
      #expect(throws: DoesNotFit.self) { try program.checkFit(on: device) }
      device.sharedBytes = 1280
      device.sharedBytesPerBlock = 1280
      #expect(try Recording.simulate(program, on: device, inputs: nil).blocks.count == 5)
    }
  }

  @Test("Shared memory and registers are given away in units, and the system keeps a part")
  func allocation() {
    var device = paperDevice(sram: 167_936, registers: 262_144, blocksPerSM: 32)
    device.maxWarpsPerSM = 64
    #expect(blocksPerSM(Footprint(shared: 8192), on: device) == 20)
    device.reservedSharedBytesPerBlock = 1024
    device.sharedAllocationBytes = 128
    device.registerAllocationBytes = 1024
    // As the CUDA occupancy calculator has it for compute capability 8.0.
    #expect(blocksPerSM(Footprint(shared: 8192), on: device) == 18)
    #expect(blocksPerSM(Footprint(shared: 166_912), on: device) == 1)
    #expect(blocksPerSM(Footprint(shared: 166_913), on: device) == 0)
    #expect(!device.fits(Footprint(shared: 166_913)))
    // 4 warps of 65 registers a thread: 8,320 bytes are 9 units of 1 KiB for each.
    let block = Footprint(shared: 0, registers: 4 * 32 * 65 * 4, warps: 4)
    #expect(device.allocation(of: block).registers == 4 * 9 * 1024)
    #expect(blocksPerSM(block, on: device) == 7)
  }

  @Test(
    "A plan that does not fit names the largest tile that does",
    arguments: ["standard-attention", "flash-attention", "flash-attention-2"])
  func largestTile(name: String) throws {
    let kernel = try #require(Catalogue.kernel(named: name))
    let problem = Problem.attention(AttentionProblem(queries: 32, d: 8))
    let device = paperDevice(sram: 2000)
    let error = #expect(throws: PlanError.self) {
      try Plan(kernel, problem, Mapping(tile: 32), device)
    }
    guard case .doesNotFit(let refusal, let largest?) = error else {
      Issue.record("expected a largest tile")
      return
    }
    #expect(refusal.needed.shared > 2000 && refusal.available == Footprint(shared: 2000))
    _ = try Plan(kernel, problem, Mapping(tile: largest), device)
    #expect(throws: PlanError.self) {
      try Plan(kernel, problem, Mapping(tile: largest + 1), device)
    }
  }

  @Test(
    "No SM ever holds more than its SRAM, and no buffer more than its stages",
    arguments: Example.all)
  func neverTooMuch(example: Example) throws {
    let recording = try example.record()
    let device = recording.device
    var owned = [Footprint](repeating: Footprint(), count: device.smCount)
    var allocatedTiles: [TileKey: TileInfo] = [:]
    for event in recording.events {
      guard let place = recording.spans[event.span].place else { continue }
      let block = recording.blocks[place.block]
      let op = block.ops[place.op]
      let sm = recording.placement[place.block.index].sm
      guard let tile = op.tile else { continue }
      let key = TileKey(block: place.block, tile: tile)
      let info = block.tiles[tile]
      if op.operation == .free {
        #expect(allocatedTiles.removeValue(forKey: key) != nil)
        count(info, -1, &owned[sm], device)
      } else if allocatedTiles[key] == nil {
        #expect(event.phase != .finished)
        allocatedTiles[key] = info
        count(info, 1, &owned[sm], device)
        #expect(owned[sm].shared <= device.sharedBytes)
        #expect(owned[sm].registers <= device.registerBytes)
        checkStages(info, of: place.block, allocatedTiles, example.plan.mapping.stages)
      }
    }
    #expect(allocatedTiles.isEmpty && owned.allSatisfy { $0.total == 0 })
    #expect(recording.totals.sramPeakBytes <= device.sramBytes)
  }

  private func count(_ info: TileInfo, _ sign: Int, _ owned: inout Footprint, _ device: Device) {
    if info.isLoaded || device.registerBytes == 0 {
      owned.shared += sign * info.bytes
    } else {
      owned.registers += sign * info.bytes
    }
  }

  private func checkStages(
    _ info: TileInfo, of block: BlockID, _ allocatedTiles: [TileKey: TileInfo], _ stages: Int
  ) {
    guard info.isLoaded else { return }
    let tiles = allocatedTiles.filter { $0.key.block == block && $0.value.name == info.name }
    #expect(tiles.count <= stages)
  }
}
