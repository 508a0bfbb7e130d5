// The difference of a tile in two runs.

import Canvas
import Kernels
import Machine
import Testing

@testable import Library
@testable import Moments
@testable import Views

@Suite("The difference of a tile")
struct DifferenceTests {
  private func run(_ kernel: Kernel) throws -> CompletedRun {
    let device = try DeviceLibrary.find("classroom").device
    let problem = Problem.attention(AttentionProblem(queries: 16, d: 4))
    return try CompletedRun.simulate(
      Plan(kernel, problem, Mapping(tile: 4), device), inputs: problem.seededInputs(1))
  }

  private func scene(_ kernels: [Kernel], at cycle: Int, _ tile: TileName) throws -> Scene {
    var selection = Selection()
    selection.tile = tile
    return Scene(
      moments: try kernels.map { Moment(try run($0), at: cycle) }, focus: 1, selection: selection)
  }

  @Test("two kernels end with the same O, up to rounding")
  func equal() throws {
    let scene = try scene(
      [Catalogue["standard-attention"], Catalogue["flash-attention"]], at: 1_000_000,
      TileName("O", row: 2))
    let found = try #require(
      TileDifference(scene.moments[1], scene.moments[0], scene.selection))
    #expect(found.largest < 1e-5)
    let own = found.own[found.worst.row, found.worst.column]
    #expect(found.largest == (own - found.other[found.worst.row, found.worst.column]).magnitude)
  }

  @Test("a faulty kernel's worst entry is named with both values")
  func faulty() throws {
    let faulty = try #require(Catalogue.faulty.first)
    let scene = try scene(
      [Catalogue["flash-attention"], faulty], at: 1_000_000, TileName("O", row: 3))
    let found = try #require(
      TileDifference(scene.moments[1], scene.moments[0], scene.selection))
    #expect(found.largest > 1e-3)
    var picture = Picture(width: 80, height: 20)
    DifferenceView().draw(scene, in: picture.canvas.bounds, on: &picture)
    let text = picture.canvas.lines.joined(separator: "\n")
    #expect(text.contains("largest difference \(short(found.largest))"))
    #expect(text.contains(short(found.own[found.worst.row, found.worst.column])))
    #expect(text.contains(short(found.other[found.worst.row, found.worst.column])))
  }

  @Test("a tile that the other run does not hold is said to be missing")
  func missing() throws {
    let scene = try scene(
      [Catalogue["standard-attention"], Catalogue["flash-attention"]], at: 400,
      TileName("Q", row: 0))
    var early = scene
    early.selection.tile = TileName("m", row: 0)
    var picture = Picture(width: 80, height: 20)
    DifferenceView().draw(early, in: picture.canvas.bounds, on: &picture)
    #expect(picture.canvas.lines[0].contains("standard-attention holds no m[0]"))
  }
}
