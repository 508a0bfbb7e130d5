// Wishes, environment and terminal: who wins when they disagree.
import Testing

@testable import Terminal

@Suite struct ScreenOptionsTests {
  @Test(
    "A terminal's colours decide when nobody asks",
    arguments: [
      (-1, ColourMode.none), (2, .none), (8, .eight), (16, .sixteen), (88, .sixteen), (256, .many),
      (1 << 24, .many),
    ])
  func automatic(colours: Int, mode: ColourMode) {
    #expect(ScreenOptions().colourMode(environment: [:], terminalColours: colours) == mode)
  }

  @Test("NO_COLOR counts when it is not empty")
  func noColour() {
    let options = ScreenOptions()
    #expect(options.colourMode(environment: ["NO_COLOR": "1"], terminalColours: 256) == .none)
    #expect(options.colourMode(environment: ["NO_COLOR": "0"], terminalColours: 256) == .none)
    #expect(options.colourMode(environment: ["NO_COLOR": ""], terminalColours: 256) == .many)
  }

  @Test("An option is stronger than NO_COLOR")
  func optionWins() {
    let options = ScreenOptions(colour: .eight)
    #expect(options.colourMode(environment: ["NO_COLOR": "1"], terminalColours: 256) == .eight)
  }

  @Test("No option gives a terminal colours it lacks")
  func capped() {
    for wish in ColourMode.allCases {
      let options = ScreenOptions(colour: wish)
      #expect(options.colourMode(environment: [:], terminalColours: -1) == .none)
    }
    let many = ScreenOptions(colour: .many)
    #expect(many.colourMode(environment: [:], terminalColours: 8) == .eight)
    let none = ScreenOptions(colour: .none)
    #expect(none.colourMode(environment: [:], terminalColours: 256) == .none)
  }

  @Test("ASCII is drawn where the locale is not UTF-8, unless an option says otherwise")
  func ascii() {
    #expect(ScreenOptions().drawsASCII(localeIsUTF8: false))
    #expect(!ScreenOptions().drawsASCII(localeIsUTF8: true))
    #expect(ScreenOptions(asciiOnly: true).drawsASCII(localeIsUTF8: true))
    #expect(!ScreenOptions(asciiOnly: false).drawsASCII(localeIsUTF8: false))
  }

  @Test("A refusal says what was found and what to do")
  func refusals() {
    #expect("\(ScreenError.notATerminal)".contains("tilewalk run"))
    #expect("\(ScreenError.unknownTerminal("nonsense"))".contains("'nonsense'"))
    #expect("\(ScreenError.unknownTerminal(""))".contains("not set"))
  }
}
