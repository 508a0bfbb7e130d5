// How a command that fails ends: one line on standard error, and an exit code.

import Foundation
import Runs

extension Failure {
  /// Prints the message on standard error and exits with the code.
  func end() -> Never {
    say(["tilewalk: \(message)"])
    exit(code)
  }
}
