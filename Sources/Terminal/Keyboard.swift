// The keyboard of the open screen: makes keys of bytes that arrive in pieces and with delays.
import CNcurses
import Canvas

/// Waits for keys.
final class Keyboard {
  private var decoder: KeyDecoder
  private var lastByte = ContinuousClock.now

  /// Asks terminfo what the keys of this terminal send; a screen must be open.
  init() {
    let names: [(String, Key)] = [
      ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home),
      ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown), ("kent", .enter), ("kcbt", .backTab),
      ("kbs", .backspace), ("kdch1", .delete),
    ]
    var known: [[UInt8]: Key] = [:]
    for (name, key) in names {
      guard let text = cn_key_bytes(name) else { continue }
      let bytes = Array(String(cString: text).utf8)
      // A sequence must begin with a control character, so that no letter becomes another key.
      if let first = bytes.first, first < 0x20 || first == 0x7F { known[bytes] = key }
    }
    decoder = KeyDecoder(known: known, takesMouse: cn_follows_mouse())
  }

  /// Sleeps until something happens, at most until `end`; without `end` there is no limit.
  /// - Parameter descriptor: a file descriptor that ends the wait when it can be read.
  func next(until end: ContinuousClock.Instant?, or descriptor: Int32?) -> Input {
    while true {
      if let key = decoder.next() { return input(key) }
      let restIsDue = decoder.patience.map { lastByte + .milliseconds($0) }
      let event = cn_read(milliseconds(to: [end, restIsDue]), descriptor ?? -1)
      if case .byte = event.kind {
        lastByte = .now
        decoder.take(UInt8(truncatingIfNeeded: event.code))
      } else if let input = Input(event), input != .timeout {
        return input
      } else {
        if let restIsDue, restIsDue <= .now, let key = decoder.giveUp() { return input(key) }
        if let end, end <= .now { return .timeout }
      }
    }
  }

  /// Milliseconds until the first of the instants; -1 if there is none.
  private func milliseconds(to instants: [ContinuousClock.Instant?]) -> Int32 {
    guard let first = instants.compactMap({ $0 }).min() else { return -1 }
    let left = max(.zero, first - .now) / .milliseconds(1)
    return Int32(min(left.rounded(.up), 1e9))
  }

  /// The input for a key. Ctrl-L has the whole screen drawn again.
  private func input(_ key: Key) -> Input {
    guard key == .character("\u{C}") else { return .key(key) }
    cn_fit()
    return .key(.resize)
  }
}
