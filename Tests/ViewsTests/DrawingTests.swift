// Panels as drawings: the cells as text, and their inks as a second plane of letters.

import Canvas
import Kernels
import Machine
import Testing

@testable import Library
@testable import Moments
@testable import Views

@Suite("Drawings")
struct DrawingTests {
  private func scene(at cycle: Int) throws -> Scene {
    let device = try DeviceLibrary.find("classroom").device
    let problem = Problem.attention(AttentionProblem(queries: 8, d: 4))
    let runs = try ([Catalogue["standard-attention"], Catalogue["flash-attention"]] as [Kernel]).map
    { kernel in
      try CompletedRun.simulate(
        Plan(kernel, problem, Mapping(tile: 4), device), inputs: problem.seededInputs(1))
    }
    return Scene(
      moments: runs.map { Moment($0, at: cycle) }, focus: 1, selection: Selection())
  }

  private func picture(_ view: any View, at cycle: Int, _ width: Int, _ height: Int) throws
    -> Picture
  {
    var picture = Picture(width: width, height: height)
    view.draw(try scene(at: cycle), in: picture.canvas.bounds, on: &picture)
    return picture
  }

  @Test("the race at cycle 260 of a small run")
  func race() throws {
    let canvas = try picture(RaceView(), at: 260, 80, 17).canvas
    try expectDrawing(canvas, "race")
  }

  @Test("at the end every tensor's traffic equals its closed form")
  func traffic() throws {
    let lines = try picture(TrafficView(), at: 100_000, 80, 18).canvas.lines
    let figures = lines.filter { $0.contains("/") }
    #expect(figures.count == 12)
    for line in figures { #expect(line.contains("✓"), "\(line)") }
    #expect(lines.filter { $0.hasSuffix("✓") }.count == 2)
  }

  @Test("before its first key a row says what it waits for, and where the mask hides all, that")
  func waiting() throws {
    func lines(_ rule: Mask.Rule) throws -> String {
      let device = try DeviceLibrary.find("classroom").device
      let problem = Problem.attention(AttentionProblem(queries: 8, d: 4, maskRule: rule))
      let runs = try ([Catalogue["standard-attention"], Catalogue["flash-attention"]] as [Kernel])
        .map { kernel in
          try CompletedRun.simulate(
            Plan(kernel, problem, Mapping(tile: 4), device), inputs: problem.seededInputs(1))
        }
      let scene = Scene(
        moments: runs.map { Moment($0, at: 0) }, focus: 1, selection: Selection())
      var picture = Picture(width: 80, height: 20)
      RaceView().draw(scene, in: picture.canvas.bounds, on: &picture)
      return picture.canvas.lines.joined(separator: "\n")
    }
    let open = try lines(.none)
    #expect(open.contains("waits for its whole row of S") && open.contains("has met no key yet"))
    #expect(try lines(.padding(length: 0)).contains("meets no key"))
  }

  @Test("a tile is drawn where an op has put it")
  func statuses() throws {
    let scene = try scene(at: 100_000)
    let grid = TileStatusGrid(scene.moments[0], tensor: 0, plane: 0)
    #expect(grid.summary(rows: 0..<2, columns: 0..<1).status == .done)
    let start = TileStatusGrid(try self.scene(at: 0).moments[0], tensor: 0, plane: 0)
    #expect(start.summary(rows: 0..<2, columns: 0..<1).status == .waiting)
  }
}
