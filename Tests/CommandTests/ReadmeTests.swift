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
