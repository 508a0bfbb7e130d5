// What the shim reports, and what the player hears of it.
import CNcurses
import Canvas
import Testing

@testable import Terminal

@Suite struct InputTests {
  private func event(
    _ kind: cn_kind, code: Int = 0, row: Int32 = 0, column: Int32 = 0
  ) -> cn_event {
    cn_event(kind: kind, code: Int32(code), row: row, column: column)
  }

  @Test(
    "Function keys are known by the numbers of curses",
    arguments: [
      (CN_KEY_UP, Key.up), (CN_KEY_DOWN, .down), (CN_KEY_LEFT, .left), (CN_KEY_RIGHT, .right),
      (CN_KEY_HOME, .home), (CN_KEY_END, .end), (CN_KEY_PAGE_UP, .pageUp),
      (CN_KEY_PAGE_DOWN, .pageDown), (CN_KEY_ENTER, .enter), (CN_KEY_BACK_TAB, .backTab),
      (CN_KEY_BACKSPACE, .backspace), (CN_KEY_DELETE, .delete),
    ])
  func functions(code: Int, key: Key) {
    #expect(Input(event(.function, code: code)) == .key(key))
  }

  @Test(
    "Control characters with a key of their own are that key",
    arguments: [
      (0x09, Key.tab), (0x0A, .enter), (0x0D, .enter), (0x1B, .escape), (0x08, .backspace),
      (0x7F, .backspace),
    ])
  func controls(code: Int, key: Key) {
    #expect(Input(event(.character, code: code)) == .key(key))
  }

  @Test("Other characters are themselves", arguments: ["q", " ", "T", "é", "∞", "界", "\u{1}"])
  func characters(text: String) throws {
    let scalar = try #require(text.unicodeScalars.first)
    let input = Input(event(.character, code: Int(scalar.value)))
    #expect(input == .key(.character(Character(scalar))))
  }

  @Test("A number is a key or a character by its kind")
  func kinds() {
    let letter = Input(event(.character, code: CN_KEY_UP))
    #expect(letter == .key(.character("\u{103}")))
  }

  @Test("Keys without a meaning are not reported")
  func unknown() {
    let f1 = 0o411
    #expect(Input(event(.function, code: f1)) == nil)
    #expect(Input(event(.character, code: 0xD800)) == nil)
    #expect(Input(event(.character, code: -1)) == nil)
  }

  @Test("The mouse reports the cell it is on")
  func mouse() {
    let click = Input(event(.click, row: 3, column: 79))
    #expect(click == .key(.click(row: 3, column: 79)))
    let drag = Input(event(.drag, row: 0, column: 1))
    #expect(drag == .key(.drag(row: 0, column: 1)))
  }

  @Test("A wait can end without a key")
  func endings() {
    #expect(Input(event(.timeout)) == .timeout)
    #expect(Input(event(.resize)) == .key(.resize))
    #expect(Input(event(.signal, code: 15)) == .signal(15))
    #expect(Input(event(.gone)) == .gone)
  }
}
