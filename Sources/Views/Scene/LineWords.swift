// What the names in the line at work mean, for a screen with room for it.

import Canvas
import Machine
import Moments

/// The names of the tiles of the current op, and a few words on each.
struct LineWords {
  /// A name and its meaning.
  let entries: [(name: String, meaning: String)]

  init(_ moment: Moment) {
    guard let event = moment.current, let place = moment.place(of: event) else {
      entries = []
      return
    }
    let (block, op) = (moment.block(at: place), moment.op(at: place))
    let tiles = ([op.tile].compactMap { $0 } + Array(block.inputs(of: op))).map { block.tiles[$0] }
    var entries: [(name: String, meaning: String)] = []
    for tile in tiles {
      let name = TileName.shown(tile.name)
      guard !entries.contains(where: { $0.name == name }), let meaning = Self.meaning(tile.kind)
      else { continue }
      entries.append((name, meaning))
    }
    self.entries = entries
  }

  private static func meaning(_ kind: TileKind) -> String? {
    if kind.isGradient { return "the gradient of what its name says" }
    return switch kind.role {
    case .scores: "scores: how well each query fits each key"
    case .weights: "weights: e^(score − a maximum)"
    case .maximum: "the largest score of each row so far"
    case .tileMaximum: "the largest score of each row in this tile"
    case .newMaximum: "the larger of the old maximum and this tile’s"
    case .sum: "the sum of each row’s weights so far"
    case .tileSum: "the sum of each row’s weights in this tile"
    case .newSum: "the sum with this tile"
    case .factor: "the factor by which all older terms shrink"
    case .tileFactor: "the factor for the terms of this tile"
    case .output: "the weighted mean of the values, or its sum"
    case .weightGradient: "the gradient of the weights"
    case .keepMask: "1 for a weight that is kept, 0 for one dropped"
    case .other: named[kind.name]
    }
  }

  private static let named = [
    "Q": "queries: what each word looks for", "K": "keys: what each word offers",
    "V": "values: what each word passes on", "PV": "the weighted values of this tile",
    "L": "m + log l of each row, for the backward pass",
    "D": "the row sums of dO times O, for the backward pass",
  ]

  /// Draws a line for each name, as many as fit.
  func draw(in rect: Rect, on picture: inout Picture) {
    let width = min(8, entries.map(\.name.count).max() ?? 0) + 2
    for (row, entry) in entries.prefix(rect.height).enumerated() {
      picture.canvas.put(
        entry.name.cut(width - 1), Style(.accent, bold: true), row: row, column: 4, in: rect)
      picture.canvas.put(
        entry.meaning.cut(rect.width - 4 - width), Style(.dim), row: row, column: 4 + width,
        in: rect)
    }
  }
}
