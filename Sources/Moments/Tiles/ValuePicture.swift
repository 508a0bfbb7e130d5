// A small picture of a tile: its values at a given number of points, averaged where there are more.

import Machine

/// Values on a grid of points.
package struct ValuePicture: Sendable {
  package let columns: Int
  package let rows: Int
  /// Row by row; nil where all values are −∞, which means hidden.
  package let points: [Float?]

  /// The most values, in each direction, that are averaged for a point.
  private static let samples = 8

  /// - Parameters:
  ///   - tile: the values; not empty.
  ///   - isTransposed: true draws the rows of the tile across.
  package init(_ tile: TileValues, columns: Int, rows: Int, isTransposed: Bool) {
    self.columns = columns
    self.rows = rows
    let (across, down) = isTransposed ? (tile.rows, tile.columns) : (tile.columns, tile.rows)
    points = (0..<rows).flatMap { y in
      let lines = Self.share(y, of: rows, in: down)
      return (0..<columns).map { x in
        let others = Self.share(x, of: columns, in: across)
        return isTransposed
          ? Self.mean(tile, rows: others, columns: lines)
          : Self.mean(tile, rows: lines, columns: others)
      }
    }
  }

  /// The elements that point `index` of `count` stands for, of `length`.
  private static func share(_ index: Int, of count: Int, in length: Int) -> Range<Int> {
    let start = index * length / count
    return start..<min(length, max(start + 1, (index + 1) * length / count))
  }

  private static func mean(_ tile: TileValues, rows: Range<Int>, columns: Range<Int>) -> Float? {
    var (sum, count) = (Float(0), 0)
    let (down, across) = (
      max(1, (rows.count + samples - 1) / samples), max(1, (columns.count + samples - 1) / samples)
    )
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: down) {
      for column in stride(from: columns.lowerBound, to: columns.upperBound, by: across) {
        let value = tile[row, column]
        if value == -.infinity { continue }
        sum += value
        count += 1
      }
    }
    return count == 0 ? nil : sum / Float(count)
  }
}

extension TileValues {
  /// A rectangle of the values.
  package func cropped(rows: Range<Int>, columns: Range<Int>) -> TileValues {
    if rows == 0..<self.rows, columns == 0..<self.columns { return self }
    return TileValues(
      rows: rows.count, columns: columns.count,
      values: rows.flatMap { row in columns.map { self[row, $0] } })
  }
}
