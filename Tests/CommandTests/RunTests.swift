// What a user gets right: figures, logs and files.

import Foundation
import Notation
import Testing

@testable import Library

@Suite("Runs")
struct RunTests {
  @Test("The same line gives the same log, and the log is the events'")
  func sameLog() throws {
    for kernel in ["standard-attention", "tiled-matmul"] {
      let sizes = kernel == "tiled-matmul" ? "" : " --n 12 --d 4 --tile 4"
      let first = try tilewalk("run \(kernel) --log" + sizes)
      let second = try tilewalk("run \(kernel) --log" + sizes)
      #expect(first.code == 0 && first.error.isEmpty)
      #expect(first.output == second.output)
      let lines = first.output.split(separator: "\n")
      #expect(
        lines.count > 20
          && lines[0] == "0 gpu - started launch \(lines[0].split(separator: " ").last!)")
      let cycles = lines.compactMap { Int($0.prefix { $0 != " " }) }
      #expect(cycles.count == lines.count && cycles == cycles.sorted())
    }
  }

  @Test("A real device's run is drawn without values, every SM of it")
  func chip() throws {
    let line =
      "export text flash-attention flash-attention-2 --device a100-40gb --n 128 --heads 4 --d 64 "
      + "--dtype fp16 --timing-only --at 50%"
    let chip = try tilewalk(line + " --view chip")
    #expect(chip.code == 0 && chip.error.isEmpty)
    #expect(chip.output.contains("4 of 108 SMs busy"))
    let tile = try tilewalk(line + " --view tile")
    #expect(tile.output.contains("No values in this run"))
    let large = try tilewalk(
      "export text flash-attention --n 1000000 --tile 64 --heads 16 --d 8 --timing-only")
    #expect(large.code == 64 && large.error.contains("million steps"), "\(large.error)")
  }

  @Test("A recording that memory cannot hold is refused before it runs, with the figures")
  func memory() throws {
    let program = buildFolder.appending(path: "tilewalk").path
    let run = "run naive-matmul --device a100-40gb --m 65 --n 158 --k 72 --tile 1"
    for (line, runs) in [
      (run, 1), (run.replacing("run naive", with: "compare tiled-matmul naive"), 2),
    ] {
      let refused = try outcome(ofShell: "ulimit -v 2000000; exec '\(program)' \(line)")
      #expect(refused.code == 64 && refused.output.isEmpty, "\(refused.error)")
      #expect(
        refused.error.contains("would record 7.5 million events"), "\(refused.error)")
      #expect(
        refused.error.contains("and this computer has 1.6 GB") && runs > 0, "\(refused.error)")
      #expect(refused.errorLines.count == 1)
    }
  }

  private func report(_ line: String, in folder: String? = nil) throws -> [String: Any] {
    let outcome = try tilewalk(line + " --format json", in: folder)
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(line): \(outcome.error)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test("A report without values has the figures of one with them")
  func timingOnly() throws {
    let line = "run flash-attention --n 20 --d 4 --mask causal"
    var full = try report(line)
    var timing = try report(line + " --timing-only")
    let error = try #require(full.removeValue(forKey: "error") as? [String: Any])
    #expect((error["maxAbsolute"] as? Double)! < 1e-6)
    #expect(timing.removeValue(forKey: "error") is NSNull)
    #expect((full.removeValue(forKey: "rescales") as? [String: Any])?["visited"] as? Int != nil)
    #expect(full as NSDictionary == timing as NSDictionary)
  }

  @Test("A choice of the kernel's own decides about the released tiles")
  func build() throws {
    let line = "run flash-attention-3 --device h100-sxm --n 256 --d 64 --dtype fp16 --timing-only"
    for (build, columns) in [("", 128), (" --build paper", 128), (" --build later", 192)] {
      let mapping = try #require(report(line + build)["mapping"] as? [String: Any])
      #expect(mapping["tileCols"] as? Int == columns)
    }
    let masked = try report(line + " --build later --mask causal")
    #expect((masked["mapping"] as? [String: Any])?["tileCols"] as? Int == 128)
  }

  @Test("A negative scale is a number like any other")
  func negativeScale() throws {
    let report = try report("run flash-attention --n 8 --scale -0.5")
    #expect((report["problem"] as? [String: Any])?["scale"] as? Double == -0.5)
  }

  @Test("A comparison has a report per kernel, each with its closed forms")
  func compare() throws {
    let all = try report("compare standard-attention flash-attention flash-attention-2 --n 20")
    let runs = try #require(all["runs"] as? [[String: Any]])
    #expect(
      runs.map { $0["kernel"] as? String }
        == ["standard-attention", "flash-attention", "flash-attention-2"])
    for run in runs {
      #expect(run["tensors"] as? NSDictionary == run["closedForm"] as? NSDictionary)
    }
  }

  @Test(
    "Bytes that a text does not say are reported, and answered by exit code 1",
    arguments: ["run wrong.kernel", "compare standard-attention wrong.kernel"],
    ["", " --timing-only"])
  func otherBytes(line: String, option: String) throws {
    try withFolder { folder in
      let url = packageRoot.appending(path: "Kernels/flash-attention-2.kernel")
      let text = try String(contentsOf: url, encoding: .utf8)
      let wrong = text.replacing("K reads Tr·Nk·d", with: "K reads Nk·d")
      #expect(wrong != text)
      try writeFile(Array(wrong.utf8), to: "\(folder)/wrong.kernel")
      let outcome = try tilewalk(line + " --n 32 --d 8 --tile 8" + option, in: folder)
      #expect(outcome.code == 1)
      #expect(!outcome.output.isEmpty && outcome.errorLines.count == 1)
      #expect(outcome.error.contains("of K 4,096 B read and 0 B written, expected 1,024 B read"))
    }
  }

  static let shapes: [([Int], [Int])] = [
    ([10, 4], [12, 4]), ([2, 10, 4], [2, 12, 4]), ([4, 10, 4], [2, 12, 4]),
    ([3, 2, 10, 4], [3, 2, 12, 4]), ([1, 10, 4], [1, 12, 4]), ([1, 1, 10, 4], [1, 1, 12, 4]),
  ]

  @Test("Results have the rank and the leading extents of the inputs", arguments: shapes)
  func outputShapes(query: [Int], key: [Int]) throws {
    try withFolder { folder in
      try writeArray(query, to: folder + "/q.npy")
      try writeArray(key, to: folder + "/k.npy")
      try writeArray(key.dropLast() + [3], to: folder + "/v.npy")
      // The kernels take turns: 2, 3, 10 and so on heads or rows choose one.
      let kernels = ["standard-attention", "flash-attention", "flash-attention-2"]
      let line = "run \(kernels[query[0] % 3]) --q q.npy --k k.npy --v v.npy --out made/out"
      let outcome = try tilewalk(line, in: folder)
      #expect(outcome.code == 0, "\(outcome.error)")
      let out = folder + "/made/out"
      #expect(try files(in: out) == ["L.npy", "O.npy", "l.npy", "m.npy"])
      let output = try NpyArray(contentsOf: out + "/O.npy")
      #expect(output.shape == query.dropLast() + [3] && output.type == .float32)
      for name in ["L", "l", "m"] {
        let statistic = try NpyArray(contentsOf: "\(out)/\(name).npy")
        #expect(statistic.shape == Array(query.dropLast()))
      }
    }
  }

  @Test("L is m + ln l, whoever writes it")
  func logSumExp() throws {
    try withFolder { folder in
      for kernel in ["standard-attention", "flash-attention", "flash-attention-2"] {
        let line = "run \(kernel) --n 10 --kv 6 --mask causal --out \(kernel)"
        #expect(try tilewalk(line, in: folder).code == 0)
        let (m, l, sum) = try (
          NpyArray(contentsOf: "\(folder)/\(kernel)/m.npy").floats,
          NpyArray(contentsOf: "\(folder)/\(kernel)/l.npy").floats,
          NpyArray(contentsOf: "\(folder)/\(kernel)/L.npy").floats
        )
        for row in 0..<4 { #expect(m[row] == -.infinity && l[row] == 0 && sum[row] == -.infinity) }
        for row in 4..<10 {
          #expect(abs(Double(m[row]) + log(Double(l[row])) - Double(sum[row])) < 1e-6)
        }
      }
    }
  }

  @Test("A matrix product is written as C, of the rows of A and the columns of B")
  func product() throws {
    try withFolder { folder in
      try writeArray([5, 7], to: folder + "/a.npy")
      try writeArray([7, 3], to: folder + "/b.npy")
      let outcome = try tilewalk(
        "run tiled-matmul --a a.npy --b b.npy --tile 2 --out c", in: folder)
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(try files(in: folder + "/c") == ["C.npy"])
      let (a, b, c) = try (
        NpyArray(contentsOf: folder + "/a.npy").floats,
        NpyArray(contentsOf: folder + "/b.npy").floats,
        NpyArray(contentsOf: folder + "/c/C.npy")
      )
      #expect(c.shape == [5, 3])
      for row in 0..<5 {
        for column in 0..<3 {
          // Multiples of 1/64 below 100: exact.
          let exact = (0..<7).map { a[row * 7 + $0] * b[$0 * 3 + column] }.reduce(0, +)
          #expect(c.floats[row * 3 + column] == exact)
        }
      }
    }
  }

  @Test("A mask file hides what a rule hides")
  func maskFile() throws {
    try withFolder { folder in
      try writeMask([10, 6], to: folder + "/mask.npy")
      let open = try report("run flash-attention --n 10 --kv 6 --mask mask.npy", in: folder)
      #expect((open["problem"] as? [String: Any])?["mask"] as? String == "file")
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder + "/mask.npy")))
      let start = bytes.count - 60
      for row in 0..<10 { for key in 0..<6 where key > row { bytes[start + row * 6 + key] = 0 } }
      try writeFile(bytes, to: folder + "/mask.npy")
      for (mask, name) in [("mask.npy", "a"), ("causal-top-left", "b")] {
        let line = "run flash-attention --n 10 --kv 6 --tile 4 --mask \(mask) --out \(name)"
        #expect(try tilewalk(line, in: folder).code == 0)
      }
      let table = try NpyArray(contentsOf: folder + "/a/O.npy")
      let rule = try NpyArray(contentsOf: folder + "/b/O.npy")
      #expect(table == rule)
    }
  }

  @Test("What there is can be listed", arguments: ["kernels", "devices", "samples", "lessons"])
  func lists(kind: String) throws {
    let text = try tilewalk("list \(kind)")
    #expect(text.code == 0 && !text.output.isEmpty && text.error.isEmpty)
    let entries = try #require(try report("list \(kind)")["entries"] as? [[String: Any]])
    for entry in entries { #expect(text.output.contains(entry["name"] as! String)) }
    if kind != "lessons" { #expect(entries.count >= 2) }
  }

  @Test("Frames and events are exported in every format", arguments: ["text", "svg", "csv"])
  func exports(format: String) throws {
    let outcome = try tilewalk("export \(format) flash-attention --n 12 --d 4 --tile 4")
    #expect(outcome.code == 0 && outcome.error.isEmpty && outcome.output.hasSuffix("\n"))
    let start = ["svg": "<svg ", "csv": "run,cycle,sm,block,event\n"][format]
    if let start { #expect(outcome.output.hasPrefix(start)) }
    if format == "text" {
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      #expect(lines.count == 24 && lines.allSatisfy { $0.count <= 80 })
    }
  }
}
