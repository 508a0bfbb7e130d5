// Backward runs and dropout on the command line: files of gradients, figures, and what is refused.

import Foundation
import Testing

@testable import Library

@Suite("Backward on the command line")
struct BackwardTests {
  private func report(_ line: String, in folder: String? = nil) throws -> [String: Any] {
    let outcome = try tilewalk(line + " --format json", in: folder)
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(line): \(outcome.error)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  static let kernels = ["standard-attention", "flash-attention", "flash-attention-2"]

  @Test("--out writes dQ, dK and dV in the shapes of Q, K and V", arguments: kernels)
  func shapes(kernel: String) throws {
    try withFolder { folder in
      for (name, shape) in [
        ("q", [2, 4, 10, 4]), ("k", [2, 2, 12, 4]), ("v", [2, 2, 12, 3]), ("do", [2, 4, 10, 3]),
      ] {
        try writeArray(shape, to: "\(folder)/\(name).npy")
      }
      let line = "run \(kernel) --q q.npy --k k.npy --v v.npy --do do.npy --tile 8"
      let gradients = ["dK.npy", "dQ.npy", "dV.npy"]
      #expect(try tilewalk(line + " --pass both --out all", in: folder).code == 0)
      #expect(
        try files(in: folder + "/all")
          == (["L.npy", "O.npy"] + gradients + ["l.npy", "m.npy"]))
      #expect(try tilewalk(line + " --pass backward --out half", in: folder).code == 0)
      #expect(try Set(files(in: folder + "/half")).isSuperset(of: gradients))
      for (name, shape) in [
        ("dQ", [2, 4, 10, 4]), ("dK", [2, 2, 12, 4]), ("dV", [2, 2, 12, 3]),
      ] {
        let array = try NpyArray(contentsOf: "\(folder)/all/\(name).npy")
        #expect(array.shape == shape && array.type == .float32)
        #expect(try NpyArray(contentsOf: "\(folder)/half/\(name).npy") == array)
      }
    }
  }

  @Test("The report says the pass, the dropout, what was computed again and every error")
  func figures() throws {
    for kernel in Self.kernels {
      let options = "--n 20 --d 4 --pass both --dropout 0.25 --seed 3 --tile 8"
      let report = try report("run \(kernel) \(options)")
      let problem = try #require(report["problem"] as? [String: Any])
      #expect(problem["pass"] as? String == "both")
      #expect(problem["dropout"] as? Double == 0.25)
      let flops = try #require(report["flops"] as? [String: Any])
      let isTextbook = kernel == "standard-attention"
      #expect(flops["recomputed"] as? Int == (isTextbook ? 0 : 2 * 20 * 20 * 4))
      #expect(flops["matmul"] as? Int == (isTextbook ? 12 : 14) * 20 * 20 * 4)
      let error = try #require(report["error"] as? [String: Any])
      let tensors = try #require(error["tensors"] as? [String: Double])
      #expect(Set(tensors.keys) == ["O", "dQ", "dK", "dV"])
      #expect(tensors.values.max() == error["maxAbsolute"] as? Double)
      #expect(tensors.values.allSatisfy { $0 < 1e-5 })
      #expect(report["tensors"] as? NSDictionary == report["closedForm"] as? NSDictionary)
    }
  }

  @Test("Forward is what runs without --pass, and it drops nothing without --dropout")
  func defaults() throws {
    for kernel in Self.kernels {
      let line = "run \(kernel) --n 20 --d 4 --tile 8"
      #expect(
        try report(line) as NSDictionary
          == report(line + " --pass forward --dropout 0") as NSDictionary)
      let problem = try #require(try report(line)["problem"] as? [String: Any])
      #expect(problem["pass"] as? String == "forward" && problem["dropout"] as? Double == 0)
    }
  }

  @Test("A backward run without values has the figures of one with them", arguments: kernels)
  func timingOnly(kernel: String) throws {
    let line = "run \(kernel) --n 20 --d 4 --pass backward --dropout 0.1 --mask causal --tile 8"
    var (full, timing) = try (report(line), report(line + " --timing-only"))
    #expect(full.removeValue(forKey: "error") is [String: Any])
    #expect(timing.removeValue(forKey: "error") is NSNull)
    #expect(full as NSDictionary == timing as NSDictionary)
  }

  @Test("A sample has a gradient of its own")
  func sample() throws {
    let line = "run flash-attention-2 --sample coreference --pass backward"
    let error = try #require(try report(line)["error"] as? [String: Any])
    #expect((error["tensors"] as? [String: Double])?["dQ"] != nil)
  }

  static let refused: [(String, Int32, [String])] = [
    ("run flash-attention --pass sideways", 64, ["--pass sideways", "forward, backward, both"]),
    ("run flash-attention --pass backwards", 64, ["did you mean backward?"]),
    ("run flash-attention --dropout 1", 64, ["--dropout 1", "below 1"]),
    ("run flash-attention --dropout -0.1", 64, ["--dropout -0.1", "from 0"]),
    ("run flash-attention --dropout nan", 64, ["--dropout nan"]),
    ("run flash-attention-2 --pass both --d-inline", 64, ["--d-inline", "flash-attention-2"]),
    ("run standard-attention --pass both --d-inline", 64, ["--d-inline is for flash-attention"]),
    ("run flash-attention --d-inline", 64, ["--d-inline", "--pass backward"]),
    ("run flash-attention --n 8 --d 4 --do do.npy", 64, ["--do", "--pass backward"]),
    ("run tiled-matmul --pass both", 64, ["--pass is for attention", "tiled-matmul"]),
    ("run tiled-matmul --dropout 0.1", 64, ["--dropout is for attention"]),
    (
      "run flash-attention --n 9 --d 4 --pass both --do do.npy", 65,
      ["do.npy", "[8, 4]", "[9, 4]"]
    ),
    (
      "run flash-attention --n 8 --d 4 --dv 3 --pass both --do do.npy", 65,
      ["do.npy", "[8, 4]", "[8, 3]"]
    ),
    (
      "run flash-attention --n 8 --d 4 --heads 2 --pass both --do do.npy", 65,
      ["do.npy", "[8, 4]", "[2, 8, 4]"]
    ),
    ("run flash-attention --n 8 --pass both --do absent.npy", 66, ["absent.npy: no such file"]),
  ]

  @Test("What makes no sense is refused in one line that says why", arguments: refused)
  func refusals(line: String, code: Int32, words: [String]) throws {
    try withFolder { folder in
      try writeArray([8, 4], to: folder + "/do.npy")
      let outcome = try tilewalk(line + " --out made", in: folder)
      #expect(outcome.code == code, "\(line): \(outcome.error)")
      #expect(outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome.error)")
      for word in words {
        #expect(outcome.error.contains(word), "\(word) is not in: \(outcome.error)")
      }
      #expect(try files(in: folder) == ["do.npy"])
    }
  }
}
