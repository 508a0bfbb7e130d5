// The end of a command that does not succeed.

import Foundation
import Runs

extension Failure {
  /// Says it and ends the program.
  func end() -> Never {
    say(["tilewalk: \(message)"])
    exit(code)
  }
}
