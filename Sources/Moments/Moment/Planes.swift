// Which plane of a tensor goes with a (batch, head) plane of Q.

import Machine

extension Moment {
  /// The same by name; a tile that is only ever on chip has the planes of Q.
  package func plane(named name: String, for plane: Int) -> Int {
    program.tensorIndex(name).map { self.plane(of: $0, for: plane) } ?? plane
  }

  /// The plane of tensor `index` that belongs to plane `plane` of Q.
  package func plane(of index: Int, for plane: Int) -> Int {
    guard case .attention(let problem) = run.plan.problem else { return 0 }
    let tensor = program.tensors[index]
    if tensor.rowAxis == .keys { return problem.keyValuePlane(plane) }
    return headPlane(plane, of: tensor.planes, heads: problem.heads)
  }
}

extension Moment {
  /// The tensors that the launch at hand moves.
  package var tensorsOfLaunch: Set<String> {
    let launches = run.facts.tensorsOfLaunch
    return launches.indices.contains(state.launch) ? launches[state.launch] : []
  }
}
