// Small things that several suites use: a device to run on, and the direct formula to agree with.

import Foundation
import Kernels
import Machine

/// A GPU that is quick to simulate: the classroom's rates with roomy SRAM.
func testDevice(sms: Int = 2, sram: Int = 1 << 20, registers: Int = 0) -> Device {
  Device(
    name: "test", title: "Test", note: "", clockMHz: 1000, smCount: sms, sharedBytes: sram,
    sharedBytesPerBlock: sram, registerBytes: registers, maxBlocksPerSM: 4,
    tensorFlops: [.fp32: 512, .fp16: 512, .bf16: 512],
    rates: [
      .tensor: Rate(perCycle: 512, latency: 4), .fp32: Rate(perCycle: 32, latency: 2),
      .sfu: Rate(perCycle: 8, latency: 4), .shared: Rate(perCycle: 128, latency: 0),
      .copy: Rate(perCycle: 32, latency: 0), .hbm: Rate(perCycle: 16, latency: 40),
    ],
    hbmBytes: 1 << 30, l2Bytes: 0, launchCycles: 100, defaultTile: 16)
}

/// All of the catalogue's that go both ways.
let attentionKernels: [Kernel] = Catalogue.kernels.filter {
  !$0.isMatmul && !$0.text.isApproximate && $0.hasBackwardPass
}

/// Those whose traffic the papers print, each written out a second time in `literalTraffic`.
let paperKernels: [Kernel] = [
  Catalogue["standard-attention"], Catalogue["flash-attention"], Catalogue["flash-attention-2"],
]

/// Kernels that keep the scores in HBM.
func keepsScores(_ kernel: Kernel) -> Bool {
  ["standard-attention", "eager-attention"].contains(kernel.name)
}

/// A finished run with its outputs by name.
struct Finished {
  let recording: Recording
  let plan: Plan

  init(
    _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, inputs: [String: Matrix],
    on device: Device = testDevice()
  ) throws {
    plan = try Plan(kernel, problem, mapping, device)
    recording = try plan.record(inputs: inputs)
  }

  subscript(name: String) -> Matrix? {
    plan.program.tensorIndex(name).flatMap { recording.finalState.matrix($0) }
  }
}

/// Largest |actual − exact| over all queries, as a fraction of the natural scale of O: the largest
/// Σ |P·v| that forms one entry.
func worstError(_ actual: Matrix, _ problem: AttentionProblem, _ inputs: [String: Matrix])
  -> Double
{
  var absolute = inputs
  absolute["V"] = Matrix(
    planes: problem.keyValuePlanes, rows: problem.keys, columns: problem.dv,
    values: inputs["V"]!.values.map { abs($0) })
  let reference = Reference(problem, inputs: inputs)
  let magnitude = Reference(problem, inputs: absolute)
  var (worst, scale) = (0.0, 0.0)
  for plane in 0..<problem.planes {
    for row in 0..<problem.queries {
      let exact = reference.row(plane: plane, row: row).output
      scale = max(scale, magnitude.row(plane: plane, row: row).output.max() ?? 0)
      for column in 0..<problem.dv {
        worst = max(worst, abs(Double(actual[plane, row, column]) - exact[column]))
      }
    }
  }
  return scale == 0 ? worst : worst / scale
}

extension Matrix {
  /// An element of a matrix of one plane.
  subscript(row: Int, column: Int) -> Float {
    get { self[0, row, column] }
    set { self[0, row, column] = newValue }
  }
}

extension AttentionProblem {
  /// The same in another direction, with weights dropped.
  func going(_ pass: Pass, dropout: Double? = nil, seed: UInt64 = 1) -> AttentionProblem {
    var problem = self
    problem.pass = pass
    problem.dropout = dropout.map { Dropout(probability: $0, seed: seed, heads: heads) }
    return problem
  }
}
