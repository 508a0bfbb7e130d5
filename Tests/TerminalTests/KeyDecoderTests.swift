// Bytes in, keys out: characters, the keys of the terminal's description, and sequences that mean
// nothing, whole and in pieces.
import Canvas
import Testing

@testable import Terminal

@Suite("Keys from bytes") struct KeyDecoderTests {
  /// The keys of a text that comes at once, with the patience run out after it.
  private func keys(_ text: String, _ decoder: KeyDecoder = KeyDecoder()) -> [Key] {
    keys(Array(text.utf8), decoder)
  }

  private func keys(_ bytes: [UInt8], _ decoder: KeyDecoder = KeyDecoder()) -> [Key] {
    var decoder = decoder
    var keys: [Key] = []
    for byte in bytes {
      decoder.take(byte)
      while let key = decoder.next() { keys.append(key) }
    }
    while decoder.patience != nil {
      if let key = decoder.giveUp() { keys.append(key) }
      while let key = decoder.next() { keys.append(key) }
    }
    return keys
  }

  @Test(
    "Control characters with a key of their own are that key",
    arguments: [
      ("\t", Key.tab), ("\n", .enter), ("\r", .enter), ("\u{8}", .backspace),
      ("\u{7F}", .backspace), ("\u{1B}", .escape),
    ])
  func controls(text: String, key: Key) { #expect(keys(text) == [key]) }

  @Test("Other characters are themselves", arguments: ["q", " ", "T", "é", "∞", "界", "😀", "\u{1}"])
  func characters(text: String) throws {
    #expect(keys(text) == [.character(try #require(text.first))])
  }

  @Test("What the terminal's description says of a key is that key")
  func described() {
    let decoder = KeyDecoder(known: [
      [0x1B, 0x4F, 0x41]: .up, [0x0B]: .down, [0x1B, 0x49]: .backTab,
    ])
    #expect(keys("\u{1B}OA\u{0B}\u{1B}Iq", decoder) == [.up, .down, .backTab, .character("q")])
  }

  @Test(
    "Keys without a modifier are known in either mode of the terminal",
    arguments: [
      ("[A", Key.up), ("[B", .down), ("[C", .right), ("[D", .left), ("OA", .up), ("OD", .left),
      ("[H", .home), ("OF", .end), ("[1~", .home), ("[4~", .end), ("[5~", .pageUp),
      ("[6~", .pageDown), ("[3~", .delete), ("[Z", .backTab), ("OM", .enter),
    ])
  func plain(sequence: String, key: Key) { #expect(keys("\u{1B}" + sequence) == [key]) }

  /// What follows Esc.
  static let meaningless = [
    "[1;5C", "[1;2A", "[1;9D", "[1;5H", "[5C", "[3;5~", "[15~", "[24;2~", "[200~", "[201~", "[I",
    "[O", "[?1;2c", "[>41;354;0c", "[12;40R", "[8;24;80t", "[97;5u", "[27;5;9~", "[2$", "[7^",
    "[8@",
    "[32;10;20M", "[<64;10;10M", "[<2;3;4m", "[<35;1;1M", "[<;;M", "[<0;99999999999999999999;1M",
    "[[A", "[[E", "Oa", "O5P", "O1;5C", "Ow", "OP", "a", "q", "é", "\r", "\u{7F}", " ", "!", "[",
    "O", "]",
    "]11;rgb:1e1e/2e2e/ffff\u{7}", "]52;c;cXF4cQ==\u{1B}\\", "P1$r0m\u{1B}\\", "_Gi=1;OK\u{1B}\\",
    "^x\u{1B}\\", "Xq\u{7}", "]4;1;q", "[1;", "[<0;1", "[?", "P", "[M  ", "[M#!!", "[1;5\u{18}",
  ]

  @Test(
    "A sequence that means nothing does nothing, and the key after it is itself",
    arguments: meaningless)
  func nothing(sequence: String) {
    #expect(keys("\u{1B}" + sequence) == [])
    var decoder = KeyDecoder()
    for byte in Array("\u{1B}\(sequence)".utf8) { decoder.take(byte) }
    #expect(decoder.next() == nil)
    // Where it has not ended, the rest is waited for in vain.
    while decoder.patience != nil { #expect(decoder.giveUp() == nil) }
    decoder.take(UInt8(ascii: "q"))
    #expect(decoder.next() == .character("q"))
  }

  @Test("Sequences are told from each other where they follow without a pause")
  func run() {
    let whole = Self.meaningless.filter {
      $0.hasSuffix("~") || $0.hasSuffix("C") || $0.hasSuffix("\\")
    }
    #expect(keys(whole.map { "\u{1B}" + $0 }.joined() + "j") == [.character("j")])
    #expect(keys("\u{1B}[1;\u{1B}[A") == [.up])
    #expect(keys("\u{1B}]0;q\u{1B}[B") == [.down])
    #expect(keys("\u{1B}[1;\rq") == [.enter, .character("q")])
  }

  @Test("Alt and an arrow is the arrow; Esc twice is Esc twice")
  func twice() {
    #expect(keys("\u{1B}\u{1B}[A") == [.up])
    #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
    #expect(keys("\u{1B}\u{1B}q") == [.escape])
  }

  @Test("A lone Esc is waited for shortly, the rest of a sequence longer")
  func patience() {
    var decoder = KeyDecoder()
    #expect(decoder.patience == nil)
    decoder.take(0x1B)
    #expect(decoder.patience.map { $0 <= 50 } == true)
    for byte in "[1;5".utf8 {
      decoder.take(byte)
      #expect(decoder.next() == nil && (decoder.patience ?? 0) >= 200)
    }
    decoder.take(UInt8(ascii: "C"))
    #expect(decoder.next() == nil && decoder.patience == nil)
  }

  @Test("Bytes that are no character are passed over, and a key after them is itself")
  func invalid() {
    #expect(keys([0xFF, 0x71]) == [.character("q")])
    #expect(keys([0x80, 0xC3, 0x71]) == [.character("q")])
    #expect(keys([0xE2, 0x88]) == [])
    #expect(keys([0xED, 0xA0, 0x80, 0x71]) == [.character("q")])
    #expect(keys([0xC2, 0x9B, 0x71]) == [.character("q")])
  }

  @Test("The left button clicks and drags, by decimal numbers and by characters")
  func mouse() {
    let reports = "\u{1B}[<0;80;4M\u{1B}[<32;81;4M\u{1B}[<0;81;4m\u{1B}[<35;9;9M"
    #expect(keys(reports) == [.click(row: 3, column: 79), .drag(row: 3, column: 80)])
    #expect(
      keys("\u{1B}[M !$\u{1B}[M@\"$\u{1B}[M#\"$") == [
        .click(row: 3, column: 0), .drag(row: 3, column: 1),
      ])
    #expect(keys([0x1B, 0x5B, 0x4D, 0x20, 0xFF, 0x21]) == [.click(row: 0, column: 222)])
    #expect(
      keys([0x1B, 0x5B, 0x4D, 0x20, 0xC3, 0xA1, 0x21, 0x71]) == [
        .click(row: 0, column: 192), .character("q"),
      ])
    #expect(keys(reports, KeyDecoder(takesMouse: false)) == [])
  }

  @Test("An endless sequence takes no memory and ends where it ends")
  func endless() {
    let text = "\u{1B}]52;c;" + String(repeating: "q", count: 50_000) + "\u{7}j"
    #expect(keys(text) == [.character("j")])
    #expect(keys("\u{1B}[" + String(repeating: "1;", count: 3000) + "Cj") == [.character("j")])
  }
}
