// How far a run is from its own text without rounding: for kernels whose definition nobody else has written down.

import Machine

extension OutputError {
  /// The comparison of a run's results with those of its text in double precision; nil without values.
  package static func ofOwnText(_ recording: Recording) -> OutputError? {
    guard let results = DoubleReplay.results(of: recording) else { return nil }
    let program = recording.program
    let outputs = program.tensors.indices.filter { program.tensors[$0].role == .output }
    let rows = outputs.map { program.tensors[$0].planes * program.tensors[$0].rows }.max() ?? 0
    var error = OutputError(checkedRows: rows, allRows: rows)
    error.isOfOwnText = true
    for index in outputs {
      guard let output = recording.finalState.matrix(index) else { continue }
      error.nonFinite += output.values.count { !$0.isFinite }
      for (actual, exact) in zip(output.values, results[index].lazy.map(\.values).joined()) {
        error.add(actual, exact: exact, of: program.tensors[index].name)
      }
    }
    return error
  }
}
