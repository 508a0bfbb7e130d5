// Small runs of every kernel: several heads, masks, ragged tiles, formats and devices.

import Kernels
import Machine
import Testing

/// A plan with a name.
struct Example: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var plan: Plan

  init(
    _ name: String, _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping,
    on device: Device = paperDevice()
  ) throws {
    testDescription = "\(kernel.name), \(name)"
    plan = try Plan(kernel, problem, mapping, device)
  }

  func record(seed: UInt64 = 1) throws -> Recording {
    try plan.record(inputs: plan.problem.seededInputs(seed))
  }

  static let all: [Example] = matmul + attention

  private static var matmul: [Example] {
    let kernels: [Kernel] = [Catalogue["naive-matmul"], Catalogue["tiled-matmul"]]
    return kernels.flatMap { kernel in
      [
        try! Example(
          "ragged", kernel, .matmul(MatmulProblem(m: 5, n: 7, k: 6)),
          Mapping(rows: 2, columns: 3, depth: 4), on: paperDevice(sms: 2)),
        try! Example(
          "fp16", kernel, .matmul(MatmulProblem(m: 4, n: 4, k: 8, type: .fp16)), Mapping(tile: 4)),
      ]
    }
  }

  private static var attention: [Example] {
    let kernels: [Kernel] = [
      Catalogue["standard-attention"], Catalogue["flash-attention"], Catalogue["flash-attention-2"],
    ]
    return kernels.flatMap { kernel in
      [
        try! Example(
          "ragged", kernel, .attention(AttentionProblem(queries: 9, keys: 11, d: 3, dv: 2)),
          Mapping(rows: 4, columns: 3, depth: 1)),
        try! Example(
          "heads and a mask", kernel,
          .attention(
            AttentionProblem(
              queries: 8, d: 4, batch: 2, heads: 2, keyValueHeads: 1, maskRule: .causal)),
          Mapping(tile: 4), on: paperDevice(sms: 2)),
        try! Example(
          "an empty row block, fp16, one stage", kernel,
          .attention(
            AttentionProblem(
              queries: 12, keys: 6, d: 4, type: .fp16, softcap: 2, maskRule: .causal)),
          Mapping(rows: 4, columns: 2, depth: 1, stages: 1)),
        try! Example(
          "L2, registers and little SRAM", kernel,
          .attention(AttentionProblem(queries: 16, d: 4)), Mapping(tile: 4),
          on: paperDevice(sms: 3, sram: 600, registers: 1024, l2: 1 << 17)),
      ]
    }
  }
}
