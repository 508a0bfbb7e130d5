// Roles to attributes and colours, in every palette and every mode.
import CNcurses
import Canvas
import Testing

@testable import Terminal

@Suite struct LookTests {
  @Test("Each mode uses its own colours")
  func modes() {
    let load = Style(.load)
    #expect(Wardrobe(.standard, .many)[load] == Look(colour: 74))
    #expect(Wardrobe(.standard, .sixteen)[load] == Look(colour: 6))
    #expect(Wardrobe(.standard, .eight)[load] == Look(colour: 6))
    #expect(Wardrobe(.standard, .none)[load] == Look())
  }

  @Test("What is faint is dimmed only where it has no colour")
  func faint() {
    let dim = Style(.dim)
    #expect(Wardrobe(.standard, .many)[dim] == Look(colour: 245))
    #expect(Wardrobe(.standard, .eight)[dim] == Look(attributes: UInt32(CN_DIM)))
    #expect(Wardrobe(.standard, .none)[dim] == Look(attributes: UInt32(CN_DIM)))
  }

  @Test("Attributes add up and leave the colour alone")
  func attributes() {
    let style = Style(.store, bold: true, reversed: true, underlined: true)
    let all = UInt32(CN_BOLD | CN_REVERSE | CN_UNDERLINE)
    #expect(Wardrobe(.standard, .many)[style] == Look(attributes: all, colour: 214))
    #expect(Wardrobe(.standard, .none)[style] == Look(attributes: all))
  }

  @Test("Text keeps the user's own foreground", arguments: Palette.allCases, ColourMode.allCases)
  func plain(palette: Palette, mode: ColourMode) {
    let attributes = palette.isBold ? UInt32(CN_BOLD) : 0
    #expect(Wardrobe(palette, mode)[Style()] == Look(attributes: attributes))
  }

  @Test("A mode makes ready every colour it uses and none it cannot have")
  func colours() {
    #expect(Wardrobe(.standard, .none).colours.isEmpty)
    #expect(Wardrobe(.standard, .eight).colours.allSatisfy { (0..<8).contains($0) })
    let many = Wardrobe(.projector, .many)
    for ink in Ink.allCases {
      let colour = many[Style(ink)].colour
      #expect(colour == -1 || many.colours.contains(colour))
    }
  }
}
