// What later builds of released kernels do otherwise: FlashAttention-1's backward pass over key blocks, persistent
// blocks, warp groups that work although they have no rows.

import Kernels
import Library
import Machine
import Testing

@Suite("Released builds")
struct LaterBuildTests {
  private func plan(
    _ name: String, _ problem: AttentionProblem, _ device: Device, splitsKeys: Bool = false
  ) throws -> Plan {
    let kernel = Catalogue[name]
    var mapping = try #require(kernel.launched(problem, on: device))
    mapping.splitsKeys = splitsKeys
    return try Plan(kernel, .attention(problem), mapping, device)
  }

  @Test("FlashAttention-1 splits the keys backwards where that fills the waves better")
  func whereItSplits() throws {
    let device = try DeviceLibrary.find("a100-80gb").device
    let kernel = Catalogue["flash-attention"]
    func splits(_ n: Int, _ heads: Int, _ rule: Mask.Rule = .none) throws -> Bool {
      let problem = AttentionProblem(queries: n, d: 64, heads: heads, type: .fp16, maskRule: rule)
      let mapping = try #require(kernel.launched(problem, on: device))
      return kernel.splitsKeysBackwards(problem, mapping, on: device)
    }
    #expect(try !splits(512, 1024))
    #expect(try splits(2048, 256))
    // With a causal mask always from ten column blocks of 256 on.
    #expect(try splits(2560, 1080, .causal))
    #expect(try !splits(2560, 1080))
    #expect(try !splits(256, 1))
  }

  @Test("With a block for each key block gradients are the same, and bytes as the text says")
  func splitGradients() throws {
    let device = try DeviceLibrary.find("a100-80gb").device
    for rule in [Mask.Rule.none, .causal] {
      var problem = AttentionProblem(
        queries: 70, keys: 600, d: 16, heads: 2, type: .fp16, maskRule: rule)
      problem.pass = .both
      let inputs = Problem.attention(problem).seededInputs(5)
      func gradients(_ splitsKeys: Bool) throws -> (Recording, Plan) {
        let plan = try self.plan("flash-attention", problem, device, splitsKeys: splitsKeys)
        return (try plan.record(inputs: inputs), plan)
      }
      let (whole, plan) = try gradients(false)
      let (split, splitPlan) = try gradients(true)
      #expect(splitPlan.program.launches.map(\.name) == ["attention", "dot", "columns", "convert"])
      #expect(splitPlan.program.launches[2].blocks == 2 * 3)
      for name in ["dQ", "dK", "dV"] {
        let a = try #require(whole.finalState.matrix(plan.program.tensorIndex(name)!))
        let b = try #require(split.finalState.matrix(splitPlan.program.tensorIndex(name)!))
        for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) < 4e-3, "\(name)") }
      }
      let moved = split.totals.tensors
      for traffic in splitPlan.traffic {
        let index = try #require(splitPlan.program.tensorIndex(traffic.tensor))
        #expect(moved[index] == traffic.transfers, "\(traffic.tensor), \(rule)")
      }
    }
  }

  @Test("A persistent block goes on without a gap")
  func persistence() throws {
    var device = try DeviceLibrary.find("h100-sxm").device.locked(at: 1500)
    func cycles(_ name: String, _ turnover: Int) throws -> Int {
      device.turnoverCycles = turnover
      let problem = AttentionProblem(queries: 1024, d: 128, heads: 132, type: .fp16)
      return try plan(name, problem, device).totals(isExact: false).cycles
    }
    #expect(try cycles("flash-attention-3", 0) == cycles("flash-attention-3", 5000))
    #expect(try cycles("flash-attention-2", 5000) > cycles("flash-attention-2", 0) + 5000)
  }

  @Test(
    "All groups of a block of FlashAttention-3 work, also those without rows, and count nothing")
  func idleGroups() throws {
    let device = try DeviceLibrary.find("h100-sxm").device.locked(at: 1500)
    func totals(_ n: Int) throws -> Totals {
      let problem = AttentionProblem(queries: n, keys: 4096, d: 64, heads: 132, type: .fp16)
      return try plan("flash-attention-3", problem, device).totals(isExact: false)
    }
    let (one, all) = (try totals(64), try totals(192))
    #expect(abs(Double(one.cycles) / Double(all.cycles) - 1) < 0.05)
    #expect(all.matmulFlops == 3 * one.matmulFlops && all.exponentials > 2 * one.exponentials)
  }

  @Test(
    "Under a mask the paper's FlashAttention-3 goes up a head, the later build deals the longest first"
  )
  func order() throws {
    let device = try DeviceLibrary.find("h100-sxm").device
    // K and V of a head take 16 MiB: two heads share L2.
    let problem = AttentionProblem(
      queries: 384, keys: 32768, d: 128, heads: 3, type: .fp16, maskRule: .causal)
    func order(_ build: String) throws -> [[Int]] {
      let kernel = Catalogue["flash-attention-3"].with(["build": .word(build)])
      let mapping = try #require(kernel.launched(problem, on: device))
      let plan = try Plan(kernel, .attention(problem), mapping, device)
      let launch = plan.program.launches[0]
      return (0..<launch.blocks).compactMap { index in
        plan.program.block(index, of: launch, samplesLoops: true, keepsOps: true).ops
          .compactMap(\.region).first.map { [$0.plane, $0.rows.lowerBound / 64] }
      }
    }
    #expect(
      try order("paper") == [
        [0, 0], [0, 2], [0, 4], [1, 0], [1, 2], [1, 4], [2, 0], [2, 2], [2, 4],
      ])
    #expect(
      try order("later") == [
        [0, 4], [1, 4], [0, 2], [1, 2], [0, 0], [1, 0], [2, 4], [2, 2], [2, 0],
      ])
  }
}
