// Facts of a run that views read again and again and that never change: computed once, after the
// simulation.

import Machine
import Notation

/// Facts of a run that hold at every cycle.
package struct RunFacts: Sendable {
  /// Traffic by the closed forms, in the program's order of tensors; empty if the kernel's text
  /// states none.
  package let traffic: [TensorTraffic]
  /// The same for the problem without a mask.
  package let trafficWithoutMask: [TensorTraffic]
  /// The same for the textbook kernel, in a run with a backward pass; else empty.
  package let textbookTraffic: [TensorTraffic]
  /// For each launch, the names of the tensors that it moves.
  package let tensorsOfLaunch: [Set<String>]
  /// The names of the tiles and tensors of each softmax role.
  package let names: [TileRole: Set<String>]
  /// The shape of the score matrix, for a kernel that does not keep it in HBM; nil for others.
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
    var isMoved = recording.program.launches.map { _ in tensors.map { _ in false } }
    for (block, placement) in zip(recording.blocks, recording.placement) {
      for op in block.ops {
        if let region = op.region { isMoved[placement.launch][region.tensor] = true }
      }
    }
    return isMoved.map { isMoved in
      Set(zip(tensors, isMoved).filter { $1 }.map { $0.0.name })
    }
  }

  /// The tiles of a role are looked for up to the first block that has any.
  private static func names(_ recording: Recording) -> [TileRole: Set<String>] {
    var names: [TileRole: Set<String>] = [:]
    // Most tiles of a run are of roles that are known by then: they are passed over without a look at
    // their names.
    var isKnown = Array(repeating: false, count: Int(UInt8.max) + 1)
    for block in recording.blocks {
      for tile in block.tiles where !isKnown[Int(tile.kind.role.rawValue)] {
        names[tile.kind.role, default: []].insert(tile.name)
      }
      for role in names.keys { isKnown[Int(role.rawValue)] = true }
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
