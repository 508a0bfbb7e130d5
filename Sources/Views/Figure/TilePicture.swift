// Draws the values of a tile as a small picture: two values in each cell, one above the other.

import Canvas
import Machine
import Moments

/// The picture of one tile.
struct TilePicture {
  var values: TileValues
  let ramp: Ramp
  /// The magnitude at the end of the ramp.
  let largest: Float
  var isTransposed = false
  /// The share of the tile that has arrived, 0 to 1.
  var share = 1.0
  /// True if what has not arrived is left as it is drawn, and not marked as missing.
  var keepsRest = false

  /// What stands where the values are not known: a run without values.
  private static let unknown: Character = "▒"

  func draw(in rect: Rect, on picture: inout Picture) {
    let count = rect.width * rect.height
    guard count > 0 else { return }
    let shown = share >= 1 ? count : min(count - 1, Int(share * Double(count)))
    guard !values.values.isEmpty else {
      fill(rect, shown, on: &picture) { _ in Cell(Self.unknown, Style(.dim)) }
      return
    }
    let points = ValuePicture(
      values, columns: rect.width, rows: 2 * rect.height, isTransposed: isTransposed
    ).points
    fill(rect, shown, on: &picture) { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: rect.width)
      return cell(
        points[2 * row * rect.width + column], points[(2 * row + 1) * rect.width + column])
    }
  }

  /// What has not arrived.
  private static let missing = Cell(TileStatus.unwritten.filling, Style(.dim))

  /// Draws the first `shown` cells.
  private func fill(
    _ rect: Rect, _ shown: Int, on picture: inout Picture, _ cell: (Int) -> Cell
  ) {
    for index in 0..<(keepsRest ? shown : rect.width * rect.height) {
      let (row, column) = index.quotientAndRemainder(dividingBy: rect.width)
      picture.canvas[rect.row + row, rect.column + column] =
        index < shown ? cell(index) : Self.missing
    }
  }

  /// A cell of two points. Hidden pairs are blank.
  private func cell(_ upper: Float?, _ lower: Float?) -> Cell {
    if upper == nil, lower == nil { return Cell() }
    if upper?.isNaN == true || lower?.isNaN == true { return Cell("!", Style(.alert, bold: true)) }
    func level(_ value: Float?) -> Int { ramp.level(value ?? 0, largest: largest) ?? 0 }
    return Cell(Shades(ramp, upper: level(upper), lower: level(lower)))
  }
}
