// The keys and mouse actions that a screen reads. The player gives them their meaning.

/// A key, a mouse action, or a new size of the screen.
package enum Key: Sendable, Hashable {
  case character(Character)
  case up, down, left, right, home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete
  /// The left button was pressed on a cell, or the mouse moved to a cell while it was down.
  case click(row: Int, column: Int)
  case drag(row: Int, column: Int)
  /// The screen has a new size, or must be drawn again.
  case resize
}
