// What a tile is doing, as a glyph and an ink: never by colour alone.

import Canvas
import Moments

extension TileStatus {
  /// A transfer points where it goes: `»` to the chip, `«` back to HBM.
  package func glyph(isStore: Bool) -> Character {
    switch self {
    case .untouched: "·"
    case .done: "✓"
    case .resident: "■"
    case .inFlight: isStore ? "«" : "»"
    case .active: "▲"
    }
  }

  package func ink(isStore: Bool) -> Ink {
    switch self {
    case .untouched: .dim
    case .done: .done
    case .resident: .resident
    case .inFlight: isStore ? .store : .load
    case .active: .compute
    }
  }
}
