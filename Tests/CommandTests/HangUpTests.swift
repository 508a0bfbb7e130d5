// Somebody closes the terminal's window: the program ends in order, with nothing left to write to.

import Foundation
import Testing

@Suite("A terminal that goes away")
struct HangUpTests {
  @Test(
    "ends what is on the screen with 129, and no crash",
    arguments: [[], ["play"], ["lesson", "04-softmax-by-blocks"]])
  func screens(arguments: [String]) throws {
    let terminal = try PseudoTerminal(arguments)
    terminal.readUntilQuiet()
    #expect(terminal.hangUp() == 129)
  }
}
