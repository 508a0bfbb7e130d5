// How a command ends that does not succeed: one line, and the documented exit code.

import Library

/// An end that is not success.
package struct Failure: Error {
  package var code: Int32
  package var message: String
  /// In two or three words, where the request makes sense and this device cannot carry it out: a
  /// sweep notes it and goes on.
  package var obstacle: String?

  package init(code: Int32, _ message: String) {
    self.code = code
    self.message = message
  }

  /// An unknown name, an impossible value, tiles that do not fit.
  package static func usage(_ message: String) -> Failure { Failure(code: 64, message) }
  /// A run that is too large for the device, or for this computer.
  package static func infeasible(_ obstacle: String, _ message: String) -> Failure {
    var failure = usage(message)
    failure.obstacle = obstacle
    return failure
  }
  /// A file whose contents are wrong.
  package static func badData(_ message: String) -> Failure { Failure(code: 65, message) }
  /// A comparison that failed.
  package static func mismatch(_ message: String) -> Failure { Failure(code: 1, message) }
}

extension Failure {
  /// A refusal in the words of the command line.
  package init(_ refusal: Refusal) {
    var words = refusal.option.map { Dialect.commandLine.text($0) + " " } ?? ""
    switch refusal.found {
    case .number(let number): words += "\(number): "
    case .word(let word, let candidates):
      let guess = nearest(word, in: candidates).map { " (did you mean \($0)?)" } ?? ""
      words += "\(visible(word))\(guess): "
    case nil: break
    }
    self.init(code: refusal.kind.exitCode, words + refusal.reason(in: .commandLine))
    if case .infeasible(let obstacle) = refusal.kind { self.obstacle = obstacle }
  }
}

extension Failure {
  /// Any error of a run that was asked for by a row or a point, in one line.
  package init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let refusal as Refusal: self.init(refusal)
    case let error as FileError: self.init(code: error.exitCode, error.message)
    default: self.init(code: 70, "\(error)")
    }
  }
}
