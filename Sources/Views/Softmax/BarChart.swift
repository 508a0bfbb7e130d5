// Bars of blocks: heights from 0 to 1, one above each key, or above each group of keys.

import Canvas

/// Draws heights as vertical bars.
struct BarChart {
  /// Per key: its height; nil where there is none yet.
  let heights: [Float?]

  private static let steps: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The keys that share column `column`, of `width`.
  private func keys(at column: Int, of width: Int) -> Range<Int> {
    if heights.count <= width {
      let each = width / max(1, heights.count)
      return column / each..<min(heights.count, column / each + 1)
    }
    return column * heights.count / width..<(column + 1) * heights.count / width
  }

  /// Columns that the bars take, of `width`.
  func columns(of width: Int) -> Int {
    guard !heights.isEmpty, width > 0 else { return 0 }
    return heights.count <= width ? width / heights.count * heights.count : width
  }

  /// Draws the bars from the bottom of `rect` up. Of keys that share a column the largest is drawn.
  /// - Parameter style: the style of a key's bar.
  func draw(in rect: Rect, on picture: inout Picture, style: (Int) -> Style) {
    let width = columns(of: rect.width)
    for column in 0..<width {
      let keys = keys(at: column, of: rect.width)
      guard let tallest = keys.max(by: { (heights[$0] ?? -1) < (heights[$1] ?? -1) }) else {
        continue
      }
      guard let height = heights[tallest], !height.isNaN else {
        let sign: Character = heights[tallest] == nil ? "·" : "!"
        picture.canvas.put(
          String(sign), Style(.dim), row: rect.height - 1, column: column, in: rect)
        continue
      }
      var eighths = Int((Double(min(1, max(0, height))) * Double(8 * rect.height)).rounded())
      // A weight above 0 is seen; a hidden key is a blank.
      if height > 0 { eighths = max(1, eighths) }
      for row in stride(from: rect.height - 1, through: 0, by: -1) where eighths > 0 {
        let glyph = Self.steps[min(8, eighths) - 1]
        picture.canvas.put(String(glyph), style(tallest), row: row, column: column, in: rect)
        eighths -= 8
      }
    }
  }
}
