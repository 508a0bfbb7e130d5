// What the README tells a newcomer to type must work as it stands there.

import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
  /// The lines of its fenced blocks that need neither a terminal nor files of one's own.
  private static let commands: [String] = {
    let file = packageRoot.appending(path: "README.md")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init).filter { line in
      let words = line.split(separator: " ")
      return words.count > 1 && words[0] == "tilewalk"
        && ["run", "compare", "export", "sweep", "list", "show"].contains(words[1])
        && !line.contains(".npy") && !line.contains("mine.kernel") && !line.contains("\\")
    }
  }()

  /// A line for each picture: its file, and the options of `export svg` that draw it.
  private static let pictures: [String] = {
    let file = packageRoot.appending(path: "Documentation/pictures.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }()

  @Test("Its pictures are what the program draws: make docs draws them anew", arguments: pictures)
  func picture(line: String) throws {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let drawn = try tilewalk("export svg \(words[1])")
    let file = packageRoot.appending(path: "Documentation/\(words[0])")
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(drawn.code == 0)
    let isSame = drawn.output == kept
    #expect(isSame, "\(words[0]) is not what export svg \(words[1]) draws")
    let readme = try String(
      contentsOf: packageRoot.appending(path: "README.md"), encoding: .utf8)
    let gallery = try String(
      contentsOf: packageRoot.appending(path: "Documentation/gallery.md"), encoding: .utf8)
    let isShown =
      readme.contains("Documentation/\(words[0])") || gallery.contains("](\(words[0]))")
    #expect(isShown, "\(words[0]) is neither in the README nor in the gallery")
  }

  @Test("Its commands do what they say")
  func commands() throws {
    #expect(Self.commands.count >= 5)
    for line in Self.commands {
      // What follows a `>` is the shell's.
      let typed = line.split(separator: ">")[0].dropFirst("tilewalk ".count)
      let outcome = try tilewalk(
        String(typed).replacing("'", with: "").trimmingCharacters(in: .whitespaces))
      #expect(outcome.code == 0 && outcome.error.isEmpty, "\(line): \(outcome.error)")
      #expect(!outcome.output.isEmpty, "\(line)")
    }
  }
}
