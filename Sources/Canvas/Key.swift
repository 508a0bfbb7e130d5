// What a person can press. The screen reads keys, the player gives them meaning.

/// A key, or a movement of the mouse.
package enum Key: Sendable, Hashable {
  case character(Character)
  case up, down, left, right, home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete
  /// The left button went down, or moved while down, on a cell.
  case click(row: Int, column: Int)
  case drag(row: Int, column: Int)
  /// The screen has a new size.
  case resize
}
