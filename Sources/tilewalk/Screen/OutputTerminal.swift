// What standard output can show: size, colours and characters of its terminal; 80 × 24 without
// colours if it is not a terminal.

import Foundation

/// Properties of standard output that pictures depend on.
struct OutputTerminal {
  /// In columns.
  var width = 80
  /// In rows.
  var height = 24
  /// Number of colours: 0, 8 or 256.
  var colours = 0
  var isUTF8: Bool

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let locale = names.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    isUTF8 = ["utf-8", "utf8"].contains { locale.lowercased().contains($0) }
    guard isatty(STDOUT_FILENO) == 1 else { return }
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 {
      (width, height) = (Int(size.ws_col), Int(size.ws_row))
    }
    colours = Self.colours(environment)
  }

  /// The number of colours that the environment promises; 0 if `NO_COLOR` is set.
  private static func colours(_ environment: [String: String]) -> Int {
    let terminal = environment["TERM", default: ""]
    guard environment["NO_COLOR", default: ""].isEmpty, !terminal.isEmpty, terminal != "dumb"
    else { return 0 }
    return terminal.contains("256") || environment["COLORTERM"] != nil ? 256 : 8
  }

  /// Rows for a plot, with room for the command above it and the prompt below.
  var plotHeight: Int { min(max(height - 2, 12), 32) }
}
