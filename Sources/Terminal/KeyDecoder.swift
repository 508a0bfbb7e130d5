// From the bytes that a terminal sends to keys. A key is a character, what the terminal's description
// says of it, or an escape sequence; a sequence that means nothing here is passed over whole, however
// it is cut into pieces, and never read as Esc and letters.
import Canvas

/// Takes bytes one by one and gives keys.
struct KeyDecoder {
  /// Keys by the bytes that the terminal's description has for them.
  private let known: [[UInt8]: Key]
  private let takesMouse: Bool
  /// What has come and is not yet a key.
  private var pending: [UInt8] = []
  private var isButtonDown = false

  init(known: [[UInt8]: Key] = [:], takesMouse: Bool = true) {
    self.known = known
    self.takesMouse = takesMouse
  }

  mutating func take(_ byte: UInt8) {
    pending.append(byte)
    // Of an endless sequence the beginning says what it is, and the last byte whether it ends.
    if pending.count > 1024 { pending.removeSubrange(4..<pending.count - 1) }
  }

  /// The next key of the bytes at hand; nil where they hold none, or none that is whole.
  mutating func next() -> Key? {
    while !pending.isEmpty {
      guard case .whole(let length, let meaning) = reading else { return nil }
      pending.removeFirst(length)
      if let key = key(meaning) { return key }
    }
    return nil
  }

  /// How long to wait for the rest of what has begun, ms; nil where nothing has.
  var patience: Int? {
    guard let last = pending.last else { return nil }
    // After Esc alone, and where older terminals end a sequence with `$`, nothing may follow.
    return last == EscapeSequence.escape || last == UInt8(ascii: "$") ? 50 : 300
  }

  /// The rest has not come: a lone Esc is a key, a part of a sequence is none.
  mutating func giveUp() -> Key? {
    guard pending.allSatisfy({ $0 == EscapeSequence.escape }), !pending.isEmpty else {
      pending = []
      return nil
    }
    pending.removeFirst()
    return .escape
  }

  // MARK: Meanings

  private var reading: EscapeSequence.Reading {
    let whole = known.keys.filter { pending.starts(with: $0) }.max { $0.count < $1.count }
    if let whole, let key = known[whole] { return .whole(length: whole.count, .key(key)) }
    if known.keys.contains(where: { $0.starts(with: pending) }) { return .unfinished }
    return pending[0] == EscapeSequence.escape
      ? EscapeSequence.read(pending) : EscapeSequence.character(pending[...])
  }

  private mutating func key(_ meaning: EscapeSequence.Meaning) -> Key? {
    switch meaning {
    case .nothing: return nil
    case .key(let key): return key
    case .mouse(let report): return takesMouse ? key(report) : nil
    }
  }

  /// Presses of the left button, and movement while it is down.
  private mutating func key(_ report: MouseReport) -> Key? {
    switch report.action {
    case .press: isButtonDown = true
    case .release: isButtonDown = false
    case .move: break
    }
    guard report.action != .release, isButtonDown else { return nil }
    return report.action == .press
      ? .click(row: report.row, column: report.column)
      : .drag(row: report.row, column: report.column)
  }
}

extension Key {
  /// A key by the scalar it sends; the control characters that have a key of their own are that key.
  init?(typed scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x09: self = .tab
    case 0x0A, 0x0D: self = .enter
    case 0x08, 0x7F: self = .backspace
    case 0x80...0x9F: return nil
    default: self = .character(Character(scalar))
    }
  }
}
