// Signals while results are being written: they are noted, so that the files can be put back as they
// were, and then end the program as they would have.

import Foundation
import Synchronization

/// The signal that has come, or 0.
private let caught = Atomic<Int32>(0)

enum Interruption {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// What a signal that has come asks for; nil if none has.
  static var failure: Failure? {
    let number = caught.load(ordering: .relaxed)
    return number == 0 ? nil : Failure(code: 128 + number, "interrupted; nothing was written")
  }

  /// Runs `body`, in which a signal ends a write that waits, and nothing else.
  static func noted<Result>(_ body: () throws -> Result) throws -> Result {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { caught.store($0, ordering: .relaxed) }
    var before = signals.map { _ in sigaction() }
    for (index, number) in signals.enumerated() {
      sigaction(number, nil, &before[index])
      // What our parent had us ignore (nohup) stays ignored.
      if !isIgnored(before[index]) { sigaction(number, &action, nil) }
    }
    defer {
      for (index, number) in signals.enumerated() { sigaction(number, &before[index], nil) }
    }
    return try body()
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
