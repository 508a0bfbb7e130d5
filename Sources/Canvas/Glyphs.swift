// Which characters a screen can be asked to show. A cell holds exactly one column; and a terminal
// without UTF-8 gets a picture of plain ASCII that means the same.

import Foundation

extension Character {
  /// Itself, or a stand-in where it would take no column, two columns, or command the terminal.
  package var oneColumn: Character {
    guard let scalar = unicodeScalars.first else { return " " }
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

  /// A letter with its accents: one scalar where Unicode has it, otherwise at most two marks above or
  /// below a letter of one column.
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

  /// The closest ASCII character.
  package var ascii: Character {
    if isASCII { return self }
    if let scalar = unicodeScalars.first, (0x2800...0x28FF).contains(scalar.value) {
      // Braille: eight dots, of which any is a dot.
      return scalar.value == 0x2800 ? " " : "."
    }
    if let known = Self.asciiStandIns[self] { return known }
    // A letter with a mark over it.
    let scalars = unicodeScalars
    if let composed = Self.composed[self] { return composed }
    guard scalars.count > 1, let base = scalars.first, base.isASCII else { return "?" }
    return Character(base)
  }

  private static let composed: [Character: Character] = [
    "ñ": "n", "ã": "a", "õ": "o", "ĩ": "i", "ũ": "u", "ẽ": "e", "ṽ": "v", "ỹ": "y",
  ]

  private static let asciiStandIns: [Character: Character] = [
    "·": ".", "»": ">", "«": "<", "‖": "=", "■": "#", "▲": "^", "✓": "v", "✗": "!",
    "•": "*",
    "▼": "v", "◆": "*",
    "●": "@", "○": "o", "◇": "+",
    "▁": ".", "▂": ":", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%",
    "█": "#", "▓": "#", "▒": "+", "░": "-", "▪": "=", "▏": "|", "▌": "|", "▐": "|",
    "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+",
    "┴": "+", "┼": "+", "━": "=", "┃": "|", "╌": "-", "╷": "|",
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
  /// East Asian wide and emoji blocks (Unicode Standard Annex 11), which take two columns.
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
  /// The same picture in ASCII.
  package var asciiOnly: Canvas {
    var result = self
    for row in 0..<height {
      for column in 0..<width {
        result[row, column].character = self[row, column].character.ascii
      }
    }
    return result
  }
}
