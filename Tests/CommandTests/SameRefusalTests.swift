// A run is described in one way: what the command line refuses, a lesson refuses, in the same words and
// for the same option.

import Foundation
import Lessons
import Runs
import Testing

@testable import Library
@testable import tilewalk

@Suite("Commands and lessons refuse the same")
struct SameRefusalTests {
  private typealias Options = [(key: String, value: String)]

  /// What the command line says of a run; nil where it carries it out.
  private func command(_ kernel: String, _ options: Options) -> String? {
    let arguments = options.flatMap { key, value in
      value == "true" ? ["--\(key)"] : ["--\(key)", value]
    }
    do {
      let kernel = try findKernel(kernel)
      let options = try RunCommand.parse([kernel.name] + arguments).options
      _ = try options.workload(for: kernel).plan(for: kernel).simulatedTotals()
      return nil
    } catch { return Failure(error).message }
  }

  /// What a lesson says of the same run.
  private func lesson(_ kernel: String, _ options: Options) -> String? {
    let entries =
      (["kernel: \(kernel)"]
      + options.map { "\($0.key): \($0.value.contains(",") ? "'\($0.value)'" : $0.value)" })
      .joined(separator: ", ")
    let text = """
      ---
      title: A run
      summary: One run.
      minutes: 1
      runs:
        x: { \(entries), timing-only: true }
        y: { kernel: naive-matmul, m: 1, n: 1, k: 1, tile: 1 }
      ---
      ## A beat

      It takes {x.cycles}.
      """
    let diagnostic = Lesson.read(text, path: "x.md").diagnostics.first
    if let diagnostic { #expect(diagnostic.line == 6, "\(diagnostic.report)") }
    return diagnostic?.message
  }

  @Test(
    "in the same words",
    arguments: [
      ("flash-attention", "dtype fp8", "fp8 is for flash-attention-3, forwards"),
      (
        "flash-attention-3", "dtype fp8",
        "on a device whose tensor cores take it (h100-sxm, h200, b200, gb300)"
      ),
      ("tiled-matmul", "dtype fp8", "fp8 is for flash-attention-3"),
      ("tiled-matmul", "d 8", "is for attention; tiled-matmul does not take it"),
      (
        "flash-attention", "tile-depth 8",
        "is for matrix products; flash-attention does not take it"
      ),
      ("flash-attention-2", "pass both d-inline true", "is for flash-attention; flash-attention-2"),
      ("flash-attention", "d-inline true", "is for a backward pass: add"),
      ("flash-attention", "heads 6 kv-heads 4", "expected a divisor of the 6 query heads"),
      ("flash-attention", "n 0", "expected at least 1"),
      ("flash-attention", "tile -4", "expected at least 1"),
      ("flash-attention", "stages 3", "expected 1 or 2"),
      ("flash-attention", "n 99999999", "expected at most 16,777,216"),
      ("flash-attention", "sample notebook n 5", "says 64"),
      ("flash-attention", "mask padding:65", "expected padding:LEN with LEN from 0 to 64 keys"),
      ("flash-attention", "softcap 0", "expected a number above 0"),
      ("flash-attention", "dropout 1", "expected a share from 0 to below 1"),
      ("flash-attention", "splits 2", "flash-attention in fp16 or bf16 on a real device"),
      (
        "flash-attention-2", "splits 2 dtype fp16 device a100-40gb",
        "is for flash-attention and flash-decoding, not for flash-attention-2"
      ),
      (
        "flash-attention", "splits 0 dtype fp16 device a100-40gb",
        "expected auto or a number from 1 to 1024"
      ),
      (
        "flash-attention-3", "n 50 d 32 tile 48",
        "tiles of 48 × 48 do not fit in SRAM: launch attention needs 65,664 B, one block on classroom"
      ),
      (
        "standard-attention", "n 3000 batch 4000 tile 3000 device a100-40gb",
        "of HBM, a100-40gb has"
      ),
    ])
  func sameWords(kernel: String, line: String, sentence: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let options = stride(from: 0, to: words.count, by: 2).map {
      (key: words[$0], value: words[$0 + 1])
    }
    for message in [command(kernel, options), lesson(kernel, options)] {
      #expect(try #require(message).contains(sentence), "\(message ?? "")")
    }
  }

  @Test("A faulty kernel has no way back, and says so")
  func faulty() throws {
    let message = try #require(lesson("faulty-unguarded-row", [("pass", "both")]))
    #expect(message == "'runs.x.pass': faulty-unguarded-row has no backward pass")
  }

  private static let pool: [(String, [String])] = [
    ("n", ["0", "1", "20", "64"]), ("kv", ["3", "40", "-1"]), ("d", ["4", "80", "0"]),
    ("dv", ["5", "16"]), ("batch", ["2", "0"]), ("heads", ["1", "2", "4", "6"]),
    ("kv-heads", ["1", "2", "4"]), ("dtype", ["fp32", "fp16", "bf16", "fp8", "int4"]),
    ("pass", ["forward", "backward", "both", "sideways"]), ("scale", ["0.5", "-1"]),
    ("mask", ["none", "causal", "padding:3", "padding:99", "window:4,0", "casual"]),
    ("softcap", ["1", "0", "-2"]), ("dropout", ["0", "0.2", "1", "-1"]), ("seed", ["0", "7"]),
    ("splits", ["auto", "2", "0", "many"]), ("tile", ["0", "4", "16", "400"]),
    ("tile-rows", ["8", "0", "48"]), ("tile-cols", ["8", "300"]), ("tile-depth", ["2", "0"]),
    ("stages", ["1", "2", "3"]), ("m", ["4", "0"]), ("k", ["9"]), ("sample", ["notebook", "note"]),
    ("d-inline", ["true"]), ("device", ["classroom", "a100-40gb", "h100-sxm", "h100"]),
  ]
  private static let kernels = [
    "naive-matmul", "tiled-matmul", "standard-attention", "eager-attention", "flash-attention",
    "flash-attention-2", "flash-attention-3",
  ]

  @Test("or carry out the same, over hundreds of random descriptions", arguments: 0..<4)
  func random(quarter: Int) {
    var state = UInt64(quarter + 1)
    func pick(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    for _ in 0..<25 {
      let kernel = Self.kernels[pick(Self.kernels.count)]
      var options: Options = []
      for _ in 0...pick(4) {
        let (key, values) = Self.pool[pick(Self.pool.count)]
        if options.contains(where: { $0.key == key }) { continue }
        // Of a matrix product's `k` a file is not meant.
        if key == "k", !kernel.hasSuffix("matmul") { continue }
        options.append((key, values[pick(values.count)]))
      }
      let (typed, written) = (command(kernel, options), lesson(kernel, options))
      let run =
        "\(kernel) \(options.map { "\($0.key) \($0.value)" }): \(typed ?? "") / \(written ?? "")"
      #expect((typed == nil) == (written == nil), "\(run)")
      if let typed, let written, let option = typed.firstMatch(of: /^--([a-z-]+)/)?.output.1 {
        #expect(written.hasPrefix("'runs.x.\(option)'"), "\(run)")
      }
    }
  }
}
