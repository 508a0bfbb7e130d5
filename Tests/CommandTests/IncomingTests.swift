// What comes in through files and options: whatever it is, an exit code and one line answer it.

import Foundation
import Testing

@testable import Library

@Suite("What comes in")
struct IncomingTests {
  private func refuse(
    _ arguments: [String], in folder: String? = nil, code: Int32, naming words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try tilewalk(arguments, in: folder)
    #expect(outcome.code == code, "\(outcome.error)", sourceLocation: sourceLocation)
    #expect(outcome.errorLines.count == 1, "\(outcome.error)", sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.error.contains(word), "\(outcome.error)", sourceLocation: sourceLocation)
    }
  }

  @Test(
    "a number without a source is bad data, however large",
    arguments: ["2e19", "-2e19", "1e300", "18446744073709551616", "0.5", "268435456"])
  func bareNumbers(number: String) throws {
    for key in ["hbm_bytes", "clock_mhz", "sms", "launch_cycles", "default_tile"] {
      try withFolder { folder in
        let url = packageRoot.appending(path: "Devices/classroom.yaml")
        let lines = try String(contentsOf: url, encoding: .utf8).split(
          separator: "\n", omittingEmptySubsequences: false)
        let changed = lines.map { $0.hasPrefix("\(key):") ? "\(key): \(number)" : String($0) }
        try writeFile(Array(changed.joined(separator: "\n").utf8), to: "\(folder)/d.yaml")
        try refuse(
          ["run", "flash-attention", "--n", "16", "--device", "./d.yaml"], in: folder, code: 65,
          naming: ["./d.yaml:", "'\(key)'", number])
      }
    }
  }

  @Test(
    "a row, a place or a size that there is not is refused",
    arguments: [
      (["--row", "16"], "from 0 to 15"), (["--row", "99999"], "from 0 to 15"),
      (["--row", "-5"], "--row -5"), (["--row=-5"], "--row -5"),
      (["--row", "9223372036854775807"], "from 0 to 15"), (["--at", "-1"], "--at -1"),
      (["--at", "#-9223372036854775808"], "expected a cycle"), (["--at", "nan%"], "--at nan%"),
      (["--size", "-1x5"], "--size -1x5"), (["--size", "80x24x"], "columns x rows"),
      (["--size", "99999999999x1"], "columns x rows"),
    ])
  func places(options: [String], word: String) throws {
    try refuse(
      ["export", "text", "--n", "16", "--d", "4", "--tile", "8"] + options, code: 64,
      naming: [word])
  }

  @Test("the first and the last row are there, also of a ragged run, and a product has none")
  func rows() throws {
    let run = ["export", "text", "--n", "17", "--d", "4", "--tile", "8", "--row"]
    for row in ["0", "16"] { #expect(try tilewalk(run + [row]).code == 0) }
    try refuse(run + ["17"], code: 64, naming: ["from 0 to 16"])
    try refuse(
      ["export", "text", "tiled-matmul", "--row", "0"], code: 64, naming: ["no query rows"])
  }

  @Test("an array of another kind than an option takes is refused, and the right kind named")
  func arrays() throws {
    try withFolder { folder in
      try writeArray([8, 4], to: "\(folder)/x.npy")
      try writeArray([8, 8], to: "\(folder)/s.npy")
      try writeMask([8, 8], to: "\(folder)/m.npy")
      try writeMask([8, 4], to: "\(folder)/bytes.npy")
      let x = ["run", "flash-attention", "--q", "x.npy", "--k", "x.npy", "--v", "x.npy"]
      let numbers = ["expected float16, float32 or float64", "found uint8"]
      try refuse(
        x + ["--bias", "m.npy"], in: folder, code: 65, naming: ["m.npy", "--mask"] + numbers)
      try refuse(
        x + ["--pass", "backward", "--do", "bytes.npy"], in: folder, code: 65, naming: numbers)
      try refuse(
        x + ["--mask", "s.npy"], in: folder, code: 65, naming: ["bool or uint8", "found float32"])
      try refuse(
        ["run", "tiled-matmul", "--a", "bytes.npy", "--b", "m.npy"], in: folder, code: 65,
        naming: numbers)
    }
  }

  @Test("a lesson's device is built in or in the lesson's folder, and no other file is told of")
  func lessonDevices() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: "\(folder)/l", withIntermediateDirectories: true)
      for path in ["out.yaml", "l/bad.yaml"] {
        try writeFile(Array("password: s3cret\n".utf8), to: "\(folder)/\(path)")
      }
      try writeFile(Array("password: s3cret\n".utf8), to: "\(folder)/l/plain")
      try writeDevice("title:", "title:", to: "\(folder)/l/mine.yaml")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/l/link.yaml", withDestinationPath: "../out.yaml")
      func check(_ device: String) throws -> Outcome {
        let text = """
          ---
          title: T
          summary: S
          minutes: 1
          device: \(device)
          runs:
            a: { kernel: flash-attention, n: 16, d: 4, tile: 8 }
          ---

          ## Beat

          Text.
          """
        try writeFile(Array(text.utf8), to: "\(folder)/l/l.md")
        return try tilewalk("check l/l.md", in: folder)
      }
      for device in ["mine.yaml", "./mine.yaml"] { #expect(try check(device).code == 0) }
      let refused = [
        "\(folder)/out.yaml", "../out.yaml", "link.yaml", "./plain", "bad.yaml", "./../out.yaml",
        "/etc/passwd",
      ]
      for device in refused {
        let outcome = try check(device)
        let text = outcome.output + outcome.error
        #expect(outcome.code != 0 && outcome.code < 100, "\(device)")
        #expect(!text.contains("s3cret") && !text.contains("password"), "\(text)")
      }
    }
  }

  @Test(
    "a device of the lowest rates makes a large run too slow to count, never an overflow",
    arguments: ["classroom", "h100-sxm"])
  func slowDevices(name: String) throws {
    let url = packageRoot.appending(path: "Devices/\(name).yaml")
    var text = try String(contentsOf: url, encoding: .utf8)
    // One clock for all formats: the least that there may be is more than that of rates and shares.
    text = text.replacing(
      #/sustained_mhz:\n(  .*\n)+/#, with: "sustained_mhz: { value: 1, source: x }\n")
    for (keys, number) in [
      ("per_cycle|gb_per_second", "0.001"), ("fp32|fp16|bf16|elementwise_share", "0.01"),
      ("latency", "1000000"), ("clock_mhz", "100000"), ("hbm_bytes", "17592186044416"),
      ("sms", "1"),
    ] {
      let pattern = try Regex("\\b(\(keys)): *\\{ *value: *[^,]*")
      text = text.replacing(pattern) { "\($0.output[1].substring!): { value: \(number)" }
    }
    try withFolder { folder in
      try writeFile(Array(text.utf8), to: "\(folder)/d.yaml")
      for line in [
        "flash-attention --n 65536 --d 128 --dtype fp16",
        "naive-matmul --n 1024 --m 1024 --k 1024 --tile 32", "standard-attention --n 512 --tile 32",
      ] {
        let outcome = try tilewalk("run \(line) --timing-only --device ./d.yaml", in: folder)
        #expect([0, 64].contains(outcome.code), "\(line): \(outcome.code) \(outcome.error)")
      }
    }
  }

  @Test("no shell reads a sign in the commands of the README")
  func shellSigns() throws {
    let readme = try String(
      contentsOf: packageRoot.appending(path: "README.md"), encoding: .utf8)
    for line in readme.split(separator: "\n") where line.hasPrefix("tilewalk ") {
      let bare = line.split(separator: "'", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }.joined()
      #expect(!bare.contains { "*?[]{}()$`!~#&;|<".contains($0) }, "\(line)")
    }
    for command in ["sweep", "run", "export"] {
      let help = try tilewalk("\(command) --help").output
      #expect(!help.contains(" n=512..65536*2"), "\(help)")
    }
  }
}
