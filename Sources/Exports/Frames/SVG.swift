// Draws a canvas as an SVG image: one text element for each sequence of cells of one style, on the
// palette's ground.

import Canvas

/// `canvas` as an SVG document; a cell is 10 × 20 user units.
package func svg(_ canvas: Canvas, palette: Palette = .dark) -> String {
  let (width, height) = (canvas.width * cellWidth + 20, canvas.height * cellHeight + 20)
  var text = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
    font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="16.6">
    <rect width="\(width)" height="\(height)" rx="6" fill="\(hex(palette.ground.rgb))"/>

    """
  for row in 0..<canvas.height { text += line(row, of: canvas, palette) }
  return text + "</svg>\n"
}

private let cellWidth = 10
private let cellHeight = 20

private func line(_ row: Int, of canvas: Canvas, _ palette: Palette) -> String {
  var text = ""
  var column = 0
  while column < canvas.width {
    let style = canvas[row, column].style
    if let shades = style.shades {
      text += halves(shades, row, column, palette)
      column += 1
      continue
    }
    var end = column
    var characters = ""
    while end < canvas.width, canvas[row, end].style == style {
      characters.append(canvas[row, end].character)
      end += 1
    }
    text += span(characters, style, row, column, palette)
    column = end
  }
  return text
}

/// A cell that shows two values: two rectangles.
private func halves(_ shades: Shades, _ row: Int, _ column: Int, _ palette: Palette) -> String {
  [shades.upper, shades.lower].enumerated().map { half, level in
    let (x, y) = (10 + column * cellWidth, 10 + row * cellHeight + half * cellHeight / 2)
    let fill = hex(palette.colour(of: shades.ramp, level: level).rgb)
    return "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(cellWidth)\" height=\"\(cellHeight / 2)\""
      + " fill=\"\(fill)\" shape-rendering=\"crispEdges\"/>\n"
  }.joined()
}

private func span(
  _ characters: String, _ style: Style, _ row: Int, _ column: Int, _ palette: Palette
) -> String {
  let isBlank = characters.allSatisfy { $0 == " " }
  guard !isBlank || style.isReversed else { return "" }
  let (x, y) = (10 + column * cellWidth, 10 + row * cellHeight)
  let ink = hex(palette.colour(of: style.ink).rgb)
  let width = characters.count * cellWidth
  var text = ""
  if style.isReversed {
    text +=
      "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(cellHeight)\" fill=\"\(ink)\"/>\n"
  }
  guard !isBlank else { return text }
  let colour = style.isReversed ? hex(palette.ground.rgb) : ink
  let weight = style.isBold || palette.isBold ? " font-weight=\"bold\"" : ""
  let line = style.isUnderlined ? " text-decoration=\"underline\"" : ""
  return text
    + "<text x=\"\(x)\" y=\"\(y + 15)\" fill=\"\(colour)\"\(weight)\(line) textLength=\"\(width)\" xml:space=\"preserve\">\(escaped(characters))</text>\n"
}

private func hex(_ rgb: UInt32) -> String {
  let digits = String(rgb, radix: 16)
  return "#" + String(repeating: "0", count: 6 - digits.count) + digits
}

private func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    default: result.append(character)
    }
  }
  return result
}
