// HBM as the figure of the FlashAttention paper (Dao et al. 2022, Fig. 1): K and V across the top, Q down
// the left side, the matrices of queries against keys where they cross, O on the right. A matrix product
// is drawn in the same way: B across, A down, C where they cross. So is a matrix with other columns, such
// as scores against projected keys: what has these columns as its rows stands above it.

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
  /// What runs across, as drawn: what stands above a matrix has the same.
  fileprivate var across: String { isTransposed ? tensor.rowMeaning : tensor.columnMeaning }

  /// Whether a row of keys runs across.
  var runsAlongKeys: Bool { (isTransposed ? tensor.rowAxis : tensor.columnAxis) == .keys }

  /// Whether this part stands above the other.
  func isAbove(_ other: FigurePart) -> Bool {
    side == .top && other.side == .cross && across == other.across
  }
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
    let tensors = run.plan.program.tensors
    guard run.plan.problem.isAttention else {
      let inputs = tensors.filter { $0.role == .input }
      return tensor.name == inputs.first?.name ? .left : tensor.role == .input ? .top : .cross
    }
    if tensor.rowAxis == .keys { return .top }
    if tensor.columnAxis == .keys || tensor.isBelow(tensors) { return .cross }
    if tensor.isAbove(tensors) { return .top }
    if tensor.columnAxis == .none || tensor.columns == 1 { return .narrow }
    let isResult = tensor.role == .output || tensor.tileRole == .output
    return isResult ? .right : .left
  }

  /// Rows of tiles of the tallest part below the top.
  var rowsOfTiles: Int { parts.filter { $0.side != .top }.map(\.tilesDown).max() ?? 1 }

  /// The parts on a side, in their order.
  func parts(_ side: FigurePart.Side) -> [FigurePart] { parts.filter { $0.side == side } }
}

extension Tensor {
  fileprivate var rowMeaning: String { Self.meaning(rowAxis, rowName) }
  fileprivate var columnMeaning: String { Self.meaning(columnAxis, columnName) }

  private static func meaning(_ axis: Axis, _ name: String) -> String {
    switch axis {
    case .queries: "queries"
    case .keys: "keys"
    case .none: ""
    case .other: name
    }
  }

  /// Whether its rows are the columns of another that stands where queries cross something.
  fileprivate func isAbove(_ tensors: [Tensor]) -> Bool {
    columnAxis != .none
      && tensors.contains { $0.isBelow(tensors) && $0.columnMeaning == rowMeaning }
  }

  /// Whether it has a row per query, and columns that are the rows of another: neither of Q, K or V, whose
  /// columns are the depth of a head.
  fileprivate func isBelow(_ tensors: [Tensor]) -> Bool {
    rowAxis == .queries && columnAxis == .other && !columnName.isEmpty
      && !tensors.contains {
        $0.role == .input && $0.rowAxis != .other && $0.columnMeaning == columnMeaning
      }
      && tensors.contains {
        $0.rowAxis == .other && $0.columnAxis != .none && $0.rowMeaning == columnMeaning
      }
  }
}

extension Problem {
  var isAttention: Bool { if case .attention = self { true } else { false } }
}
