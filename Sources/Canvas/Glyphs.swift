// Which characters a cell can show. Each takes exactly one column; and for terminals without UTF-8
// each has an ASCII character in its place.

import Foundation

extension Character {
  /// The character itself, or a substitute if it takes no column or two columns, or is a control
  /// character.
  package var oneColumn: Character {
    // Most cells: ASCII, and lines, blocks and shapes, all of one column.
    if let byte = asciiValue, (0x20..<0x7F).contains(byte) { return self }
    guard let scalar = unicodeScalars.first else { return " " }
    if (0x2500...0x25FF).contains(scalar.value), unicodeScalars.count == 1 { return self }
    if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) { return "¿" }
    if unicodeScalars.count > 1 { return composed }
    if scalar.isWide { return "□" }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .surrogate, .unassigned,
      .lineSeparator, .paragraphSeparator, .privateUse:
      return "□"
    default: return self
    }
  }

  /// The character for a letter with accents: one scalar where Unicode has it, otherwise at most
  /// two marks above or below a letter of one column.
  private var composed: Character {
    let scalars = String(self).precomposedStringWithCanonicalMapping.unicodeScalars
    guard let first = scalars.first, scalars.count > 1 else {
      return scalars.first.map { Character($0).oneColumn } ?? " "
    }
    let areMarks = scalars.dropFirst().allSatisfy {
      $0.properties.generalCategory == .nonspacingMark
    }
    let isLetter = Character(first).isLetter && Character(first).oneColumn == Character(first)
    return areMarks && isLetter && scalars.count <= 3 ? self : "□"
  }

  /// The closest ASCII character; `?` if there is none.
  package var ascii: Character {
    if isASCII { return self }
    if let scalar = unicodeScalars.first, (0x2800...0x28FF).contains(scalar.value) {
      // A Braille character of any dots becomes one dot.
      return scalar.value == 0x2800 ? " " : "."
    }
    if let known = Self.asciiStandIns[self] { return known }
    // A letter with a mark becomes the letter.
    let scalars = unicodeScalars
    if let composed = Self.composed[self] { return composed }
    guard scalars.count > 1, let base = scalars.first, base.isASCII else { return "?" }
    return Character(base)
  }

  private static let composed: [Character: Character] = [
    "ñ": "n", "ã": "a", "õ": "o", "ĩ": "i", "ũ": "u", "ẽ": "e", "ṽ": "v", "ỹ": "y",
  ]

  private static let asciiStandIns: [Character: Character] = [
    "·": ".", "»": ">", "«": "<", "‖": "=", "■": "=", "▲": "^", "✓": "v", "✗": "X",
    "•": "*",
    "▼": "v", "◆": "*",
    "●": "@", "○": "o", "◇": "$", "▣": "&", "▚": "?", "▞": "/",
    "▁": ".", "▂": ":", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%",
    "█": "#", "▓": "%", "▒": ";", "░": ":", "▪": "\"", "▏": "|", "▌": "|", "▐": "|",
    "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+",
    "┴": "+", "┼": "+", "━": "=", "┃": "|", "╌": "-", "╷": "|", "╲": "\\",
    "←": "<", "→": ">", "↑": "^", "↓": "v", "⇄": "=", "▸": ">", "◂": "<", "▶": ">", "◀": "<",
    "×": "x", "∘": "o", "−": "-", "≤": "<", "≥": ">", "≠": "!", "≈": "~", "∞": "i", "√": "V",
    "α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "h", "θ": "q", "κ": "k",
    "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "π": "p", "ρ": "r", "σ": "s", "τ": "t", "φ": "f",
    "χ": "c", "ψ": "y", "ω": "w", "Σ": "E", "ᵀ": "T", "′": "'", "…": "~", "¿": "?", "□": "?",
    "—": "-",
    "–": "-", "“": "\"", "”": "\"", "’": "'", "Δ": "D", "µ": "u", "∝": "~", "ᵢ": "i", "ⱼ": "j",
    "²": "2", "₁": "1", "₂": "2", "ℓ": "l", "÷": "/", "⌈": "[", "⌉": "]", "∑": "E", "̃": "~",
  ]
}

extension Unicode.Scalar {
  /// True for the East Asian wide and emoji blocks (Unicode Standard Annex 11), which take two
  /// columns.
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: properties.isEmojiPresentation
    }
  }
}

extension Canvas {
  /// The canvas with every character in ASCII; values are shown by glyphs alone. A name with a tilde, and
  /// ∞, take more columns than before where blanks behind them in the row have room.
  package var asciiOnly: Canvas {
    var result = self
    for row in 0..<height {
      var cells = (0..<width).map { self[row, $0] }
      for column in (0..<width).reversed() { cells.spell(column) }
      for column in 0..<width {
        result[row, column] = cells[column]
        result[row, column].character = cells[column].character.ascii
        result[row, column].style.shades = nil
      }
    }
    return result
  }
}

extension [Cell] {
  /// Writes the character at `column` out in ASCII, and takes what it needs from the next blanks.
  fileprivate mutating func spell(_ column: Int) {
    let text = self[column].character.spelled
    guard text.count > 1, let blank = spareBlank(after: column, count: text.count - 1) else {
      return
    }
    let style = self[column].style
    removeSubrange(blank..<blank + text.count - 1)
    replaceSubrange(column...column, with: text.map { Cell($0, style) })
  }

  /// The first of `count` blanks that are followed by one more, or by the end of the row.
  private func spareBlank(after column: Int, count: Int) -> Int? {
    var run = 0
    for index in column + 1..<Swift.max(column + 1, self.count) {
      run = self[index].character == " " && !self[index].style.isReversed ? run + 1 : 0
      if run > count || (run == count && index == self.count - 1) { return index - run + 1 }
    }
    return nil
  }
}

extension Character {
  /// The character in ASCII, in full: `l~`, `inf`; the character itself where one stands for it.
  fileprivate var spelled: String {
    if self == "∞" { return "inf" }
    guard unicodeScalars.count == 2, let base = unicodeScalars.first, base.isASCII,
      unicodeScalars.last == "\u{303}"
    else { return String(self) }
    return "\(base)~"
  }
}
