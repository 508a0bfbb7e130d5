// The grammar of what terminals send beside characters (ECMA-48, with the variants of xterm, rxvt
// and the Linux console): where a sequence ends, and which sequences are keys or mouse reports.
import Canvas

/// Reads one escape sequence or character at the start of an array of bytes.
enum EscapeSequence {
  static let escape: UInt8 = 0x1B

  /// The result of reading the start of an array of bytes.
  enum Reading: Equatable {
    /// More bytes are needed.
    case unfinished
    /// The first `length` bytes are one sequence or one character.
    case whole(length: Int, Meaning)
  }

  /// The meaning of a sequence or a character to this program.
  enum Meaning: Equatable {
    case nothing
    case key(Key)
    case mouse(MouseReport)
  }

  /// Reads bytes that begin with Esc.
  static func read(_ bytes: [UInt8]) -> Reading {
    guard bytes.count > 1 else { return .unfinished }
    switch Character(Unicode.Scalar(bytes[1])) {
    case "\u{1B}": return twice(bytes)
    case "[": return control(bytes)
    case "O": return single(bytes)
    case "]", "P", "X", "^", "_": return string(bytes)
    default:
      // Alt and a character: Esc, then the character.
      guard case .whole(let length, _) = character(bytes[1...]) else { return .unfinished }
      return .whole(length: 1 + length, .nothing)
    }
  }

  /// Esc, Esc: Alt and a key that sends a sequence, or Esc pressed twice.
  private static func twice(_ bytes: [UInt8]) -> Reading {
    guard bytes.count > 2 else { return .unfinished }
    let isAlt = bytes[2] == UInt8(ascii: "[") || bytes[2] == UInt8(ascii: "O")
    return .whole(length: 1, isAlt ? .nothing : .key(.escape))
  }

  /// A control sequence: `ESC [`, parameters, a final byte.
  private static func control(_ bytes: [UInt8]) -> Reading {
    guard bytes.count > 2 else { return .unfinished }
    // The Linux console's function keys have one letter more.
    if bytes[2] == UInt8(ascii: "[") {
      return bytes.count > 3 ? .whole(length: 4, .nothing) : .unfinished
    }
    if bytes[2] == UInt8(ascii: "M") { return MouseReport.readBytes(bytes) }
    let parameters = bytes[2...].prefix { (0x20...0x3F).contains($0) }
    let end = parameters.endIndex
    guard end < bytes.count else { return .unfinished }
    guard (0x40...0x7E).contains(bytes[end]) else { return broken(bytes, end) }
    let text = String(decoding: parameters, as: UTF8.self)
    return .whole(length: end + 1, meaning(text, Character(Unicode.Scalar(bytes[end]))))
  }

  /// A function key: `ESC O`, one byte; older terminals put a modifier before it.
  private static func single(_ bytes: [UInt8]) -> Reading {
    let end = bytes[2...].prefix { (0x30...0x3B).contains($0) }.endIndex
    guard end < bytes.count else { return .unfinished }
    guard (0x20...0x7E).contains(bytes[end]) else { return broken(bytes, end) }
    let letter = Character(Unicode.Scalar(bytes[end]))
    let key = end == 2 ? letter == "M" ? .enter : cursorKeys[letter] : nil
    return .whole(length: end + 1, key.map { .key($0) } ?? .nothing)
  }

  /// A sequence with a byte that cannot be part of it ends before that byte. CAN and SUB, which
  /// cancel a sequence, belong to it.
  private static func broken(_ bytes: [UInt8], _ end: Int) -> Reading {
    let isCalledOff = bytes[end] == 0x18 || bytes[end] == 0x1A
    return .whole(length: isCalledOff ? end + 1 : end, .nothing)
  }

  /// A string (OSC, DCS and others): `ESC ]` or the like, then text up to BEL or `ESC \`.
  private static func string(_ bytes: [UInt8]) -> Reading {
    let ends: Set<UInt8> = [0x07, 0x18, 0x1A, escape]
    guard let end = bytes[2...].firstIndex(where: ends.contains) else { return .unfinished }
    guard bytes[end] == escape else { return .whole(length: end + 1, .nothing) }
    guard end + 1 < bytes.count else { return .unfinished }
    let isEnd = bytes[end + 1] == UInt8(ascii: "\\")
    return .whole(length: isEnd ? end + 2 : end, .nothing)
  }

  // MARK: Keys

  private static let cursorKeys: [Character: Key] = [
    "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end,
  ]
  private static let editingKeys: [String: Key] = [
    "1": .home, "7": .home, "4": .end, "8": .end, "3": .delete, "5": .pageUp, "6": .pageDown,
  ]

  /// The meaning of a control sequence: keys without a modifier, in the forms that most terminals
  /// send, and mouse reports.
  private static func meaning(_ parameters: String, _ final: Character) -> Meaning {
    if parameters.first == "<" { return MouseReport.read(parameters, final) }
    let key: Key? =
      switch (parameters, final) {
      case ("", "Z"): .backTab
      case (_, "~"): editingKeys[parameters]
      case ("", _), ("1", _): cursorKeys[final]
      default: nil
      }
    return key.map { .key($0) } ?? .nothing
  }

  // MARK: Characters

  /// Reads one character in UTF-8; bytes that are not UTF-8 mean nothing.
  static func character(_ bytes: ArraySlice<UInt8>) -> Reading {
    guard let lead = bytes.first else { return .unfinished }
    let length =
      switch lead {
      case 0x00..<0x80: 1
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    guard length > 0 else { return .whole(length: 1, .nothing) }
    let rest = bytes.dropFirst().prefix(length - 1).prefix { $0 & 0xC0 == 0x80 }
    guard rest.count == length - 1 else {
      let isCutShort = rest.endIndex == bytes.endIndex
      return isCutShort ? .unfinished : .whole(length: 1 + rest.count, .nothing)
    }
    let scalars = Array(String(decoding: [lead] + rest, as: UTF8.self).unicodeScalars)
    let key = scalars.count == 1 && scalars[0] != "\u{FFFD}" ? Key(typed: scalars[0]) : nil
    return .whole(length: length, key.map { .key($0) } ?? .nothing)
  }
}
