// The library: the first screen, a list of lessons, samples and kernels to open.

import Canvas
import Views

/// The state of the first screen.
package struct StartScreen: Sendable {
  /// An entry of the list.
  package struct Item: Sendable {
    package var id: String
    package var title: String
    package var detail: String

    package init(id: String, title: String, detail: String) {
      self.id = id
      self.title = title
      self.detail = detail
    }
  }

  /// What a key has led to: nothing yet, an item to open by its id, or the end.
  package enum Choice: Sendable, Equatable {
    case none
    case open(String)
    case quit
  }

  package var items: [Item]
  /// Index in `items` of the selected item.
  package private(set) var selected = 0
  /// The error message below the list: why an item could not be opened; nil for none.
  package var message: String?

  package init(_ items: [Item]) { self.items = items }

  /// Takes one key, on a screen of `height` rows.
  package mutating func update(_ key: Key, height: Int) -> Choice {
    message = nil
    switch key {
    case .down, .character("j"), .character("n"):
      selected = max(0, min(selected + 1, items.count - 1))
    case .up, .character("k"), .character("p"): selected = max(selected - 1, 0)
    case .home: selected = 0
    case .end: selected = max(0, items.count - 1)
    case .enter, .right, .character(" "), .character("l"):
      if items.indices.contains(selected) { return .open(items[selected].id) }
    case .click(let row, _):
      let index = first(height) + (row - Self.top) / 2
      if row >= Self.top, row < Self.top + 2 * Self.room(height), items.indices.contains(index) {
        return .open(items[index].id)
      }
    case .escape, .character("q"): return .quit
    default: break
    }
    return .none
  }

  /// Row of the first item.
  private static var top: Int { 5 }

  /// Number of items that fit on a screen of `height` rows.
  private static func room(_ height: Int) -> Int { max(1, (height - top - 2) / 2) }

  /// Index of the first item on the screen.
  private func first(_ height: Int) -> Int {
    max(0, min(selected - Self.room(height) / 2, items.count - Self.room(height)))
  }

  /// Draws the whole screen: `width` columns, `height` rows.
  package func frame(width: Int, height: Int) -> Picture {
    var picture = Picture(width: width, height: height)
    let bounds = picture.canvas.bounds
    picture.canvas.put(
      "  tilewalk", Style(.title, bold: true), row: 1, column: 0, in: bounds)
    picture.canvas.put(
      "  Walk through GPU kernels one tile at a time.", Style(.dim), row: 2, column: 0, in: bounds)
    let first = first(height)
    for (index, item) in items.enumerated().dropFirst(first).prefix(Self.room(height)) {
      let row = Self.top + 2 * (index - first)
      let isSelected = index == selected
      picture.canvas.put(
        "\(isSelected ? "▸ " : "  ")\(item.title)",
        Style(isSelected ? .accent : .plain, bold: isSelected), row: row, column: 1, in: bounds)
      picture.canvas.put(
        item.detail.cut(width - 6), Style(.dim), row: row + 1, column: 5, in: bounds)
    }
    picture.canvas.put(
      "↑↓ choose   Enter open   q quit", Style(.dim), row: height - 1, column: 0, in: bounds)
    if let message { picture.say(message, Style(.alert)) }
    return picture
  }
}
