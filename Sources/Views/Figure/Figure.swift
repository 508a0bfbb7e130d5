// HBM as the figure of the FlashAttention paper (Dao et al. 2022, Fig. 1): K and V across the top, Q down
// the left side, the matrices of queries against keys where they cross, O on the right. A matrix product
// is drawn in the same way: B across, A down, C where they cross.

import Kernels
import Machine
import Moments

/// A tensor on the figure, or a matrix that exists on chip only.
struct FigurePart {
  /// Where it stands. `narrow` is for one number per query.
  enum Side: Int, CaseIterable { case top, left, cross, right, narrow }

  enum Source {
    /// Index in the program's tensors.
    case hbm(Int)
    /// Index in the run's matrices on chip.
    case chip(Int)
  }

  let source: Source
  let tensor: Tensor
  let side: Side
  /// True where the tensor's rows are drawn across.
  let isTransposed: Bool

  var isOnChipOnly: Bool { if case .chip = source { true } else { false } }
  /// Tiles down and across, as drawn.
  var tilesDown: Int { isTransposed ? tensor.gridColumns : tensor.gridRows }
  var tilesAcross: Int { isTransposed ? tensor.gridRows : tensor.gridColumns }
  /// Elements of a tile, down and across, as drawn.
  var tileHeight: Int { isTransposed ? tensor.tileColumns : tensor.tileRows }
  var tileWidth: Int { isTransposed ? tensor.tileRows : tensor.tileColumns }
}

/// The parts of one run's figure.
struct Figure {
  let parts: [FigurePart]

  init(_ run: CompletedRun) {
    let tensors = run.plan.program.tensors
    var parts = tensors.indices.compactMap { index -> FigurePart? in
      let tensor = tensors[index]
      guard tensor.role != .statistic else { return nil }
      let side = Self.side(of: tensor, run)
      return FigurePart(
        source: .hbm(index), tensor: tensor, side: side,
        isTransposed: side == .top && run.plan.problem.isAttention)
    }
    parts += run.facts.chipMatrices.enumerated().map { index, matrix in
      FigurePart(source: .chip(index), tensor: matrix.tensor, side: .cross, isTransposed: false)
    }
    self.parts = parts
  }

  private static func side(of tensor: Tensor, _ run: CompletedRun) -> FigurePart.Side {
    guard run.plan.problem.isAttention else {
      let inputs = run.plan.program.tensors.filter { $0.role == .input }
      return tensor.name == inputs.first?.name ? .left : tensor.role == .input ? .top : .cross
    }
    if tensor.rowAxis == .keys { return .top }
    if tensor.columnAxis == .keys { return .cross }
    if tensor.columnAxis == .none || tensor.columns == 1 { return .narrow }
    let isResult = tensor.role == .output || tensor.tileRole == .output
    return isResult ? .right : .left
  }

  /// Rows of tiles of the tallest part below the top.
  var rowsOfTiles: Int { parts.filter { $0.side != .top }.map(\.tilesDown).max() ?? 1 }

  /// The parts on a side, in their order.
  func parts(_ side: FigurePart.Side) -> [FigurePart] { parts.filter { $0.side == side } }
}

extension Problem {
  var isAttention: Bool { if case .attention = self { true } else { false } }
}
