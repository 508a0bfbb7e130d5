// What the timing of real devices must do whatever the figures are: more work or slower units never make a run faster,
// and a small change never makes it jump.

import Kernels
import Machine
import Testing

@testable import Library

@Suite("Clock and contention")
struct ClockAndContentionTests {
  /// A change of one constant of a device by 1 %, for the slower.
  private struct Change: Sendable {
    let name: String
    let apply: @Sendable (inout Device) -> Void
  }

  /// The kernels that are timed on every GPU.
  private static let timed = [
    "standard-attention", "eager-attention", "flash-attention", "flash-attention-2",
    "flash-attention-3", "flash-attention-4",
  ]

  private static let changes: [Change] =
    Unit.allCases.map { unit in
      Change(name: unit.name) { device in
        if unit == .tensor {
          for type in device.tensorFlops.keys { device.tensorFlops[type]! /= 1.01 }
        }
        device.rates[unit]?.perCycle /= 1.01
      }
    } + [
      Change(name: "HBM latency") { $0.rates[.hbm]!.latency += $0.rates[.hbm]!.latency / 100 },
      Change(name: "L2 latency") { $0.rates[.l2]!.latency += 2 },
      Change(name: "turnover") { $0.turnoverCycles += 12 },
      Change(name: "launch") { $0.launchCycles += $0.launchCycles / 100 },
      Change(name: "L2") { $0.l2Bytes -= $0.l2Bytes / 100 },
      Change(name: "sustained clock") { device in
        device.sustainedMHz = device.sustainedMHz.mapValues { $0 / 1.01 }
      },
      Change(name: "element-wise share") { $0.elementwiseShare /= 1.01 },
    ]

  private func totals(
    _ kernel: String, _ problem: AttentionProblem, _ device: Device, isSplit: Bool = false
  ) throws -> Totals {
    var problem = problem
    problem.type = .fp16
    let kernel = Catalogue[kernel]
    var mapping = kernel.launched(problem, on: device) ?? Mapping(tile: 64)
    if isSplit { mapping.splits = kernel.splits(problem, mapping, on: device) }
    return try Plan(kernel, .attention(problem), mapping, device).totals(isExact: false)
  }

  @Test(
    "1 % of any constant changes no time by more than 3 %, nor makes it shorter where it makes a unit slower",
    arguments: Self.timed, DeviceLibrary.names.filter { $0 != DeviceLibrary.classroom })
  func smooth(kernel: String, name: String) throws {
    let device = try DeviceLibrary.find(name).device
    // Without tensor memory it has no released tiles, and as few blocks as SMs.
    if kernel == "flash-attention-4", device.tensorMemoryBytes == 0 { return }
    for (pass, rule) in [
      (Pass.forward, Mask.Rule.none), (.forward, .causal), (.backward, .none), (.backward, .causal),
    ] {
      var problem = AttentionProblem(queries: 512, d: 64, batch: 4, heads: 16, maskRule: rule)
      problem.pass = pass
      try changeLittle(kernel, problem, device)
      // Here no tile divides the queries, and a few blocks are left over for a last wave.
      guard ["a100-80gb", "h100-sxm", "rtx-3090"].contains(name) else { continue }
      var ragged = AttentionProblem(queries: 1000, d: 128, batch: 4, heads: 16, maskRule: rule)
      ragged.pass = pass
      try changeLittle(kernel, ragged, device)
    }
  }

  /// Blocks are dealt whole, so that the last ones may come to end a little earlier with a slower unit.
  private func changeLittle(
    _ kernel: String, _ problem: AttentionProblem, _ device: Device
  ) throws {
    let cycles = Double(try totals(kernel, problem, device).cycles)
    for change in Self.changes {
      var slower = device
      change.apply(&slower)
      let ratio = Double(try totals(kernel, problem, slower).cycles) / cycles
      #expect(
        (0.99..<1.03).contains(ratio),
        "\(change.name), \(problem.queries), \(problem.pass), \(problem.maskRule): \(ratio)")
    }
  }

  @Test(
    "Nor does it for the other kernels of attention, those for one query among them",
    arguments: Catalogue.kernels.filter { !$0.isMatmul && !timed.contains($0.name) }.map(\.name),
    ["a100-80gb", "h100-sxm"])
  func others(kernel: String, name: String) throws {
    var problem = AttentionProblem(queries: 512, d: 64, heads: 16)
    if Catalogue[kernel].text.packsGroupedHeads {
      problem = AttentionProblem(
        queries: 1, keys: 4096, d: 64, batch: 4, heads: 16,
        keyValueHeads: kernel == "mla-decode" ? 1 : 4)
    }
    try changeLittle(kernel, problem, try DeviceLibrary.find(name).device)
  }

  @Test("The slower HBM or L2, the longer the softmax of a framework, without a jump")
  func softmax() throws {
    let device = try DeviceLibrary.find("a100-80gb").device
    let problem = AttentionProblem(queries: 2048, d: 64, heads: 16)
    for unit in [Unit.hbm, .l2] {
      var last = 0.0
      for step in 0..<8 {
        var other = device
        other.rates[unit]!.perCycle *= 1.1 - 0.05 * Double(step)
        let launches = try totals("eager-attention", problem, other).launches
        let cycles = Double(try #require(launches.first { $0.name == "softmax" }).cycles)
        // Blocks are dealt whole: the last may end a little earlier.
        #expect(cycles >= 0.999 * last)
        if last > 0 { #expect(cycles < 1.09 * last) }
        last = cycles
      }
    }
  }

  @Test("Where HBM is full, a little more or less of L2 changes next to nothing")
  func fullBus() throws {
    let device = try DeviceLibrary.find("h100-sxm").device
    let problem = AttentionProblem(queries: 512, d: 64, batch: 4, heads: 16)
    var found: [Double] = []
    for step in -5...5 {
      var other = device
      other.rates[.l2]!.perCycle *= 1 + 0.005 * Double(step)
      found.append(Double(try totals("standard-attention", problem, other).cycles))
    }
    let (least, most) = (try #require(found.min()), try #require(found.max()))
    #expect(most < 1.005 * least, "\(found)")
  }

  @Test("The slower the tensor cores, the longer FlashAttention-3, without a jump")
  func groups() throws {
    let device = try DeviceLibrary.find("h100-sxm").device
    let problem = AttentionProblem(queries: 1536, d: 64, batch: 2, heads: 16)
    var last = 0.0
    for step in 0..<12 {
      var other = device
      other.tensorFlops[.fp16]! *= 1.05 - 0.01 * Double(step)
      let cycles = Double(try totals("flash-attention-3", problem, other).cycles)
      #expect(cycles >= last)
      if last > 0 { #expect(cycles < 1.02 * last) }
      last = cycles
    }
  }

  @Test("No run is shorter than its busiest unit needs")
  func busiestUnit() throws {
    for name in ["a100-80gb", "h100-sxm"] {
      let device = try DeviceLibrary.find(name).device
      for kernel in [
        "eager-attention", "flash-attention", "flash-attention-2", "flash-attention-3",
      ] {
        let problem = AttentionProblem(queries: 1024, d: 64, batch: 4, heads: 16)
        let totals = try totals(kernel, problem, device)
        for unit in Unit.allCases {
          let count = unit == .hbm || unit == .l2 ? 1 : device.smCount
          let busy = (totals.busyCycles[unit] ?? 0) / count
          #expect(Double(totals.cycles) > 0.97 * Double(busy), "\(kernel), \(unit)")
        }
      }
    }
  }

  @Test("A locked clock changes the SMs and not the HBM, and does not fall under load")
  func lockedClock() throws {
    let device = try DeviceLibrary.find("a100-80gb").device
    let slow = device.locked(at: 1000)
    #expect(slow.clockMHz == 1000 && slow.sustainedMHz.isEmpty)
    #expect(!device.sustainedMHz.isEmpty)
    func seconds(_ kernel: String, _ device: Device) throws -> Double {
      let problem = AttentionProblem(queries: 2048, d: 64, batch: 2, heads: 16)
      return device.seconds(try totals(kernel, problem, device).cycles)
    }
    // Products wait for the SMs, a copy for the HBM.
    let ratio = try seconds("flash-attention-2", slow) / seconds("flash-attention-2", device)
    #expect(ratio > 1.15 && ratio < 1.41)
    let hbm = try #require(slow.rates[.hbm]).perCycle * 1000
    #expect(abs(hbm / (try #require(device.rates[.hbm]).perCycle * 1410) - 1) < 1e-9)
    #expect(abs(slow.seconds(slow.launchCycles) / device.seconds(device.launchCycles) - 1) < 1e-3)
  }

  @Test(
    "FlashAttention 1 with d = 128 waits for the HBM: O goes out and comes back, and L2 holds none of it"
  )
  func boundByHBM() throws {
    let device = try DeviceLibrary.find("a100-80gb").device
    for (n, batch) in [(1024, 16), (4096, 4)] {
      let problem = AttentionProblem(queries: n, d: 128, batch: batch, heads: 16)
      let totals = try totals("flash-attention", problem, device, isSplit: true)
      let share = Double(totals.busyCycles[.hbm] ?? 0) / Double(totals.cycles)
      #expect(share > 0.85, "\(n): \(share)")
    }
  }

  @Test(
    "At d = 128 FlashAttention-2 on an A6000 falls off no cliff where K and V no longer fit in L2")
  func noCliff() throws {
    let device = try DeviceLibrary.find("a6000").device
    func speed(_ n: Int) throws -> Double {
      let problem = AttentionProblem(queries: n, d: 128, heads: 8)
      let totals = try totals("flash-attention-2", problem, device)
      return Double(totals.matmulFlops) / Double(totals.cycles)
    }
    let ratio = try speed(32768) / speed(16384)
    #expect(ratio > 0.9 && ratio < 1.1, "\(ratio)")
  }

  @Test("One query costs a whole tile of them, and the FLOPs that are counted are its own")
  func wholeTiles() throws {
    let device = try DeviceLibrary.find("a100-80gb").device
    let one = try totals(
      "flash-attention-2", AttentionProblem(queries: 1, keys: 4096, d: 128), device)
    let all = try totals(
      "flash-attention-2", AttentionProblem(queries: 128, keys: 4096, d: 128), device)
    #expect(all.matmulFlops == 128 * one.matmulFlops)
    #expect(Double(one.cycles) > 0.97 * Double(all.cycles) && one.cycles <= all.cycles)
  }

  @Test("A place is not filled at once, and nothing of it is left for a single wave")
  func turnover() throws {
    var device = try DeviceLibrary.find("a100-80gb").device
    func cycles(_ heads: Int, _ turnover: Int) throws -> Int {
      device.turnoverCycles = turnover
      return try totals(
        "flash-attention-2", AttentionProblem(queries: 128, keys: 512, d: 64, heads: heads), device
      ).cycles
    }
    #expect(try cycles(100, 0) == cycles(100, 5000))
    #expect(try cycles(1000, 5000) > cycles(1000, 0) + 4000)
  }
}
