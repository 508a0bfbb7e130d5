// Prints a canvas as lines of text. Colours are ANSI escape sequences, and every line ends with the
// default style.

import Canvas

/// `canvas` as text; `colours` is 0 for no escape sequences, else 8 or 256.
package func ansi(_ canvas: Canvas, _ colours: Int, palette: Palette = .dark) -> String {
  let canvas = colours >= 256 ? canvas.inHalfBlocks : canvas
  return canvas.lines.enumerated().map { row, line in
    guard colours > 0 else { return line + "\n" }
    var text = ""
    var current = ""
    for column in 0..<line.count {
      let cell = canvas[row, column]
      let look = cell.character == " " ? current : sequence(cell.style, colours, palette)
      if look != current { text += "\u{1B}[0m\(look)" }
      current = look
      text.append(cell.character)
    }
    return text + (current.isEmpty ? "\n" : "\u{1B}[0m\n")
  }.joined()
}

/// The escape sequence that sets a style; empty for the terminal's default style.
private func sequence(_ style: Style, _ colours: Int, _ palette: Palette) -> String {
  if colours >= 256, let shades = style.shades {
    let parts = [(38, shades.upper), (48, shades.lower)].map { code, level in
      "\(code);5;\(palette.colour(of: shades.ramp, level: level).ansi256 ?? 0)"
    }
    return "\u{1B}[\(parts.joined(separator: ";"))m"
  }
  let colour = palette.colour(of: style.ink)
  var codes: [String] = style.isBold ? ["1"] : []
  if colours >= 256, let index = colour.ansi256 {
    codes.append("38;5;\(index)")
  } else if colours < 256, let index = colour.ansi8 {
    codes.append("\(30 + index)")
  } else if colour.isFaint {
    codes.append("2")
  }
  return codes.isEmpty ? "" : "\u{1B}[\(codes.joined(separator: ";"))m"
}
