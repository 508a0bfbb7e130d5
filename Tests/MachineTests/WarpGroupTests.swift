// Warp groups of one block under processor sharing: in which order each comes to its ops, and when they meet at
// a unit. Times are worked out on paper.

import Testing

@testable import Machine

@Suite("Warp groups")
struct WarpGroupTests {
  private var device: Device {
    var device = paperDevice()
    device.queueDiscipline = .processorSharing
    device.launchCycles = 0
    for unit in Unit.allCases { device.rates[unit]?.latency = 0 }
    return device
  }

  /// The product of two tiles of 16 × 16: 8192 FLOPs, 16 cycles of the tensor cores.
  private static func product(_ x: Tile, _ name: String, _ block: inout Block) -> Tile {
    block.isAsynchronous = true
    defer { block.isAsynchronous = false }
    return block.multiply(x, x, as: name, at: row(0), line: 1)
  }

  private static func input(_ block: inout Block) -> Tile {
    block.fill("x", like: row(0), rows: 16, columns: 16, with: 0, line: 1)
  }

  private func cycles(_ body: @escaping @Sendable (inout Block) -> Void) throws -> Int {
    try totals(of: Program(blocks: 1) { body(&$1) }, on: device).launches[0].cycles
  }

  @Test("A product that is not waited for begins no sooner than its group comes to it")
  func inOrder() throws {
    // The lanes are busy for 8 cycles with x and for 100 with y; the product needs x alone.
    let after = try cycles { block in
      let x = Self.input(&block)
      _ = block.cost(on: x, cycles: 100)
      _ = Self.product(x, "s", &block)
    }
    #expect(after == 8 + 100 + 16)
    let before = try cycles { block in
      let x = Self.input(&block)
      _ = Self.product(x, "s", &block)
      _ = block.cost(on: x, cycles: 100)
    }
    #expect(before == 8 + 100)
  }

  @Test("A group that cannot ask for a product yet does not go on to what comes after it")
  func waitsForOperands() throws {
    // A row arrives after 16 cycles; x is there after 8.
    let found = try cycles { block in
      let loaded = block.load(row(0), line: 1)
      let x = Self.input(&block)
      block.isAsynchronous = true
      _ = block.multiply(loaded, x, as: "s", at: row(0), line: 1)
      block.isAsynchronous = false
      _ = block.cost(on: x, cycles: 100)
    }
    #expect(found == 16 + 100)
  }

  @Test(
    "What groups do when they have just begun together shares the units evenly", arguments: 1...4)
  func inStep(groups: Int) throws {
    @Sendable func body(_ isInStep: Bool, _ block: inout Block) {
      for group in 0..<groups {
        block.group = group
        block.isInStep = isInStep
        let x = Self.input(&block)
        _ = block.cost(on: x, cycles: 100)
        block.update(x, elementwise: 0, exponential: 800, line: 1)
        block.isInStep = false
      }
    }
    let together = try cycles { body(true, &$0) }
    #expect(together == groups * (8 + 100 + 100))
    // Averaged over phase: less than in step, and no less than the busiest unit needs.
    let apart = try cycles { body(false, &$0) }
    #expect(apart >= groups * 108 && (groups == 1 || apart < together))
  }

  @Test("Groups that meet go on when the last of them has come", arguments: [true, false])
  func meeting(isShared: Bool) throws {
    // Without a meeting the second group would be done after 8 + 10 + 40 cycles.
    let program = Program(blocks: 1) { _, block in
      for group in 0..<2 {
        block.group = group
        _ = block.cost(on: Self.input(&block), cycles: group == 0 ? 500 : 10)
      }
      let arrivals = block.arrivals(of: 2)
      for group in 0..<2 {
        block.group = group
        block.meet(arrivals, line: 1)
        let y = block.fill("y", like: row(0), rows: 1, columns: 1, with: 0, line: 2)
        block.update(y, elementwise: 0, exponential: 8 * 40, line: 7)
      }
    }
    var device = device
    if !isShared { device.queueDiscipline = .firstComeFirstServed }
    let recording = try Recording.simulate(program, on: device, inputs: nil)
    let starts = recording.spans.filter { span in
      span.place.map { recording.blocks[$0.block.index].ops[$0.op.index].line == 7 } ?? false
    }.map(\.start)
    #expect(starts.count == 2 && starts.allSatisfy { $0 >= 508 }, "\(starts)")
  }
}
