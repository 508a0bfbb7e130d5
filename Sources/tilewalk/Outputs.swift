// The results of a run as arrays, by the names of their files.

import Foundation
import Kernels
import Lessons
import Machine

/// Everything that a run has computed, in the shapes of its inputs.
/// - Parameter leading: batch and heads, where the inputs have them.
func results(of recording: Recording, leading: [Int]) -> [(name: String, array: NpyArray)] {
  ["O", "m", "l", "L", "dQ", "dK", "dV", "C"].compactMap { name in
    output(name, of: recording, leading: leading).map { (name, $0) }
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
