// The same tile in two runs, and how far its values are apart.

import Machine

/// A tile of the run in focus beside the one of the same name in another run.
package struct TileDifference: Sendable {
  package let name: TileName
  package let own: TileValues
  package let other: TileValues
  /// own − other, entry by entry.
  package let difference: TileValues
  /// Row and column of the entry in which they are furthest apart, counted in the tile.
  package let worst: (row: Int, column: Int)
  /// First row and column of the tile in its tensor.
  package let origin: (row: Int, column: Int)

  /// The magnitude at the worst entry; NaN if one of the two is not a number.
  package var largest: Float { difference[worst.row, worst.column].magnitude }

  /// Nil where one of the runs holds no such tile at this cycle, or one of another shape.
  package init?(_ moment: Moment, _ otherMoment: Moment, _ selection: Selection) {
    guard let shown = ShownTile(moment, selection) else { return nil }
    var selection = selection
    selection.tile = shown.name
    guard let beside = ShownTile(otherMoment, selection),
      (shown.values.rows, shown.values.columns) == (beside.values.rows, beside.values.columns)
    else { return nil }
    (name, own, other) = (shown.name, shown.values, beside.values)
    origin = (shown.place.rows.lowerBound, shown.place.columns.lowerBound)
    difference = own.difference(from: other)
    let sizes = difference.values.map { $0.isNaN ? .infinity : $0.magnitude }
    let place = sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
    worst = (place / max(1, own.columns), place % max(1, own.columns))
  }
}

extension TileValues {
  /// These values less others of the same shape. Two that are both −∞, or both no number, do not differ.
  package func difference(from other: TileValues) -> TileValues {
    TileValues(
      rows: rows, columns: columns,
      values: zip(values, other.values).map { $0 == $1 || ($0.isNaN && $1.isNaN) ? 0 : $0 - $1 })
  }
}
