// Two small plans to export, and a canvas with every trap in it.

import Canvas
import Kernels
import Machine

@testable import Library

/// A plan on a built-in device.
func plan(
  _ kernel: Kernel = Catalogue["flash-attention"], problem: Problem? = nil, mapping: Mapping? = nil,
  on device: String = "classroom"
) throws -> Plan {
  let attention = Problem.attention(
    AttentionProblem(queries: 12, keys: 20, d: 4, dv: 3, heads: 2, maskRule: .causal))
  return try Plan(
    kernel, problem ?? attention, mapping ?? Mapping(rows: 4, columns: 8, depth: 8),
    DeviceLibrary.find(device).device)
}

extension Plan {
  /// The recording of seeded inputs.
  func seeded() throws -> Recording { try record(inputs: problem.seededInputs(1)) }

  /// How far its output is off.
  func error(of recording: Recording) -> OutputError? {
    ExactOutput(problem, inputs: problem.seededInputs(1)).error(of: recording)
  }
}
