// Roles to attributes and colours, in every palette and every mode.
import CNcurses
import Canvas
import Testing

@testable import Terminal

@Suite struct LookTests {
  /// The foreground that a style has; -1 for the user's own.
  private func foreground(_ wardrobe: Wardrobe, _ style: Style) -> Int32 {
    let pair = wardrobe[style].pair
    return pair == 0 ? -1 : wardrobe.pairs[Int(pair) - 1].foreground
  }

  @Test("Each mode uses its own colours")
  func modes() {
    let load = Style(.load)
    #expect(foreground(Wardrobe(.dark, .many), load) == 74)
    #expect(foreground(Wardrobe(.dark, .sixteen), load) == 6)
    #expect(foreground(Wardrobe(.dark, .eight), load) == 6)
    #expect(Wardrobe(.dark, .none)[load] == Look())
    #expect(foreground(Wardrobe(.light, .many), load) == 25)
  }

  @Test("What is faint is dimmed only where it has no colour")
  func faint() {
    let dim = Style(.dim)
    #expect(foreground(Wardrobe(.dark, .many), dim) == 245)
    #expect(Wardrobe(.dark, .many)[dim].attributes == 0)
    #expect(Wardrobe(.dark, .eight)[dim] == Look(attributes: UInt32(CN_DIM)))
    #expect(Wardrobe(.dark, .none)[dim] == Look(attributes: UInt32(CN_DIM)))
  }

  @Test("Attributes add up and leave the colour alone")
  func attributes() {
    let style = Style(.store, bold: true, reversed: true, underlined: true)
    let all = UInt32(CN_BOLD | CN_REVERSE | CN_UNDERLINE)
    #expect(Wardrobe(.dark, .many)[style].attributes == all)
    #expect(foreground(Wardrobe(.dark, .many), style) == 214)
    #expect(Wardrobe(.dark, .none)[style] == Look(attributes: all))
  }

  @Test("Text keeps the user's own colours, but for a palette with a ground of its own")
  func plain() {
    for palette in Palette.allCases {
      for mode in ColourMode.allCases {
        let wardrobe = Wardrobe(palette, mode)
        let look = wardrobe[Style()]
        #expect(look.attributes == (palette.isBold ? UInt32(CN_BOLD) : 0))
        let paints = palette.painted != nil && [.eight, .sixteen, .many].contains(mode)
        #expect((look.pair > 0) == paints)
        if paints {
          #expect(wardrobe.pairs.prefix(Ink.allCases.count).allSatisfy { $0.ground >= 0 })
        }
      }
    }
  }

  @Test("A mode uses no colour that it cannot have")
  func colours() {
    #expect(Wardrobe(.dark, .none).pairs.isEmpty)
    #expect(Wardrobe(.mono, .many).pairs.isEmpty)
    for palette in Palette.allCases {
      let pairs = Wardrobe(palette, .eight).pairs
      #expect(pairs.allSatisfy { (-1..<8).contains($0.foreground) && (-1..<8).contains($0.ground) })
    }
  }

  @Test("Two values are two colours where there are enough pairs, and a glyph where not")
  func values() {
    let style = Cell(Shades(.weights, upper: 8, lower: 0)).style
    let many = Wardrobe(.dark, .many)
    let pair = many.pairs[Int(many[style].pair) - 1]
    #expect(pair == ColourPair(foreground: 230, ground: 235))
    for few in [Wardrobe(.dark, .many, mostPairs: 64), Wardrobe(.dark, .eight)] {
      #expect(!few.showsValues)
      #expect(few[style] == few[Style(.accent)])
    }
  }
}
