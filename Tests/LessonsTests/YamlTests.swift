// YAML that is broken, or made to break the reader.
import Foundation
import Testing

@testable import Library

@Suite("YAML")
struct YamlTests {
  private func refusal(_ text: String) -> String {
    message { () throws(FileError) in try DeviceFile(text: text, path: "my.yaml") }
  }

  @Test("A fault of syntax is named by its line")
  func syntax() {
    #expect(refusal("name: a\ntitle: [b\n").hasPrefix("my.yaml:3: not valid YAML: "))
    #expect(refusal("name: a\n\tb: c\n").hasPrefix("my.yaml:2: not valid YAML: "))
    #expect(
      refusal("name: a\nname: b\n") == "my.yaml:1: found the key 'name' twice, expected it once"
        || refusal("name: a\nname: b\n")
          == "my.yaml:2: found the key 'name' twice, expected it once"
    )
    #expect(refusal("name: a\n---\nname: b\n").contains("not valid YAML"))
    #expect(refusal("name: \u{1}\n").contains("not valid YAML"))
  }

  @Test("A file without a mapping says which keys it should have")
  func noMapping() {
    #expect(refusal("").hasPrefix("my.yaml:1: found nothing, expected the keys name, title, note"))
    #expect(refusal("# only this\n").hasPrefix("my.yaml:1: found nothing, expected the keys"))
    #expect(refusal("- a\n").hasPrefix("my.yaml:1: found a list, expected the keys"))
    #expect(refusal("? [a]\n: b\n").hasPrefix("my.yaml:1: unknown key"))
  }

  @Test("Aliases of aliases are refused before they multiply")
  func bomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<40 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    text += "? *a39\n: boom\n"
    #expect(
      refusal("name: a\n" + text)
        == "my.yaml:2: found an anchor (&name), which is not read here; write the value out")
  }

  @Test("An ampersand in a text is no anchor")
  func ampersand() {
    for text in [
      "name: R&D\ntitle: this & that\n", "title: \"a?mfgr=&sort=name\"\n", "title: 'x &a'\n",
      "# &a\ntitle: T # and &b\n", "title: |\n  &a\n  - &b\n", "title: see &copy; and *x\n",
      "title: \"&a\"\nnote: '*a'\n",
    ] {
      #expect(refusal(text).contains("missing key"), "\(text): \(refusal(text))")
    }
    for text in [
      "title: &a T\n", "title: &a\n", "&a title: T\n", "? &a title\n: T\n", "title: [x, &a y]\n",
      "title: {x: &a y}\n", "title: !!str &a T\n", "title: &a 'T'\nnote: *a\n", "- &a [*a, *a]\n",
    ] {
      #expect(
        refusal(text).contains("my.yaml:1: found an anchor (&name)"), "\(text): \(refusal(text))")
    }
  }

  @Test("Deep nesting and huge files are refused without harm")
  func deepNesting() {
    for piece in ["[", "{", "- ", "? ", "{a: "] {
      #expect(!refusal("name: " + String(repeating: piece, count: 12_000)).isEmpty)
      #expect(!refusal("name: " + String(repeating: piece, count: 12_000) + "&a x").isEmpty)
      #expect(!refusal(String(repeating: piece, count: 12_000)).isEmpty)
    }
    #expect(
      refusal(String(repeating: "#", count: 70_000)) == "my.yaml: expected at most 65,536 bytes")
  }

  @Test("A file that is not UTF-8, or too large, is refused")
  func encoding() throws {
    try withFolder { folder in
      try writeFile([0x6E, 0xFF, 0xFE], to: folder + "/a.yaml")
      #expect(
        message { () throws(FileError) in try DeviceFile(contentsOf: folder + "/a.yaml") }
          .hasSuffix("a.yaml:1: expected UTF-8 text, found bytes that are not"))
      try writeFile([UInt8](repeating: 35, count: 70_000), to: folder + "/b.yaml")
      #expect(
        message { () throws(FileError) in try DeviceFile(contentsOf: folder + "/b.yaml") }
          .hasSuffix("found 70,000 bytes, expected a text of at most 65,536"))
    }
  }
}
