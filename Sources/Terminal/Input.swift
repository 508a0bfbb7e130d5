// What the reader of keys can come back with. Waiting may end without a key: an end to the
// patience, a signal, or a terminal whose window has been closed.
import CNcurses
import Canvas

/// The result of waiting for a key.
package enum Input: Sendable, Hashable {
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
  /// Nil for a byte, which is a key only together with others.
  init?(_ event: cn_event) {
    switch event.kind {
    case .timeout: self = .timeout
    case .signal: self = .signal(event.code)
    case .gone: self = .gone
    case .ready: self = .ready
    case .resize: self = .key(.resize)
    case .byte: return nil
    }
  }
}
