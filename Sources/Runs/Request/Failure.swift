// The error with which a command ends: one line, and the documented exit code.

import Library

/// An error message with an exit code.
package struct Failure: Error {
  package var code: Int32
  package var message: String
  /// In two or three words, why this device cannot run a valid request; nil for other errors. A
  /// sweep prints it for the point and goes on.
  package var infeasibility: String?

  package init(code: Int32, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Exit code 64: an unknown name, an impossible value, tiles that do not fit.
  package static func usage(_ message: String) -> Failure { Failure(code: 64, message) }
  /// Exit code 65: a file whose contents are wrong.
  package static func badData(_ message: String) -> Failure { Failure(code: 65, message) }
  /// Exit code 1: a comparison that failed.
  package static func mismatch(_ message: String) -> Failure { Failure(code: 1, message) }
}

extension Failure {
  /// A refusal as the command line words it: `--tile 0: expected at least 1`.
  package init(_ refusal: Refusal) {
    var words = refusal.option.map { OptionSyntax.commandLine.text($0) + " " } ?? ""
    switch refusal.found {
    case .number(let number): words += "\(number): "
    case .word(let word, let candidates):
      let hint = guess(for: word, in: candidates)
      words += "\(visible(word))\(hint): "
    case nil: break
    }
    self.init(code: refusal.kind.exitCode, words + refusal.reason(in: .commandLine))
    if case .infeasible(let infeasibility) = refusal.kind { self.infeasibility = infeasibility }
  }
}

extension Failure {
  /// Any error of a run as one line; one of an unexpected type gets exit code 70.
  package init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let refusal as Refusal: self.init(refusal)
    case let error as FileError: self.init(code: error.exitCode, error.message)
    default: self.init(code: 70, "\(error)")
    }
  }
}
