// What becomes of text that leaves the program: streams that are full, closed or have no reader, and
// names that are escape sequences.

import Foundation
import Lessons
import Testing

@Suite("What the program says")
struct StreamTests {
  private let program = "'\(buildFolder.appending(path: "tilewalk").path)'"

  @Test(
    "is lost where standard error is full, closed or unread, and the exit code stays",
    arguments: ["2>/dev/full", "2>&-", "2>&1 | true", "2>&1 | head -c 1 >/dev/null"])
  func messages(redirection: String) throws {
    try withFolder { folder in
      try writeFile(Array("nothing\n".utf8), to: "\(folder)/bad.md")
      for (line, code) in [
        ("run nothing", 64), ("check bad.md", 1),
        ("run flash-attention --q no.npy --k no.npy --v no.npy", 66),
      ] {
        let outcome = try shell(
          "(\(program) \(line); echo $? >code) \(redirection) >/dev/null; cat code", in: folder)
        #expect(
          outcome.output == "\(code)\n" || outcome.output.isEmpty,
          "\(line) \(redirection): \(outcome.output)")
        let written = try String(contentsOfFile: "\(folder)/code", encoding: .utf8)
        #expect(written == "\(code)\n", "\(line) \(redirection): \(written)")
      }
    }
  }

  private static let dataCommands = [
    "--help", "--version", "help run", "run --help", "lesson --help", "list devices",
    "list kernels --format json", "check 04-softmax-by-blocks",
    "check 04-softmax-by-blocks --format json", "lesson 04-softmax-by-blocks --text",
    "run tiled-matmul", "run tiled-matmul --format json", "run tiled-matmul --log",
    "compare standard-attention flash-attention --n 8 --d 4",
    "sweep flash-attention --over n=8,16 --d 4",
    "sweep flash-attention --over n=8,16 --d 4 --format plot",
    "export text --n 8 --d 4 --tile 4", "export svg --n 8 --d 4 --tile 4",
    "export csv --n 8 --d 4 --tile 4", "reproduce fig2-middle --format csv",
    "--generate-completion-script bash",
  ]

  @Test("is an error where standard output cannot take it, with one line", arguments: dataCommands)
  func data(line: String) throws {
    for (redirection, reason) in [(">/dev/full", "no space left"), (">&-", "bad file descriptor")] {
      let outcome = try shell("\(program) \(line) \(redirection)")
      #expect(outcome.code == 66, "\(line) \(redirection): \(outcome.code) \(outcome.error)")
      #expect(outcome.errorLines.count == 1 && outcome.error.contains(reason), "\(outcome.error)")
    }
    let unread = try shell("(\(program) \(line); echo $? >&2) | true")
    #expect(unread.error == "0\n", "\(line): \(unread.error)")
  }

  @Test("A closed standard output never becomes a file of results")
  func descriptors() throws {
    try withFolder { folder in
      let outcome = try shell("\(program) run flash-attention --n 8 --out results >&-", in: folder)
      #expect(outcome.code == 66)
      #expect(try files(in: folder).isEmpty)
    }
  }

  @Test(
    "A terminal that goes away ends the program in order",
    arguments: [[], ["play"], ["lesson", "04-softmax-by-blocks"]])
  func hangUp(arguments: [String]) throws {
    let terminal = try PseudoTerminal(arguments)
    terminal.readUntilQuiet()
    #expect(terminal.hangUp() == 129)
  }

  @Test("shows control characters of names, whatever the format")
  func names() throws {
    try withFolder { folder in
      let names = ["\u{1B}[31m", "\u{9B}31m", "\u{202E}", "\u{7F}"]
      let yaml = try String(
        contentsOf: packageRoot.appending(path: "Devices/classroom.yaml"), encoding: .utf8)
      try writeFile(Array(yaml.utf8), to: "\(folder)/gpu.yaml")
      for name in names {
        try writeFile(Array(yaml.utf8), to: "\(folder)/\(name)gpu.yaml")
        try writeArray([2, 3], to: "\(folder)/\(name)a.npy")
        let devices = "./\(name)gpu.yaml,./gpu.yaml"
        for line in [
          ["run", "tiled-matmul", "--a", "\(name)a.npy", "--b", "\(name)a.npy"],
          ["run", name], ["run", "flash-attention", "--n", name], ["export", "text", "--at", name],
          ["export", "text", "--view", name], ["lesson", name], ["check", "\(name).md"],
          ["reproduce", "--device", "./\(name)gpu.yaml"],
          ["sweep", "flash-attention", "--over", "n=8", "--d", "4", "--device", devices],
          [
            "sweep", "flash-attention", "--over", "n=8", "--d", "4", "--device", devices,
            "--format", "csv",
          ],
          [
            "sweep", "flash-attention", "--over", "n=8", "--d", "4", "--device", devices,
            "--format", "json",
          ],
          [
            "sweep", "flash-attention", "--over", "n=8,9", "--d", "4", "--device", devices,
            "--format", "plot",
          ],
        ] {
          let outcome = try tilewalk(line, in: folder)
          let all = outcome.output + outcome.error
          #expect(
            !all.unicodeScalars.contains {
              "\u{1B}\u{9B}\u{202E}\u{7F}".unicodeScalars.contains($0)
            }, "\(line)")
          #expect(outcome.code != 132 && outcome.code != 133)
          if line.last == "json" {
            #expect(throws: Never.self) {
              try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            }
          }
        }
      }
    }
  }
}
