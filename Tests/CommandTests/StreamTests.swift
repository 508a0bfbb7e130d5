// Streams that are full, closed or without a reader, and text that would command the terminal: the
// exit code says what happened, and nothing crashes.

import ArgumentParser
import Foundation
import Testing

@testable import Library
@testable import tilewalk

/// The exit code of a script in which "$0" is `tilewalk`.
func shell(_ script: String, in folder: String? = nil) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(filePath: "/bin/bash")
  process.arguments = ["-c", script, buildFolder.appending(path: "tilewalk").path]
  process.environment = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
  if let folder { process.currentDirectoryURL = URL(filePath: folder) }
  process.standardInput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}

/// The exit code of `tilewalk LINE` with a shell's redirections.
func shell(_ line: String, _ redirections: String, in folder: String? = nil) throws -> Int32 {
  try shell("\"$0\" \(line) \(redirections)", in: folder)
}

@Suite("Streams")
struct StreamTests {
  static let reports = [
    "--help", "--version", "run --help", "--generate-completion-script bash", "list kernels",
    "check 04-softmax-by-blocks", "check 04-softmax-by-blocks --format json",
    "lesson 04-softmax-by-blocks --text", "run flash-attention --n 8",
    "run flash-attention --n 8 --log", "run flash-attention --n 8 --timing-only --format json",
    "compare flash-attention --n 8", "export text flash-attention --n 8",
    "export svg flash-attention --n 8", "export csv flash-attention --n 8",
    "sweep flash-attention --over n=8,16", "sweep flash-attention --over n=8,16 --format plot",
    "reproduce fig1",
  ]

  @Test("Data that cannot be written are an error, whatever the command", arguments: reports)
  func fullOrClosed(line: String) throws {
    #expect(try shell(line, ">/dev/full 2>/dev/null") == 66)
    #expect(try shell(line, ">&- 2>/dev/null") == 66)
    #expect(try shell(line, ">&- 2>&- <&-") == 66)
  }

  @Test("A reader that has gone is no error and gets no message", arguments: reports)
  func goneReader(line: String) throws {
    try withFolder { folder in
      let code = try shell(line, "2>err | head -0; exit ${PIPESTATUS[0]}", in: folder)
      #expect(code == 0)
      #expect(try String(contentsOfFile: folder + "/err", encoding: .utf8).isEmpty)
    }
  }

  @Test(
    "A message that cannot be written is lost, and the exit code stays",
    arguments: [
      ("run nothing", 64), ("pley", 64), ("run flash-attention --bogus", 64),
      ("run flash-attention --q absent.npy --k k.npy --v v.npy", 66), ("check bad.md", 1),
      ("play", 64),
    ] as [(String, Int32)])
  func lostMessages(line: String, code: Int32) throws {
    try withFolder { folder in
      try writeFile(Array("nothing\n".utf8), to: folder + "/bad.md")
      for way in ["2>/dev/full", "2>&-", "2>&1 | head -0; exit ${PIPESTATUS[0]}"] {
        #expect(try shell(line, way, in: folder) == code, "\(way)")
      }
    }
  }

  @Test("Without a standard error nothing that is written ends up in a result")
  func closedErrors() throws {
    try withFolder { folder in
      let code = try shell("run flash-attention --n 8 --out r", ">/dev/null 2>&-", in: folder)
      #expect(code == 0)
      #expect(try NpyArray(contentsOf: folder + "/r/O.npy").shape.first == 8)
    }
  }

  @Test("Control characters of a name reach no stream")
  func controlCharacters() throws {
    try withFolder { folder in
      let odd = "\u{1B}[31m\u{202E}\u{9B}\u{7F}"
      for (name, shape) in [("a", [2, 3]), ("none", [0, 3])] {
        try writeArray(shape, to: "\(folder)/\(odd)\(name).npy")
      }
      for (name, cycles) in [(odd, "200"), ("plain", "300")] {
        try writeDevice(
          "launch_cycles: { value: 200,", "launch_cycles: { value: \(cycles),",
          to: "\(folder)/\(name)gpu.yaml")
        try writeDevice("title:", "title:", of: "a100-40gb", to: "\(folder)/\(name)a100.yaml")
      }
      let devices = ["--device", "./\(odd)gpu.yaml,./plaingpu.yaml"]
      let sweep = ["sweep", "flash-attention", "--over", "n=8,16"] + devices
      let lines = [
        ["run", "tiled-matmul", "--a", "\(odd)a.npy", "--b", "\(odd)a.npy"],
        ["run", "tiled-matmul", "--a", "\(odd)none.npy", "--b", "\(odd)a.npy"],
        ["export", "text", "flash-attention", "--n", "8", "--at", odd],
        ["run", "flash-attention", "--\(odd)"], ["run", "flash-attention", "--n", odd],
        ["check", "\(odd).md"], ["check", "\(odd)gpu.yaml"],
        ["lesson", odd, "--text"], [odd],
        sweep, sweep + ["--format", "csv"], sweep + ["--format", "json"],
        sweep + ["--format", "plot"],
        ["reproduce", "fig2-middle", "--device", "./\(odd)a100.yaml"],
        ["reproduce", "fig2-middle", "--device", "./\(odd)a100.yaml", "--format", "json"],
      ]
      for line in lines {
        let outcome = try tilewalk(line, in: folder)
        for text in [outcome.output, outcome.error] {
          #expect(visibleLines(text) == text, "\(line.map(visible))")
        }
      }
    }
  }

  @Test("JSON keeps what its strings say")
  func json() throws {
    let odd = "a\u{1B}\u{7F}\u{9B}\u{202E}\u{E0001}\n√"
    let text = visibleJSON(String(decoding: try JSONEncoder().encode([odd]), as: UTF8.self))
    #expect(visibleLines(text) == text && text.contains("\\u202e") && text.contains("\\udb40"))
    #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == [odd])
  }

  @Test("Help breaks no sentence by itself: it is as wide as the terminal")
  func helpWidth() {
    let commands = Tilewalk.configuration.subcommands + [Tilewalk.self]
    for command in commands {
      let lines = command.helpMessage(columns: 2000).split(separator: "\n")
      // What goes on in the middle of a sentence begins with a small letter.
      for (line, next) in zip(lines, lines.dropFirst()) {
        let isBroken = !next.hasPrefix(" ") && next.first?.isLowercase == true
        #expect(!isBroken, "\(line)\n\(next)")
      }
    }
  }
}
