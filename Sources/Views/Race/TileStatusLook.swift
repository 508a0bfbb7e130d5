// How the status of a tile looks: a glyph and an ink. Nothing is told by colour alone.

import Canvas
import Moments

extension TileStatus {
  /// The glyph of the status. A transfer points to where it goes: `»` to SRAM, `«` to HBM.
  package func glyph(isStore: Bool) -> Character {
    switch self {
    case .untouched: "·"
    case .done: "✓"
    case .resident: "■"
    case .inFlight: isStore ? "«" : "»"
    case .active: "▲"
    }
  }

  /// The ink of the status; a load and a store differ.
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
