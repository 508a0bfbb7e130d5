// Which key does what. The help page is made of this table.

import Canvas

/// A key, or several that do the same: one line of the help page.
package struct Binding: Sendable {
  package var keys: [Key]
  /// The keys as the help page writes them.
  package var label: String
  package var action: Action
  package var meaning: String

  init(_ keys: [Key], _ label: String, _ action: Action, _ meaning: String) {
    self.keys = keys
    self.label = label
    self.action = action
    self.meaning = meaning
  }

  init(_ keys: Character..., action: Action, _ meaning: String) {
    self.init(
      keys.map { .character($0) },
      keys.map { $0 == " " ? "space" : String($0) }.joined(separator: " "),
      action, meaning)
  }
}

/// All keys. Most lower-case letters go forward; the same letter in upper case goes back.
package enum Keymap {
  package static let bindings: [Binding] = [
    Binding(
      [.right, .character("l"), .character("n")], "→ l n", .step(.event, forward: true),
      "next event"),
    Binding(
      [.left, .character("h"), .character("p")], "← h p", .step(.event, forward: false),
      "event before"),
    Binding("t", action: .step(.tile, forward: true), "until a tile has moved"),
    Binding("T", action: .step(.tile, forward: false), "back to the tile before"),
    Binding("s", action: .step(.phase, forward: true), "next line of an algorithm"),
    Binding("S", action: .step(.phase, forward: false), "line before"),
    Binding("k", action: .step(.launch, forward: true), "next launch begins or ends"),
    Binding("K", action: .step(.launch, forward: false), "launch before"),
    Binding(
      "r", action: .rise(ofAnyRow: false, forward: true), "a larger score: the row shrinks"),
    Binding("R", action: .rise(ofAnyRow: false, forward: false), "the one before"),
    Binding("a", action: .rise(ofAnyRow: true, forward: true), "the same, of any row"),
    Binding("A", action: .rise(ofAnyRow: true, forward: false), "of any row, the one before"),
    Binding(".", action: .step(.cycle, forward: true), "one cycle on"),
    Binding(",", action: .step(.cycle, forward: false), "one cycle back"),
    Binding(" ", action: .play, "play, pause"),
    Binding("]", action: .faster, "play faster"),
    Binding("[", action: .slower, "play slower"),
    Binding([.home, .character("0")], "Home 0", .start, "to the start"),
    Binding([.end, .character("$")], "End $", .end, "to the end"),
    Binding("g", action: .prompt(.goTo), "go to a cycle, 50%, or #event"),
    Binding("/", action: .prompt(.search), "search events; empty: again"),
    Binding("\\", action: .prompt(.searchBack), "search backwards"),
    Binding("b", action: .prompt(.breakpoint), "set or clear a breakpoint"),
    Binding("c", action: .breakpoint(forward: true), "on to the next breakpoint"),
    Binding("C", action: .breakpoint(forward: false), "back to the last breakpoint"),
    Binding("w", action: .watch, "watch a tile: c, C stop there"),
    Binding("W", action: .lastWrite, "back to its last write"),
    Binding("m", action: .mark, "mark this cycle with a letter"),
    Binding("'", action: .jump, "return to a mark"),
    Binding([.tab, .backTab], "Tab", .focusNext, "look at the other run"),
    Binding("z", action: .zoom, "this view alone; chip: go in"),
    Binding("Z", action: .zoomOut, "zoom out"),
    Binding("v", action: .view(forward: true), "next view"),
    Binding("V", action: .view(forward: false), "view before"),
    Binding([.down], "↓", .row(1), "next query row; chip: choose"),
    Binding([.up], "↑", .row(-1), "row before; chip: choose"),
    Binding([.enter], "Enter", .point, "point at tiles; chip: go in"),
    Binding("}", action: .head(1), "next head"),
    Binding("{", action: .head(-1), "head before"),
    Binding(")", action: .processor(1), "next SM"),
    Binding("(", action: .processor(-1), "SM before"),
    Binding(">", action: .columns(4), "values further right"),
    Binding("<", action: .columns(-4), "values further left"),
    Binding("e", action: .explain, "explain this step"),
    Binding("x", action: .whatIf, "what if: other tiles, N, SRAM …"),
    Binding("f", action: .finale, "the finale: both runs compared"),
    Binding(":", action: .prompt(.command), "a command, such as :view ledger"),
    Binding("?", action: .help, "this help"),
    Binding([.escape], "Esc", .leave, "close, stop, let go"),
    Binding("q", action: .quit, "quit"),
  ]

  private static let table: [Key: Action] = Dictionary(
    bindings.flatMap { binding in binding.keys.map { ($0, binding.action) } },
    uniquingKeysWith: { first, _ in first })

  static func action(for key: Key) -> Action? { table[key] }
}
