// Which plane of each tensor belongs to a (batch, head) plane of Q: K and V may have fewer heads.
// And which tensors the current launch moves.

import Machine

extension Moment {
  /// The plane of Q that holds the selected head: kernels that pack grouped heads have several in one.
  package func plane(_ selection: Selection) -> Int { selection.plane / run.plan.headsAsRows }

  /// The plane of the tensor called `name` that belongs to the selected head. A tile that exists
  /// only on chip has the planes of Q.
  package func plane(named name: String, for selection: Selection) -> Int {
    program.tensorIndex(name).map { plane(of: $0, for: selection) } ?? plane(selection)
  }

  /// The plane of the tensor with index `index` that belongs to the selected head.
  package func plane(of index: Int, for selection: Selection) -> Int {
    guard case .attention(let problem) = run.plan.problem else { return 0 }
    let tensor = program.tensors[index]
    let plane = plane(selection)
    if tensor.rowAxis == .keys { return problem.keyValuePlane(plane) }
    return headPlane(plane, of: tensor.planes, heads: problem.heads)
  }
}

extension Moment {
  /// The names of the tensors that the current launch moves.
  package var tensorsOfLaunch: Set<String> {
    let launches = run.facts.tensorsOfLaunch
    return launches.indices.contains(state.launch) ? launches[state.launch] : []
  }
}
