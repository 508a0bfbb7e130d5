// The shape of a tile by axes and variables. Its label and cost follow from it, and which tiles
// broadcast together.

/// What one side of a tile covers.
enum Extent: Equatable {
  /// One element: the width of a column vector.
  case one
  /// A whole axis.
  case whole(String)
  /// The tile of an axis that a variable selects.
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

  /// Whether both cover the same elements: in self-attention one variable goes along queries and keys.
  func covers(_ other: Extent) -> Bool {
    self == other || variable != nil && variable == other.variable
  }
}

/// The shape of a tile: what its rows and its columns cover.
struct TileType: Equatable {
  var rows: Extent
  var columns: Extent

  /// Whether it is a column vector: one number per row.
  var isColumn: Bool { columns == .one }
  /// Whether it is a row vector, which only `.T` behind a column vector makes.
  var isRow: Bool { rows == .one && columns != .one }
  var transposed: TileType { TileType(rows: columns, columns: rows) }

  /// Whether both cover the same elements.
  func isSame(as other: TileType) -> Bool {
    rows.covers(other.rows) && columns.covers(other.columns)
  }

  /// Whether it is a tile along queries and keys, as scores and weights are.
  var isScores: Bool { rows.axis == AxisName.queries && columns.axis == AxisName.keys }

  /// Its axes as text: `[N,Nk]`.
  var text: String {
    let axes = [rows, columns].compactMap(\.axis)
    return axes.isEmpty ? "one number" : "[\(axes.joined(separator: ","))]"
  }

  /// Its axes and variables as text: `[N at i, all of dv]`.
  var detail: String {
    let sides = [rows, columns].compactMap { extent -> String? in
      extent.axis.map { axis in extent.variable.map { "\(axis) at \($0)" } ?? "all of \(axis)" }
    }
    return "[\(sides.joined(separator: ", "))]"
  }

  /// The shape in words, for messages: `m has one number per query (N)`, `s runs along [N,Nk]`.
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

/// How two tiles broadcast in an element-wise operation: as in NumPy, but matched by axis.
enum Broadcast {
  /// Equal shapes; or the left, or the right, is a vector that is repeated along the other side.
  case alike, leftVector, rightVector
  /// The left, or the right, is a column vector that is transposed and repeated in every row.
  case leftRow, rightRow
  /// A column vector and a row vector make a matrix.
  case outer

  /// - Returns: how they broadcast, and the shape of the result; nil if they do not.
  static func of(_ a: TileType, _ b: TileType) -> (Broadcast, TileType)? {
    of(a, b, ==) ?? of(a, b) { $0.covers($1) }
  }

  private static func of(
    _ a: TileType, _ b: TileType, _ isSame: (Extent, Extent) -> Bool
  ) -> (Broadcast, TileType)? {
    if isSame(a.rows, b.rows), isSame(a.columns, b.columns) { return (.alike, a) }
    if b.isRow {
      if isSame(a.columns, b.columns) { return (.rightVector, a) }
      return a.isColumn ? (.outer, TileType(rows: a.rows, columns: b.columns)) : nil
    }
    if a.isRow {
      if isSame(a.columns, b.columns) { return (.leftVector, b) }
      return b.isColumn ? (.outer, TileType(rows: b.rows, columns: a.columns)) : nil
    }
    if b.isColumn, isSame(a.rows, b.rows) { return (.rightVector, a) }
    if a.isColumn, isSame(a.rows, b.rows) { return (.leftVector, b) }
    if b.isColumn, !a.isColumn, isSame(a.columns, b.rows) { return (.rightRow, a) }
    if a.isColumn, !b.isColumn, isSame(b.columns, a.rows) { return (.leftRow, b) }
    // Two column vectors of different axes do not broadcast to a matrix.
    return nil
  }
}
