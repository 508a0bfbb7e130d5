// What a user gets wrong: an exit code that says of what kind, one line that says what, and nothing
// on standard output nor left on the disk.

import Foundation
import Machine
import Testing

@testable import Library
@testable import Runs

@Suite("Refusals")
struct RefusalTests {
  /// Runs `line` in a folder of faulty files and checks that it fails as it should.
  private func refuse(
    _ line: String, code: Int32, naming words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try withFolder { folder in
      try Self.prepare(folder)
      let before = try files(in: folder)
      let outcome = try tilewalk(line, in: folder)
      #expect(outcome.code == code, "\(line): \(outcome.error)", sourceLocation: sourceLocation)
      #expect(outcome.output.isEmpty, "\(line)", sourceLocation: sourceLocation)
      #expect(outcome.errorLines.count == 1, "\(outcome.error)", sourceLocation: sourceLocation)
      for word in words {
        #expect(
          outcome.error.contains(word), "\(word) is not in: \(outcome.error)",
          sourceLocation: sourceLocation)
      }
      #expect(try files(in: folder) == before, "\(line)", sourceLocation: sourceLocation)
    }
  }

  private static func prepare(_ folder: String) throws {
    for (name, shape) in [
      ("q", [8, 4]), ("k", [8, 4]), ("v", [8, 4]), ("wide", [8, 5]), ("long", [9, 4]),
      ("flat", [32]), ("heads", [3, 8, 4]), ("twoHeads", [2, 8, 4]), ("nothing", [0, 4]),
    ] {
      try writeArray(shape, to: "\(folder)/\(name).npy")
    }
    let whole = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/q.npy")))
    try writeFile(Array(whole.dropLast(10)), to: "\(folder)/short.npy")
    try writeFile(Array("hello".utf8), to: "\(folder)/text.npy")
    try writeMask([8, 8], to: "\(folder)/mask.npy")
    try writeMask([8, 9], to: "\(folder)/badmask.npy")
    try writeDevice("sms: {", "cores: {", to: "\(folder)/unknown.yaml")
    try writeDevice(
      "launch_cycles: { value: 200,", "launch_cycles: {", to: "\(folder)/missing.yaml")
    try writeDevice("sms: { value: 1,", "sms: 1e300 #", to: "\(folder)/bare.yaml")
    try writeDevice(
      "per_cycle: { value: 16,", "per_cycle: { value: -16,", to: "\(folder)/negative.yaml")
  }

  static let usage: [(String, [String])] = [
    ("run flash-atention", ["unknown kernel", "flash-atention", "did you mean flash-attention?"]),
    ("export csv tiled-matmull", ["did you mean tiled-matmul?"]),
    ("run faulty-alpha-forgotten", ["unknown kernel", "faulty-alpha-forgotten"]),
    ("run flash-attention --tile 0", ["--tile 0", "at least 1"]),
    ("run flash-attention --tile-rows -4", ["--tile-rows -4", "at least 1"]),
    ("run flash-attention --n -3", ["--n -3", "at least 1"]),
    ("run flash-attention --n 0", ["--n 0", "at least 1"]),
    ("run flash-attention --heads 6 --kv-heads 4", ["--kv-heads 4", "divisor of the 6"]),
    ("run flash-attention --stages 3", ["--stages 3"]),
    ("run tiled-matmul --k many", ["--k many"]),
    (
      "run standard-attention --n 256 --tile 128",
      ["128 × 128", "needs 73,728 B", "may own 32,768 B", "--tile 58"]
    ),
    ("run flash-attention --device clasroom", ["did you mean 'classroom'?"]),
    ("run flash-attention --sample corefrence", ["did you mean 'coreference'?"]),
    ("run flash-attention --dtype int4", ["--dtype int4", "fp32, fp16, bf16 or fp8"]),
    ("run flash-attention --mask cusal", ["did you mean causal?"]),
    ("run flash-attention --mask padding:65", ["padding:65", "0 to 64"]),
    ("run flash-attention --softcap 0", ["--softcap 0", "above 0"]),
    ("run flash-attention --scale nan", ["--scale nan", "finite"]),
    ("run flash-attention --timing-only --out results", ["--timing-only", "--out"]),
    ("run flash-attention --timing-only --log", ["--timing-only", "--log"]),
    ("run flash-attention --sample coreference --n 5", ["--n 5", "say"]),
    ("run flash-attention --q q.npy", ["--k and --v missing"]),
    ("run tiled-matmul --a q.npy", ["--b is missing"]),
    ("compare flash-attention tiled-matmul", ["tiled-matmul"]),
    ("export svg --size 80", ["--size 80", "80x24"]),
    ("export svg --size 99999999999999999999x1", ["--size 9999", "80x24"]),
    ("export text --n 16 --d 4 --tile 8 --row 16", ["--row 16", "query row from 0 to 15"]),
    ("export text --n 16 --d 4 --tile 8 --row -5", ["--row -5", "from 0 to 15"]),
    ("export text --n 16 --d 4 --tile 8 --row=-1", ["--row -1", "from 0 to 15"]),
    ("export text tiled-matmul --row 0", ["--row 0", "no query rows"]),
    ("export text --n 16 --d 4 --tile 8 --at -1", ["--at -1", "from 0 to"]),
    ("run flash-attention --n 9223372036854775807", ["--n 9223372036854775807", "16,777,216"]),
    ("run tiled-matmul --k 9223372036854775807", ["--k 9223372036854775807", "16,777,216"]),
    ("sweep flash-attention --over n=1..9e18*1e9", ["--over"]),
    ("play", ["terminal", "run KERNEL"]),
  ]

  @Test("A wrong use is 64, and the line names the way out", arguments: usage)
  func wrongUse(line: String, words: [String]) throws {
    try refuse(line, code: 64, naming: words)
  }

  static let data: [(String, [String])] = [
    (
      "run flash-attention --q short.npy --k k.npy --v v.npy",
      ["short.npy", "8 × 4 float32", "128", "118"]
    ),
    (
      "run flash-attention --out results --q text.npy --k k.npy --v v.npy",
      ["text.npy", "not an .npy file"]
    ),
    (
      "run flash-attention --q wide.npy --k k.npy --v v.npy",
      ["wide.npy", "[8, 5]", "[8, 4]", "columns d"]
    ),
    ("run flash-attention --q q.npy --k k.npy --v long.npy", ["long.npy", "[9, 4]", "rows Nk"]),
    ("run flash-attention --q flat.npy --k k.npy --v v.npy", ["flat.npy", "[N, d]"]),
    (
      "run flash-attention --q heads.npy --k twoHeads.npy --v twoHeads.npy",
      ["heads of K must divide"]
    ),
    ("run flash-attention --q nothing.npy --k k.npy --v v.npy", ["nothing.npy", "no element"]),
    (
      "run flash-attention --q mask.npy --k k.npy --v v.npy",
      ["mask.npy", "found uint8, expected float16, float32 or float64"]
    ),
    ("run flash-attention --n 8 --mask badmask.npy", ["badmask.npy", "[8, 9]", "[8, 8]"]),
    ("run flash-attention --n 8 --mask q.npy", ["q.npy", "float32", "bool or uint8", "--bias"]),
    (
      "run flash-attention --n 8 --bias mask.npy",
      ["mask.npy", "found uint8, expected float16, float32 or float64", "a mask goes to --mask"]
    ),
    ("run flash-attention --n 8 --do mask.npy --pass both", ["mask.npy", "found uint8"]),
    ("run tiled-matmul --a mask.npy --b q.npy", ["mask.npy", "found uint8"]),
    ("run flash-attention --device bare.yaml", ["bare.yaml:", "'sms'", "1e300", "source"]),
    ("run flash-attention --n 8 --bias wide.npy", ["wide.npy", "[8, 5]", "[8, 8]"]),
    ("run flash-attention --device missing.yaml", ["missing.yaml:", "launch_cycles", "value"]),
    ("run flash-attention --device unknown.yaml", ["unknown.yaml:", "cores"]),
    ("run flash-attention --device negative.yaml", ["negative.yaml:", "-16"]),
  ]

  @Test("Bad data is 65, and the line names the file and what was expected", arguments: data)
  func badData(line: String, words: [String]) throws {
    try refuse(line, code: 65, naming: words)
  }

  @Test("Factors whose shapes disagree are 65")
  func matmulShapes() throws {
    try refuse(
      "run tiled-matmul --a q.npy --b k.npy", code: 65,
      naming: ["[8, 4]", "the columns of A must be the rows of B"])
  }

  static let missing: [(String, String)] = [
    ("run flash-attention --q absent.npy --k k.npy --v v.npy", "absent.npy: no such file"),
    ("run flash-attention --device absent.yaml", "absent.yaml: no such file"),
    ("run flash-attention --mask absent.npy", "absent.npy: no such file"),
    ("run flash-attention --bias absent.npy", "absent.npy: no such file"),
    ("run tiled-matmul --a absent.npy --b k.npy", "absent.npy: no such file"),
    ("run flash-attention --out q.npy", "q.npy"),
  ]

  @Test("A missing file is 66, by name", arguments: missing)
  func missingFile(line: String, word: String) throws {
    try refuse(line, code: 66, naming: [word])
  }

  @Test(
    "What no option is, and what no command is, is 64 with nothing on standard output",
    arguments: [
      "run flash-attention --bogus", "bogus", "export gif",
      "run flash-attention --n x",
    ])
  func parserRefusals(line: String) throws {
    let outcome = try tilewalk(line)
    #expect(outcome.code == 64 && outcome.output.isEmpty && !outcome.error.isEmpty)
  }

  @Test("Control characters of a name or a path never reach the terminal")
  func controlCharacters() throws {
    for arguments in [
      ["run", "fl\u{1B}[31mash"], ["run", "flash-attention", "--device", "x\u{1B}[2J.yaml"],
      ["run", "flash-attention", "--mask", "y\u{7}"],
      ["run", "flash-attention", "--dtype", "\u{9B}z"],
      ["run", "flash-attention", "--sample", "a\nb"],
      ["export", "svg", "--view", "\u{1B}[31m"], ["export", "svg", "--size", "\u{1B}[31m"],
    ] {
      let outcome = try tilewalk(arguments)
      #expect(outcome.code != 0 && outcome.errorLines.count == 1, "\(arguments)")
      let isSafe = outcome.error.dropLast().unicodeScalars.allSatisfy {
        $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
      }
      #expect(isSafe, "\(arguments)")
    }
  }
}
