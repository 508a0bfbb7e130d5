// Which plane of each tensor belongs to a (batch, head) plane of Q: K and V may have fewer heads.
// And which tensors the current launch moves.

import Machine

extension Moment {
  /// The plane of the tensor called `name` that belongs to plane `plane` of Q. A tile that exists
  /// only on chip has the planes of Q.
  package func plane(named name: String, for plane: Int) -> Int {
    program.tensorIndex(name).map { self.plane(of: $0, for: plane) } ?? plane
  }

  /// The plane of the tensor with index `index` that belongs to plane `plane` of Q.
  package func plane(of index: Int, for plane: Int) -> Int {
    guard case .attention(let problem) = run.plan.problem else { return 0 }
    let tensor = program.tensors[index]
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
