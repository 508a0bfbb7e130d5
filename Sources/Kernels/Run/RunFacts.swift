// What is asked of a run again and again and never changes: worked out once, when it has been simulated.

import Machine
import Notation

/// Facts of a run that hold at every cycle.
package struct RunFacts: Sendable {
  /// The closed forms, in the program's order of tensors; empty where the kernel's text states none.
  package let traffic: [TensorTraffic]
  /// The closed forms of the same problem if every query could see every key.
  package let trafficWithoutMask: [TensorTraffic]
  /// Where there is a backward pass: the closed forms of the textbook kernel for the same problem.
  package let textbookTraffic: [TensorTraffic]
  /// Per launch: the names of the tensors that it moves.
  package let tensorsOfLaunch: [Set<String>]
  /// What tiles and tensors with a part in a softmax are called.
  package let names: [TileRole: Set<String>]
  /// The score matrix of a kernel that does not keep it in HBM.
  package let scoresOnChip: Tensor?

  init(_ plan: Plan, _ recording: Recording) {
    traffic = plan.traffic
    trafficWithoutMask = plan.trafficWithoutMask
    if case .attention(let problem) = plan.problem, problem.hasBackward {
      textbookTraffic =
        Catalogue.textbook.traffic(
          for: plan.problem, mapping: plan.mapping, device: plan.device) ?? []
    } else {
      textbookTraffic = []
    }
    tensorsOfLaunch = Self.tensorsOfLaunch(recording)
    names = Self.names(recording)
    scoresOnChip = Self.scoresOnChip(plan, recording)
  }

  private static func tensorsOfLaunch(_ recording: Recording) -> [Set<String>] {
    let tensors = recording.program.tensors
    var moved = recording.program.launches.map { _ in Set<Int>() }
    for (block, placement) in zip(recording.blocks, recording.placement) {
      for op in block.ops {
        if let region = op.region { moved[placement.launch].insert(region.tensor) }
      }
    }
    return moved.map { Set($0.map { tensors[$0].name }) }
  }

  /// A role is looked for up to the first block that has tiles of it.
  private static func names(_ recording: Recording) -> [TileRole: Set<String>] {
    var names: [TileRole: Set<String>] = [:]
    for block in recording.blocks {
      var ofBlock: [TileRole: Set<String>] = [:]
      for tile in block.tiles { ofBlock[tile.kind.role, default: []].insert(tile.name) }
      names.merge(ofBlock) { earlier, _ in earlier }
    }
    for tensor in recording.program.tensors {
      names[tensor.tileRole, default: []].insert(tensor.name)
    }
    return names
  }

  private static func scoresOnChip(_ plan: Plan, _ recording: Recording) -> Tensor? {
    guard case .attention(let problem) = plan.problem,
      !plan.program.tensors.contains(where: { [.scores, .weights].contains($0.tileRole) }),
      let scores = recording.blocks.lazy.flatMap(\.tiles).first(where: {
        $0.kind.rows == .queries && $0.kind.columns == .keys && $0.kind.role != .other
      })
    else { return nil }
    return Tensor(
      scores.name, planes: problem.planes, rows: problem.queries, columns: problem.keys,
      type: .fp32, role: .statistic, tileRows: plan.mapping.rows, tileColumns: plan.mapping.columns)
  }
}
