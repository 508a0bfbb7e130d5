// Which plane of a tensor goes with a plane of Q, what is never in HBM, and which tensors a launch
// moves.

import Kernels
import Machine

extension Moment {
  /// The same by name; a tile that is only ever on chip has the planes of Q.
  func plane(named name: String, for plane: Int) -> Int {
    program.tensorIndex(name).map { self.plane(of: $0, for: plane) } ?? plane
  }

  /// The plane of tensor `index` that belongs to plane `plane` of Q.
  func plane(of index: Int, for plane: Int) -> Int {
    guard case .attention(let problem) = run.plan.problem else { return 0 }
    let tensor = program.tensors[index]
    if tensor.rowAxis == .keys { return problem.keyValuePlane(plane) }
    return headPlane(plane, of: tensor.planes, heads: problem.heads)
  }

  /// The score matrix of a kernel that does not keep it in HBM.
  public var scoresOnChip: Tensor? {
    guard case .attention(let problem) = run.plan.problem,
      !program.tensors.contains(where: { $0.tileRole == .scores || $0.tileRole == .weights }),
      let scores = recording.blocks.lazy.flatMap(\.tiles).first(where: {
        $0.kind.rows == .queries && $0.kind.columns == .keys && $0.kind.role != .other
      })
    else { return nil }
    let mapping = run.plan.mapping
    return Tensor(
      scores.name, planes: problem.planes, rows: problem.queries, columns: problem.keys,
      type: .fp32,
      role: .statistic, tileRows: mapping.rows, tileColumns: mapping.columns)
  }
}

extension TileGrid {
  /// A matrix that is only ever in SRAM: nothing is remembered of tiles that have gone.
  init(_ moment: Moment, onChip tensor: Tensor, plane: Int) {
    self.init(moment, tensor: -1, plane: plane, tensor, visits: [])
  }
}

extension Moment {
  /// The tensors that the launch at hand moves.
  var tensorsOfLaunch: Set<String> {
    var names: Set<String> = []
    for (index, placement) in recording.placement.enumerated()
    where placement.launch == state.launch {
      for op in recording.blocks[index].ops {
        if let region = op.region { names.insert(program.tensors[region.tensor].name) }
      }
    }
    return names
  }
}
