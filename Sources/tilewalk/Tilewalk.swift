// The command line. Each command is one file; this one names them and turns every failure into one
// line on standard error and the documented exit code.

import ArgumentParser
import Foundation
import Lessons
import Runs

@main
struct Tilewalk: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tilewalk",
    abstract: "Walk through GPU kernels one tile at a time.",
    discussion: """
      Standard attention and FlashAttention run side by side on a simulated GPU: every tile holds
      true numbers, every load takes cycles, every byte is counted.
      """,
    version: "0.1.0",
    subcommands: [
      LibraryCommand.self, PlayCommand.self, LessonCommand.self, RunCommand.self,
      CompareCommand.self, SweepCommand.self, ReproduceCommand.self, CheckCommand.self,
      ExportCommand.self, ListCommand.self,
    ],
    defaultSubcommand: LibraryCommand.self)

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      failure.end()
    } catch let refusal as Refusal {
      Failure(refusal).end()
    } catch let error as FileError {
      Failure(code: error.exitCode, error.message).end()
    } catch {
      let code = exitCode(for: error)
      // Help and version are no failures; a wrong line is, and gets one line in return.
      guard code != .success else { exit(withError: error) }
      let message = message(for: error).split(separator: "\n").joined(separator: " ")
      // What is nobody's known mistake is ours.
      Failure(code: code == .failure ? 70 : code.rawValue, "\(message) (--help lists the options)")
        .end()
    }
  }
}

/// An end that is not success.
struct Failure: Error {
  var code: Int32
  var message: String
  /// In two or three words, where the request makes sense and this device cannot carry it out: a
  /// sweep notes it and goes on.
  var obstacle: String?

  init(code: Int32, _ message: String) {
    self.code = code
    self.message = message
  }

  /// An unknown name, an impossible value, tiles that do not fit.
  static func usage(_ message: String) -> Failure { Failure(code: 64, message) }
  /// A run that is too large for the device, or for this computer.
  static func infeasible(_ obstacle: String, _ message: String) -> Failure {
    var failure = usage(message)
    failure.obstacle = obstacle
    return failure
  }
  /// A file whose contents are wrong.
  static func badData(_ message: String) -> Failure { Failure(code: 65, message) }
  /// A comparison that failed.
  static func mismatch(_ message: String) -> Failure { Failure(code: 1, message) }

  /// Says it and ends the program.
  func end() -> Never {
    FileHandle.standardError.write(Data("tilewalk: \(message)\n".utf8))
    exit(code)
  }
}
