// Small races to play with.

import Canvas
import Kernels
import Player

@testable import Library

/// Seeded attention on the classroom device.
func smallRun(
  _ kernel: Kernel, n: Int = 8, d: Int = 4, tile: Int = 4, heads: Int = 1,
  pass: Pass = .forward, name: String? = nil
) throws -> CompletedRun {
  let device = try DeviceLibrary.find("classroom").device
  var attention = AttentionProblem(queries: n, d: d, heads: heads)
  attention.pass = pass
  let problem = Problem.attention(attention)
  let plan = try Plan(kernel, problem, Mapping(tile: tile), device)
  return try CompletedRun.simulate(
    name: name, plan, inputs: problem.seededInputs(1), origin: "seed 1")
}

func smallRace(_ pass: Pass = .forward) throws -> Player {
  try Player([
    smallRun(Catalogue["standard-attention"], pass: pass),
    smallRun(Catalogue["flash-attention"], pass: pass),
  ])
}

extension Player {
  /// Types characters one by one, then Enter where the text ends in a line end.
  mutating func type(_ text: String, width: Int = 80, height: Int = 24) {
    for character in text {
      _ = update(
        character == "\n" ? .enter : .character(character), width: width, height: height)
    }
  }

  func lines(_ width: Int = 80, _ height: Int = 24) -> [String] {
    frame(width: width, height: height).canvas.lines
  }
}

extension LessonPlayer {
  /// Types characters one by one, then Enter where the text ends in a line end.
  mutating func type(_ text: String, width: Int = 80, height: Int = 24) {
    for character in text {
      _ = update(
        character == "\n" ? .enter : .character(character), width: width, height: height)
    }
  }

  mutating func press(_ keys: Key...) {
    for key in keys { _ = update(key, width: 80, height: 24) }
  }

  func lines(_ width: Int = 80, _ height: Int = 24) -> [String] {
    frame(width: width, height: height).canvas.lines
  }
}
