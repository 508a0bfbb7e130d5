// Makes keys of the bytes that a terminal sends. A key is a character, a sequence that terminfo
// gives for the terminal, or an escape sequence. An unknown sequence is dropped as a whole, even if
// it arrives in pieces, and is never read as Esc and letters.
import Canvas

/// Takes bytes one by one and returns keys.
struct KeyDecoder {
  /// Keys by the bytes that terminfo gives for them.
  private let known: [[UInt8]: Key]
  private let takesMouse: Bool
  /// Bytes that have arrived and are not a key yet.
  private var pending: [UInt8] = []
  private var isButtonDown = false

  init(known: [[UInt8]: Key] = [:], takesMouse: Bool = true) {
    self.known = known
    self.takesMouse = takesMouse
  }

  mutating func take(_ byte: UInt8) {
    pending.append(byte)
    // A sequence may be endless: keep its start, which tells its kind, and its last byte, which may
    // end it.
    if pending.count > 1024 { pending.removeSubrange(4..<pending.count - 1) }
  }

  /// The next complete key among the bytes that have arrived; nil if there is none.
  mutating func next() -> Key? {
    while !pending.isEmpty {
      guard case .whole(let length, let meaning) = reading else { return nil }
      pending.removeFirst(length)
      if let key = key(meaning) { return key }
    }
    return nil
  }

  /// Milliseconds to wait for the rest of a sequence; nil if none has begun.
  var patience: Int? {
    guard let last = pending.last else { return nil }
    // Nothing may follow after Esc alone, or after the `$` that ends a sequence of older terminals.
    return last == EscapeSequence.escape || last == UInt8(ascii: "$") ? 50 : 300
  }

  /// Ends a sequence whose rest has not arrived: Esc alone is a key, any other start is dropped.
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

  /// The key for a mouse report: a press of the left button, or movement while it is down.
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
  /// The key for a scalar; control characters with a key of their own are that key. Nil for 0x80 to
  /// 0x9F.
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
