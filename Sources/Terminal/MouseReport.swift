// Mouse reports of terminals: decimal numbers (mode 1006), or three characters on older terminals.

/// A press, a release or a movement of the mouse.
struct MouseReport: Equatable {
  enum Action: Equatable { case press, move, release }

  var action: Action
  /// Row of the screen, from 0.
  var row: Int
  /// Column of the screen, from 0.
  var column: Int

  /// Reads a report in decimal numbers: parameters `<0;12;5`, and a final `M` or `m`.
  static func read(_ parameters: String, _ final: Character) -> EscapeSequence.Meaning {
    let numbers = parameters.dropFirst().split(separator: ";").map { Int($0) }
    guard numbers.count == 3, let code = numbers[0], let column = numbers[1], let row = numbers[2],
      final == "M" || final == "m"
    else { return .nothing }
    return meaning(code, isRelease: final == "m", row: row, column: column)
  }

  /// Reads a report in characters: `ESC [ M`, then code, column and row, each with 32 added.
  static func readBytes(_ bytes: [UInt8]) -> EscapeSequence.Reading {
    var values: [Int] = []
    var place = 3
    while values.count < 3 {
      guard place < bytes.count else { return .unfinished }
      // Beyond column 95 some terminals send a byte, and some a character in UTF-8.
      let next = place + 1 < bytes.count ? bytes[place + 1] : nil
      if (0xC2...0xDF).contains(bytes[place]), let next, next & 0xC0 == 0x80 {
        values.append(Int(bytes[place] & 0x1F) << 6 | Int(next & 0x3F))
        place += 2
      } else {
        values.append(Int(bytes[place]))
        place += 1
      }
    }
    let (code, column, row) = (values[0] - 32, values[1] - 32, values[2] - 32)
    let meaning = meaning(code, isRelease: code & 3 == 3, row: row, column: column)
    return .whole(length: place, meaning)
  }

  /// The meaning of a code. Bits 0 and 1 are the button, 3 for none; 4, 8 and 16 are modifiers, 32
  /// is movement, 64 and more are the wheel and further buttons.
  private static func meaning(
    _ code: Int, isRelease: Bool, row: Int, column: Int
  ) -> EscapeSequence.Meaning {
    let plain = code & ~(4 | 8 | 16)
    guard row >= 1, column >= 1, (0..<64).contains(plain) else { return .nothing }
    guard isRelease || plain & 3 == 0 else { return .nothing }
    let action: Action = isRelease ? .release : plain & 32 != 0 ? .move : .press
    return .mouse(MouseReport(action: action, row: row - 1, column: column - 1))
  }
}
