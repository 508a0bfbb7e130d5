// Options that a kernel's own text declares, typed as any other.

import Foundation
import Testing

@testable import Library

@Suite("Options of a kernel")
struct KernelOptionTests {
  @Test("An option is known from the kernel's text, with its help, in both forms")
  func known() throws {
    let short = try tilewalk("run linformer --rank 4 --n 32 --d 8 --tile 8")
    #expect(short.code == 0 && short.output.contains("from exact"), "\(short.error)")
    #expect(short.output == (try tilewalk("run linformer --n 32 --d 8 --tile 8 --rank=4")).output)
    #expect(short.output != (try tilewalk("run linformer --n 32 --d 8 --tile 8")).output)
    let help = try tilewalk("run linformer --help").output
    #expect(help.contains("--rank N") && help.contains("default: 256, at most Nk/4"))
    #expect(help.contains("--linformer-e FILE"))
    #expect(!(try tilewalk("run flash-attention --help")).output.contains("--rank"))
  }

  @Test("Where no kernel of the line has it, where its value is missing, or is none, it says so")
  func refused() throws {
    let foreign = try tilewalk("run flash-attention --rank 4")
    #expect(foreign.code == 64 && foreign.error.contains("--rank"))
    for (line, message) in [
      ("run linformer --rank", "expected a value"), ("run linformer --rank x", "whole number"),
      ("run linformer --rank 0", "found 0"), ("run linformer --rank=-1", "found -1"),
    ] {
      let outcome = try tilewalk(line)
      #expect(outcome.code == 64 && outcome.output.isEmpty, "\(line)")
      #expect(outcome.error.contains(message), "\(outcome.error)")
    }
    let absent = try tilewalk("run linformer --linformer-e /no/such.npy")
    #expect(absent.code == 66 && absent.error.contains("no such file"), "\(absent.error)")
  }

  @Test("A kernel's file brings its options, and no other file is opened to look for some")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "own-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "mine.kernel")
    let text = try tilewalk("show linformer").output.replacing("option rank", with: "option width")
    try text.write(to: file, atomically: true, encoding: .utf8)
    let run = try tilewalk("run \(file.path) --width 4 --n 32 --d 8 --tile 8")
    #expect(run.code == 0 && run.output.contains("from exact"), "\(run.error)")
    // An option that every run has stays what it is.
    let own = text.replacing("option width", with: "option device")
    try own.write(to: file, atomically: true, encoding: .utf8)
    let refused = try tilewalk("run \(file.path) --device classroom --n 32 --d 8 --tile 8")
    #expect(refused.code == 64 && refused.error.contains("option device"), "\(refused.error)")
    // Nobody writes to this pipe: whoever opened it would wait for ever.
    let pipe = folder.appending(path: "pipe")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    let list = try tilewalk("list kernels \(pipe.path)")
    #expect(list.code == 64)
  }

  @Test(
    "A report of an approximation has its distance from attention, and from its own text in fp64")
  func report() throws {
    let outcome = try tilewalk("run linear-transformer --n 32 --d 8 --tile 8 --format json")
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let approximation = try #require(root["approximation"] as? [String: Double])
    #expect(approximation["relativeFrobenius"]! > 0 && approximation["ofMeanOfV"]! > 0)
    let error = try #require(root["error"] as? [String: Any])
    #expect((error["reference"] as? String)?.hasPrefix("the kernel's own text in fp64") == true)
    #expect(try #require(error["maxAbsolute"] as? Double) < 1e-5)
    let flash = try tilewalk("run flash-attention --n 32 --d 8 --tile 8 --format json").output
    #expect(!flash.contains("approximation"))
  }

  @Test("Words, masks, sizes and lengths that do not go with a kernel are refused in one line")
  func refusals() throws {
    for (line, sentence) in [
      ("sparse-transformer --pattern stridet --n 8", "found stridet, expected strided or fixed"),
      ("sparse-transformer --n 65536 --timing-only", "worked out pair by pair"),
      ("linear-transformer --n 8 --mask window:1,1", "takes none or causal"),
      ("linear-transformer --n 8 --softcap 2", "takes no softcap"),
      ("reformer --n 8 --kv 9", "as many queries as keys; found 8 and 9"),
      ("routing-transformer --n 8 --window 9", "top takes w = 9 of 8 entries"),
      ("flash-attention-2 --n 8 --splits 2", "is for flash-decoding"),
      ("training-step --attention performer", "unknown attention kernel"),
      ("training-step --model bert", "did you mean 'bert-large'"),
    ] {
      let outcome = try tilewalk("run \(line)")
      #expect(outcome.code == 64 && outcome.output.isEmpty, "\(line)")
      #expect(outcome.error.contains(sentence), "\(outcome.error)")
      #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
    }
  }

  @Test("Kernels with inputs of one name are compared, each with its own")
  func sameNames() throws {
    let outcome = try tilewalk(
      "compare performer reformer --n 32 --d 8 --tile 8 --feature-count 8 --format json")
    #expect(outcome.code == 0, "\(outcome.error)")
    let alone = try tilewalk("run reformer --n 32 --d 8 --tile 8 --format json").output
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let runs = try #require(root["runs"] as? [[String: Any]])
    let own = try #require(
      JSONSerialization.jsonObject(with: Data(alone.utf8)) as? [String: Any])
    #expect(runs[1]["approximation"] as? NSDictionary == own["approximation"] as? NSDictionary)
  }

  @Test("A sweep goes over a size of a kernel's own, and names where lines cross")
  func sweeps() throws {
    let rank = try tilewalk("sweep linformer --over rank=4,8 --n 32 --d 8 --tile 8")
    #expect(rank.code == 0 && rank.output.contains("rank  linformer"), "\(rank.error)")
    let crossing = try tilewalk(
      "sweep flash-attention-2 linformer --over n=1024..4096*2 --d 64 --heads 16 --dtype fp16 --device a100-40gb"
    )
    #expect(
      crossing.output.contains(
        "linformer falls below flash-attention-2 between n = 1024 and 2048"))
  }

  @Test("A lesson sets an option as any other, and a wrong one is a diagnostic")
  func lesson() throws {
    func check(_ option: String) throws -> String {
      let folder = FileManager.default.temporaryDirectory.appending(path: "option-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let file = folder.appending(path: "x.md")
      try """
      ---
      title: T
      summary: S.
      minutes: 1
      keep:
        - One.
        - Two.
        - Three.
      runs:
        lin: { kernel: linformer, n: 32, d: 8, tile: 8, \(option) }
      ---
      ## One

      E moves {lin.tensors.E.readBytes in plain} B.

      ```expect
      lin.tensors.E.readBytes == 4 * 32 * 4 B
      ```

      ```notes
      Ask. One minute.
      ```
      """.write(to: file, atomically: true, encoding: .utf8)
      let outcome = try tilewalk("check \(file.path)")
      return outcome.output + outcome.error
    }
    #expect(try check("rank: 4").contains("all true"))
    #expect(try check("rank: 5").contains("640 B"))
    #expect(try check("rnk: 4").contains("rnk"))
  }
}
