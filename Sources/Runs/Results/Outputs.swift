// The results of a run as NumPy arrays, each named after its tensor.

import Foundation
import Library
import Machine

/// The outputs and softmax statistics of a run, shaped like its inputs: [rows, columns] or [rows]
/// behind the leading extents. The log-sum-exp L is added where the kernel only writes m and l.
/// - Parameters:
///   - leading: extents of batch and heads, where the inputs have them.
///   - headsAsRows: heads that lie as rows of one tile; here they are heads again.
package func results(
  of recording: Recording, leading: [Int], headsAsRows: Int = 1
) -> [(name: String, array: NpyArray)] {
  let tensors = recording.program.tensors
  var results: [(name: String, array: NpyArray)] = []
  for (index, tensor) in tensors.enumerated() where [.output, .statistic].contains(tensor.role) {
    guard let values = recording.finalState.matrix(index)?.values else { continue }
    let isColumn = tensor.columnAxis == .none
    let packed = tensor.rowAxis == .queries ? headsAsRows : 1
    let shape =
      heads(leading, planes: tensor.planes * packed) + [tensor.rows / packed]
      + (isColumn ? [] : [tensor.columns])
    results.append((tensor.name, NpyArray(shape: shape, floats: values)))
  }
  if let sums = logSums(of: results) { results.append(("L", sums)) }
  return results
}

/// L = m + ln l, the log-sum-exp of each row, where a kernel does not write it; nil without m and
/// l.
private func logSums(of results: [(name: String, array: NpyArray)]) -> NpyArray? {
  func array(_ name: String) -> NpyArray? { results.first { $0.name == name }?.array }
  guard array("L") == nil, let m = array("m"), let l = array("l"), m.shape == l.shape else {
    return nil
  }
  let sums = zip(m.floats, l.floats).map {
    $1 == 0 ? -Float.infinity : Float(Double($0) + log(Double($1)))
  }
  return NpyArray(shape: m.shape, floats: sums)
}

/// The leading extents of one result. dK and dV have those of K and V, whose heads several query
/// heads may share.
private func heads(_ leading: [Int], planes: Int) -> [Int] {
  guard !leading.isEmpty else { return [] }
  let entries = leading.dropLast()
  return entries + [planes / entries.reduce(1, *)]
}
