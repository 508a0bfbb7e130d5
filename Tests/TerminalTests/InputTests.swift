// What the shim reports, and what the player hears of it.
import CNcurses
import Canvas
import Testing

@testable import Terminal

@Suite struct InputTests {
  private func input(_ kind: cn_kind, code: Int32 = 0) -> Input? {
    Input(cn_event(kind: kind, code: code))
  }

  @Test("A wait can end without a key")
  func endings() {
    #expect(input(.timeout) == .timeout)
    #expect(input(.resize) == .key(.resize))
    #expect(input(.signal, code: 15) == .signal(15))
    #expect(input(.gone) == .gone)
    #expect(input(.ready) == .ready)
  }

  @Test("A byte alone is not reported: the decoder makes keys of bytes")
  func bytes() { #expect(input(.byte, code: 0x1B) == nil) }
}
