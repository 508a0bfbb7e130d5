// The terminal's screen, drawn by ncurses. A terminal has one owner at a time, so a screen cannot
// be copied, and it gives the terminal back when it is released.
import CNcurses
import Canvas
import Foundation

/// The terminal while the program uses it: it shows canvases and reads keys.
package struct Screen: ~Copyable {
  private let wardrobe: Wardrobe
  private let drawsASCII: Bool
  private let keyboard: Keyboard
  private let shown = Shown()
  private var isOpen = true

  /// Takes over the terminal; one screen may be open at a time.
  /// - Throws: `ScreenError` if there is no terminal, or terminfo does not know it.
  package static func open(
    _ options: ScreenOptions = ScreenOptions()
  ) throws(ScreenError) -> Screen {
    let environment = ProcessInfo.processInfo.environment
    switch cn_open(options.usesMouse) {
    case .not_a_terminal: throw .notATerminal
    case .unknown_terminal: throw .unknownTerminal(environment["TERM", default: ""])
    case .already_open: preconditionFailure("a screen is already open; close it first")
    case .opened: return Screen(options, environment)
    }
  }

  private init(_ options: ScreenOptions, _ environment: [String: String]) {
    let mode = options.colourMode(
      environment: environment, terminalColours: Int(cn_colour_count()))
    // The Linux console is black, and does not know the question.
    let asks =
      mode != .none && options.theme == .standard && environment["TERM"] != "linux"
    let background = asks ? Theme.askBackground() : nil
    let palette = options.theme.palette(background: background, environment: environment)
    wardrobe = Wardrobe(palette, mode, mostPairs: Int(cn_pair_count()))
    drawsASCII = options.drawsASCII(localeIsUTF8: cn_is_utf8())
    keyboard = Keyboard()
    if mode != .none { cn_start_colours() }
    for (index, pair) in wardrobe.pairs.enumerated() {
      cn_define_pair(Int32(index + 1), pair.foreground, pair.ground)
    }
  }

  deinit { if isOpen { cn_close() } }

  /// The size of the screen in columns and rows.
  package var size: (width: Int, height: Int) {
    (Int(cn_columns()), Int(cn_rows()))
  }

  /// Shows a canvas from the top left corner; only cells that changed are sent.
  package func show(_ canvas: Canvas) {
    let picture =
      drawsASCII ? canvas.asciiOnly : wardrobe.showsValues ? canvas.inHalfBlocks : canvas
    let size = size
    let isNew = shown.size != size
    if isNew { cn_erase() }
    for row in 0..<min(picture.height, size.height) {
      // Curses sends only cells that differ, but it must not be told of every cell at every frame.
      guard isNew || !shown.canvas.hasSameRow(row, as: picture) else { continue }
      for run in picture.runs(inRow: row) {
        let look = wardrobe[run.style]
        cn_put(
          Int32(row), Int32(run.column), run.scalars, Int32(run.scalars.count), look.attributes,
          look.pair)
      }
    }
    cn_flush()
    (shown.canvas, shown.size) = (picture, size)
  }

  /// Sleeps until something happens.
  /// - Parameters:
  ///   - milliseconds: how long to wait at most; nil for no limit.
  ///   - descriptor: a file descriptor that ends the wait when it can be read.
  package func nextKey(waiting milliseconds: Int? = nil, or descriptor: Int32? = nil) -> Input {
    keyboard.next(until: milliseconds.map { .now + .milliseconds($0) }, or: descriptor)
  }

  /// Gives the terminal back as it was; a second call does nothing.
  package mutating func close() {
    if isOpen { cn_close() }
    isOpen = false
  }
}

/// What a screen shows, and in which size.
private final class Shown {
  var canvas = Canvas(width: 0, height: 0)
  var size = (width: -1, height: -1)
}
