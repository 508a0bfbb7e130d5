// Why a screen could not be opened, in words for the user.

/// The reason why there is no screen.
package enum ScreenError: Error, Equatable {
  /// Standard input or output is no terminal, but a file, a pipe or closed.
  case notATerminal
  /// The value of `TERM` names no terminal whose cursor can be placed.
  case unknownTerminal(String)
}

extension ScreenError: CustomStringConvertible {
  /// What was found, what is needed, and what to do instead.
  package var description: String {
    switch self {
    case .notATerminal:
      "the screen needs a terminal, and standard input or output is none; "
        + "'tilewalk run' and 'tilewalk lesson --text' work without one"
    case .unknownTerminal(""):
      "the screen needs to know the terminal, and TERM is not set; try TERM=xterm"
    case .unknownTerminal(let name):
      "the screen cannot be drawn on a terminal of type '\(name)' (TERM); try TERM=xterm"
    }
  }
}
