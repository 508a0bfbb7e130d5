// How waiting for a key can end: with a key, a timeout, a signal, a terminal that has been closed,
// or another descriptor that can be read.
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
  /// Nil for a byte, which may be only a part of a key.
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
