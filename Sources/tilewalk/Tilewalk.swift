// The command line. It names the commands, one file each, and turns every error into one line on
// standard error and the documented exit code.

import ArgumentParser
import Foundation
import Library
import Runs

/// The program `tilewalk`.
@main
struct Tilewalk: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tilewalk",
    abstract: "Walk through GPU kernels one tile at a time.",
    discussion: """
      Standard attention and FlashAttention run side by side on a simulated GPU: every tile holds \
      true numbers, every load takes cycles, every byte is counted.
      """,
    version: "0.1.0",
    subcommands: CommandCatalogue.commands,
    defaultSubcommand: LibraryCommand.self)

  static func main() {
    prepareStreams()
    prepareEnvironment()
    var arguments = Array(CommandLine.arguments.dropFirst())
    // `run training-step` is a command of its own, as it runs no kernel but a program of many.
    if arguments.starts(with: ["run", "training-step"]) { arguments.removeFirst() }
    let own = KernelOptions(arguments)
    do {
      var command = try parseAsRoot(try own.rewritten(arguments))
      try command.run()
    } catch { end(error, own) }
  }

  /// Prints the error and exits. Help and version are successful ends, and go to standard output.
  private static func end(_ error: any Error, _ own: KernelOptions) -> Never {
    guard exitCode(for: error) == .success else { failure(error).end() }
    do {
      try emit(fullMessage(for: error) + "\n" + own.help)
      Foundation.exit(0)
    } catch { failure(error).end() }
  }

  /// The error as a message and an exit code.
  private static func failure(_ error: any Error) -> Failure {
    switch error {
    case is Failure, is Refusal, is FileError: return Failure(error)
    default:
      let code = exitCode(for: error)
      let message = message(for: error).split(separator: "\n").joined(separator: " ")
      // An error of no known kind is a bug of the program: 70 (EX_SOFTWARE).
      return Failure(
        code: code == .failure ? 70 : code.rawValue, "\(message) (--help lists the options)")
    }
  }
}
