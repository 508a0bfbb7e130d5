// What standard output can show: a terminal's size, colours and characters; 80 × 24 without colours
// where there is none.

import Foundation

/// Standard output as a place for pictures.
struct OutputTerminal {
  var width = 80
  var height = 24
  /// 0, 8 or 256.
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

  /// None under `NO_COLOR` (https://no-color.org).
  private static func colours(_ environment: [String: String]) -> Int {
    let terminal = environment["TERM", default: ""]
    guard environment["NO_COLOR", default: ""].isEmpty, !terminal.isEmpty, terminal != "dumb"
    else { return 0 }
    return terminal.contains("256") || environment["COLORTERM"] != nil ? 256 : 8
  }

  /// Leaves room for the command above and the prompt below.
  var plotHeight: Int { min(max(height - 2, 12), 32) }
}
