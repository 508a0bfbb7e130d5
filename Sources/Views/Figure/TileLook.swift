// How the status of a tile looks: a glyph beside its picture, or in place of one, and an ink. Nothing is
// told by colour alone.

import Canvas
import Moments

extension TileStatus {
  /// What stands in the tile's place while it has no picture.
  var filling: Character {
    switch self {
    case .dropped: "╌"
    default: "·"
    }
  }

  /// The glyph beside the picture; nil for a tile that waits, or holds nothing.
  package func glyph(isStore: Bool) -> Character? {
    switch self {
    case .unwritten, .dropped, .waiting: nil
    case .done: "✓"
    case .resident: "■"
    case .inFlight: isStore ? "«" : "»"
    case .active: "▲"
    }
  }

  /// The ink of the status; a load and a store differ.
  package func ink(isStore: Bool) -> Ink {
    switch self {
    case .unwritten, .dropped: .dim
    case .waiting: .plain
    case .done: .dim
    case .resident: .resident
    case .inFlight: isStore ? .store : .load
    case .active: .compute
    }
  }
}
