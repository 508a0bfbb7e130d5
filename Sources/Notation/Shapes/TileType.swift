// Along what a tile runs: from that follow its name, its cost, and what may meet it.

import Machine

/// One side of a tile.
enum Extent: Equatable {
  /// A column's width.
  case one
  /// All of an axis.
  case whole(String)
  /// The part of an axis that a variable stands at.
  case tile(String, variable: String)

  var axis: String? {
    switch self {
    case .one: nil
    case .whole(let axis), .tile(let axis, _): axis
    }
  }

  var variable: String? {
    if case .tile(_, let variable) = self { return variable }
    return nil
  }
}

/// The shape of a tile.
struct TileType: Equatable {
  var rows: Extent
  var columns: Extent

  var isColumn: Bool { columns == .one }
  var transposed: TileType { TileType(rows: columns, columns: rows) }

  /// A tile of the score matrix.
  var isScores: Bool { rows.axis == AxisName.queries && columns.axis == AxisName.keys }

  /// `[N,Nk]`
  var text: String {
    let axes = [rows, columns].compactMap(\.axis)
    return axes.isEmpty ? "one number" : "[\(axes.joined(separator: ","))]"
  }

  /// `[N at i,dv]`: with the variables at which it stands.
  var detail: String {
    let sides = [rows, columns].compactMap { extent -> String? in
      extent.axis.map { axis in extent.variable.map { "\(axis) at \($0)" } ?? "all of \(axis)" }
    }
    return "[\(sides.joined(separator: ", "))]"
  }

  /// For messages: what a column has, or along what a matrix runs.
  func described(_ name: String) -> String {
    guard isColumn else { return "\(name) runs along \(text)" }
    let per =
      switch rows.axis {
      case AxisName.queries: "query (N)"
      case AxisName.keys: "key (Nk)"
      case let axis: axis.map { "step of \($0)" } ?? "tile"
      }
    return "\(name) has one number per \(per)"
  }
}

/// How two tiles meet element by element: as NumPy broadcasts, but by axis.
enum Meeting {
  /// Both alike, or the left one, or the right one, repeated along the columns of the other.
  case alike, leftColumn, rightColumn
  /// Repeated along its rows.
  case leftRow, rightRow

  /// - Returns: how they meet, and the shape of what comes of it; nil if they do not fit.
  static func of(_ a: TileType, _ b: TileType) -> (Meeting, TileType)? {
    if a == b { return (.alike, a) }
    if b.isColumn, a.rows == b.rows { return (.rightColumn, a) }
    if a.isColumn, a.rows == b.rows { return (.leftColumn, b) }
    if b.isColumn, !a.isColumn, a.columns == b.rows { return (.rightRow, a) }
    if a.isColumn, !b.isColumn, b.columns == a.rows { return (.leftRow, b) }
    // A column of queries and one of keys make a matrix.
    if a.isColumn, b.isColumn { return nil }
    return nil
  }
}
