// What the reader of keys can come back with. Waiting may end without a key: an end to the
// patience, a signal, or a terminal whose window has been closed.
import CNcurses
import Canvas

/// The result of waiting for a key.
public enum Input: Sendable, Hashable {
  case key(Key)
  /// Nothing happened in the time allowed.
  case timeout
  /// The process was asked to end: SIGINT, SIGQUIT, SIGTERM or SIGHUP.
  case signal(Int32)
  /// The terminal no longer exists.
  case gone
  /// The other descriptor that was waited for has something to read.
  case ready
}

extension Input {
  /// Nil for a key without a meaning here, such as F1.
  init?(_ event: cn_event) {
    switch event.kind {
    case .timeout: self = .timeout
    case .signal: self = .signal(event.code)
    case .gone: self = .gone
    case .ready: self = .ready
    case .resize: self = .key(.resize)
    case .click: self = .key(.click(row: Int(event.row), column: Int(event.column)))
    case .drag: self = .key(.drag(row: Int(event.row), column: Int(event.column)))
    case .character, .function:
      guard let key = event.kind == .function ? Key(function: event.code) : Key(typed: event.code)
      else { return nil }
      self = .key(key)
    }
  }
}

extension Key {
  /// A key by the number curses gives it.
  init?(function code: Int32) {
    switch Int(code) {
    case CN_KEY_UP: self = .up
    case CN_KEY_DOWN: self = .down
    case CN_KEY_LEFT: self = .left
    case CN_KEY_RIGHT: self = .right
    case CN_KEY_HOME: self = .home
    case CN_KEY_END: self = .end
    case CN_KEY_PAGE_UP: self = .pageUp
    case CN_KEY_PAGE_DOWN: self = .pageDown
    case CN_KEY_ENTER: self = .enter
    case CN_KEY_BACK_TAB: self = .backTab
    case CN_KEY_BACKSPACE: self = .backspace
    case CN_KEY_DELETE: self = .delete
    default: return nil
    }
  }

  /// A key by the scalar it sends; the control characters that have a key of their own are that key.
  init?(typed code: Int32) {
    switch code {
    case 0x09: self = .tab
    case 0x0A, 0x0D: self = .enter
    case 0x1B: self = .escape
    case 0x08, 0x7F: self = .backspace
    default:
      guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else { return nil }
      self = .character(Character(scalar))
    }
  }
}
