// Facts of a run that views read again and again and that never change: computed once, after the
// simulation.

import Machine
import Notation
import RealModule

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
  /// The matrices of queries against keys that exist only on chip, the scores first.
  package let chipMatrices: [ChipMatrix]
  /// The magnitude at the end of the ramp in pictures of a tensor or of tiles on chip, by name; greater
  /// than 0, and the same at every cycle.
  package let largest: [String: Float]
  /// The query row in whose online softmax most is to be seen: Σ −α ln α over all of its factors is
  /// the largest. A factor of 1 changes nothing, one near 0 leaves nothing, and 1/e counts most. Row 0
  /// where no maximum ever rises.
  package let telltaleRow: Int
  /// How often the output was rescaled.
  package let rescales: RescaleCounts

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
    chipMatrices = ChipMatrix.all(in: plan, recording)
    largest = Self.largest(recording)
    telltaleRow = Self.telltaleRow(recording, queries: plan.problem.rows)
    rescales = RescaleCounts(recording)
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

  private static func largest(_ recording: Recording) -> [String: Float] {
    var magnitudes = recording.extracts.magnitudes
    let state = recording.finalState
    for (index, tensor) in recording.program.tensors.enumerated() where !state.hbm.isEmpty {
      for plane in 0..<tensor.planes {
        for row in 0..<tensor.gridRows {
          for column in 0..<tensor.gridColumns {
            let region = Region(
              tensor: index, plane: plane,
              rows: tileRange(row, of: tensor.rows, by: tensor.tileRows),
              columns: tileRange(column, of: tensor.columns, by: tensor.tileColumns), tileRow: row,
              tileColumn: column)
            magnitudes[tensor.name, default: Magnitude()].add(
              state.tile(region).values, columns: region.columns.count)
          }
        }
      }
    }
    return magnitudes.mapValues(\.forPictures)
  }

  private static func telltaleRow(_ recording: Recording, queries: Int) -> Int {
    var sums: [Int: Double] = [:]
    for factors in recording.extracts.factors {
      let place = recording.blocks[factors.key.block].tiles[factors.key.tile].place
      guard place.plane == 0 else { continue }
      // The rows of a stack go on beyond the queries.
      for (row, value) in zip(place.rows, factors.values)
      where row < queries && value > 0 && value < 1 {
        sums[row, default: 0] -= Double(value) * .log(Double(value))
      }
    }
    return sums.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
  }
}
