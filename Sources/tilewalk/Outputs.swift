// `--out DIR`: the results of a run as .npy files.

import Foundation
import Kernels
import Lessons
import Machine
import Runs

/// The results that a run of this plan has, by name.
func outputNames(_ plan: Plan) -> [String] {
  let names = Set(plan.program.tensors.map(\.name))
  return allOutputs.filter { name in
    names.contains(name) || (name == "L" && names.isSuperset(of: ["m", "l"]))
  }
}

private let allOutputs = ["O", "m", "l", "L", "dQ", "dK", "dV", "C"]

/// Writes the results, then does `report`; where either fails the folder is as it was before.
func write(
  _ recording: Recording, _ workload: Workload, to files: ResultFiles,
  reporting report: () throws -> Void
) throws {
  try Interruption.noted {
    do {
      for name in allOutputs {
        guard let array = output(name, of: recording, leading: workload.leading) else { continue }
        try files.add(name, array)
      }
      try files.publish()
      try report()
      files.finish()
    } catch {
      files.undo()
      throw error
    }
  }
}

/// One result in the shape of the inputs; L = m + ln l where a kernel does not write it.
private func output(_ name: String, of recording: Recording, leading: [Int]) -> NpyArray? {
  let tensors = recording.program.tensors
  func values(_ name: String) -> [Float]? {
    tensors.firstIndex { $0.name == name }.flatMap { recording.finalState.matrix($0)?.values }
  }
  if name == "L", values("L") == nil {
    guard let m = values("m"), let l = values("l") else { return nil }
    let sums = zip(m, l).map { $1 == 0 ? -Float.infinity : Float(Double($0) + log(Double($1))) }
    return NpyArray(shape: leading + [tensors[0].rows], floats: sums)
  }
  guard let index = tensors.firstIndex(where: { $0.name == name }), let all = values(name) else {
    return nil
  }
  let tensor = tensors[index]
  let isStatistic = ["m", "l", "L"].contains(name)
  return NpyArray(
    shape: heads(leading, of: tensor) + [tensor.rows] + (isStatistic ? [] : [tensor.columns]),
    floats: all)
}

/// The leading extents of one result: dK and dV have those of K and V, which heads may share.
private func heads(_ leading: [Int], of tensor: Tensor) -> [Int] {
  guard !leading.isEmpty else { return [] }
  let entries = leading.dropLast()
  return entries + [tensor.planes / entries.reduce(1, *)]
}
