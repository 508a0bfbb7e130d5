// Which palette suits a terminal, and whether its colours can be read.
import Canvas
import Testing

@testable import Terminal

@Suite struct ThemeTests {
  @Test("The terminal's background decides, then COLORFGBG, then dark")
  func background() {
    #expect(Theme.standard.palette(background: 0xFDF6E3, environment: [:]) == .light)
    #expect(Theme.standard.palette(background: 0x1E1E1E, environment: [:]) == .dark)
    #expect(
      Theme.standard.palette(background: 0x000000, environment: ["COLORFGBG": "0;15"]) == .dark)
    #expect(Theme.standard.palette(background: nil, environment: ["COLORFGBG": "0;15"]) == .light)
    #expect(Theme.standard.palette(background: nil, environment: ["COLORFGBG": "15;0"]) == .dark)
    #expect(Theme.standard.palette(background: nil, environment: ["COLORFGBG": "?"]) == .dark)
    #expect(Theme.standard.palette(background: nil, environment: [:]) == .dark)
    #expect(Theme.light.palette(background: 0, environment: [:]) == .light)
  }

  @Test("Every ink can be read on every ground of its palette: a contrast of 4.5 to 1")
  func readable() {
    let grounds: [Palette: [UInt32]] = [
      // Black and the dark greys of common themes; white and off-white; the painted ground.
      .dark: [0x000000, 0x1A1A1A, 0x1E1E1E], .light: [0xFFFFFF, 0xFAFAFA],
      .projector: [0xFFFFFF], .mono: [0x000000, 0x1A1A1A],
    ]
    for palette in Palette.allCases {
      for ground in grounds[palette, default: []] {
        for ink in Ink.allCases {
          let found = contrast(palette.colour(of: ink).rgb, ground)
          #expect(found >= 4.5, "\(ink) of \(palette) on \(String(ground, radix: 16)): \(found)")
        }
      }
    }
  }

  @Test("Along a ramp of weights brightness goes one way, and from 0 outwards along signed values")
  func ramps() {
    for palette in Palette.allCases where palette != .mono {
      func light(_ ramp: Ramp, _ level: Int) -> Double {
        let sign = palette.isLight ? -1.0 : 1
        return sign * luminance(palette.colour(of: ramp, level: level).rgb)
      }
      for level in 1..<Ramp.levels {
        #expect(light(.weights, level) > light(.weights, level - 1), "\(palette) \(level)")
      }
      for step in 1...4 {
        #expect(light(.signed, 4 + step) > light(.signed, 3 + step), "\(palette) +\(step)")
        #expect(light(.signed, 4 - step) > light(.signed, 5 - step), "\(palette) -\(step)")
      }
    }
  }
}
