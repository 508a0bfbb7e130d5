// `--out DIR`: the results as .npy files, all of them or none.

import Foundation
import Kernels
import Lessons
import Machine
import Runs

func writeOutputs(of recording: Recording, _ workload: Workload, to folder: String) throws {
  var files: [(name: String, array: NpyArray)] = []
  for name in ["O", "m", "l", "L", "dQ", "dK", "dV", "C"] {
    guard let array = output(name, of: recording, leading: workload.leading) else { continue }
    files.append((name, array))
  }
  do {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
  } catch {
    throw Failure(code: 66, "\(visible(folder)): cannot make this folder")
  }
  var written: [String] = []
  do {
    for file in files {
      let path = "\(folder)/\(file.name).npy"
      try file.array.write(to: path)
      written.append(path)
    }
  } catch {
    for path in written { try? FileManager.default.removeItem(atPath: path) }
    throw error
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
