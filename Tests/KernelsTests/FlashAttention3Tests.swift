// What is FlashAttention-3's alone: eight-bit products, and blocks whose last group has no rows.

import Kernels
import Machine
import Testing

@testable import Library

@Suite("FlashAttention-3")
struct FlashAttention3Tests {
  private func hopper() -> Device {
    var device = testDevice()
    device.tensorFlops[.fp8] = 1024
    return device
  }

  @Test("In fp8 the error is that of the format, and O is fp16", arguments: [33, 64, 1])
  func eightBits(n: Int) throws {
    for rule in [Mask.Rule.none, .causal] {
      let problem = AttentionProblem(
        queries: n, keys: 65, d: 8, heads: 4, keyValueHeads: 2, type: .fp8, maskRule: rule)
      let inputs = Problem.attention(problem).seededInputs(6)
      for mapping in [Mapping(tile: 16), Mapping(rows: 48, columns: 24, depth: 8)] {
        let run = try Finished(
          Catalogue["flash-attention-3"], .attention(problem), mapping, inputs: inputs, on: hopper()
        )
        // A weight keeps three bits of fraction: it errs by 2⁻⁴ of itself, or by 2⁻¹⁰ of the largest
        // where it is below 2⁻⁶ of that.
        let error = worstError(run["O"]!, problem, inputs)
        #expect(error < 0x1p-4 + 65 * 0x1p-10 + 0x1p-11, "\(mapping)")
        #expect(error > 0x1p-10, "nothing was rounded")
        for value in run["O"]!.values { #expect(DataType.fp16.round(value) == value) }
      }
    }
  }

  @Test(
    "Groups that have no rows, or one, change nothing", arguments: [1, 7, 8, 9, 17, 24, 25, 33])
  func oddGroups(n: Int) throws {
    for rule in [Mask.Rule.none, .causal, .window(left: 4, right: 1)] {
      let problem = AttentionProblem(
        queries: n, keys: 21, d: 4, dv: 3, heads: 2, keyValueHeads: 1, maskRule: rule
      ).going(.both, dropout: 0.2)
      let inputs = Problem.attention(problem).seededInputs(3)
      let exact = Reference(problem, inputs: inputs).gradients(inputs["dO"]!)
      let scales = naturalScales(problem, inputs)
      for groups in 2...3 {
        for stages in 1...2 {
          var mapping = Mapping(rows: 8 * groups, columns: 6, depth: 1, stages: stages)
          mapping.groups = groups
          let run = try Finished(
            Catalogue["flash-attention-3"], .attention(problem), mapping, inputs: inputs)
          #expect(worstError(run["O"]!, problem, inputs) < 2e-6, "\(groups) groups")
          for (name, error) in gradientErrors(of: run, against: exact, scales: scales) {
            #expect(error < 1e-5, "\(name), \(groups) groups")
          }
        }
      }
    }
  }

  @Test("Groups take turns: what one computes, another multiplies meanwhile")
  func overlap() throws {
    let problem = AttentionProblem(queries: 128, keys: 512, d: 32, type: .fp16)
    let device = testDevice(sms: 1)
    func cycles(_ groups: Int) throws -> Int {
      var mapping = Mapping(rows: 128, columns: 64, depth: 1)
      mapping.groups = groups
      return try Plan(Catalogue["flash-attention-3"], .attention(problem), mapping, device).totals()
        .cycles
    }
    let inOrder = try Plan(
      Catalogue["flash-attention-2"], .attention(problem),
      Mapping(rows: 128, columns: 64, depth: 1), device
    ).totals().cycles
    #expect(try cycles(2) < inOrder)
  }

  @Test("Backwards, where its groups meet in every round, it is about as fast as was measured")
  func meetings() throws {
    let kernel = Catalogue["flash-attention-3"]
    let device = try DeviceLibrary.find("h100-sxm").device
    var problem = AttentionProblem(queries: 4096, d: 128, batch: 4, heads: 48, type: .bf16)
    problem.pass = .backward
    let mapping = try #require(kernel.launched(problem, on: device))
    let totals = try Plan(kernel, .attention(problem), mapping, device).totals(isExact: false)
    // A public measurement on an H100 has 520 TFLOP/s (facebookexperimental/triton, pull request 3463).
    let rate = Double(totals.matmulFlops) / device.seconds(totals.cycles) / 520e12
    #expect(abs(rate - 1) < 0.12, "\(rate)")
  }
}
