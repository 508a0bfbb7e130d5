// The figure of kernels that no paper has drawn: where their tensors stand, and which tiles a gather lights.

import Canvas
import Kernels
import Machine
import Testing

@testable import Library
@testable import Moments
@testable import Views

@Suite("The figure")
struct FigureTests {
  private func run(_ kernel: Kernel) throws -> CompletedRun {
    let problem = Problem.attention(AttentionProblem(queries: 32, d: 4))
    return try CompletedRun.simulate(
      Plan(kernel, problem, Mapping(tile: 8), DeviceLibrary.find("classroom").device),
      inputs: problem.seededInputs(1))
  }

  /// The names of the parts in each column of the figure, the matrix first and then upwards.
  private func columns(_ run: CompletedRun) -> [[String]] {
    let figure = Figure(run)
    let layout = FigureLayout([figure], width: 200, height: 40)
    return layout.columns(figure).map { column in
      ([column.matrices] + column.above).map { $0.map(\.tensor.name).joined(separator: " ") }
    }
  }

  @Test("K stands above what has its keys across, projected keys above the scores against them")
  func projected() throws {
    let run = try run(Catalogue["linformer"].with(["rank": .size(4)]))
    #expect(columns(run) == [["E", "K"], ["F", "V"], ["S", "Kp"], ["P", "Vp"]])
  }

  @Test(
    "what crosses nothing has a column of its own, and the smallest tile does not set the scale")
  func alone() throws {
    let run = try run(Catalogue["linear-transformer"])
    let own = columns(run)
    #expect(own.allSatisfy { $0.count == 2 && $0[0].isEmpty })
    #expect(own.map { $0[1] }.prefix(2) == ["K", "V"])
    let figure = Figure(run)
    let size = FigureLayout([figure], width: 120, height: 12).size(figure)
    #expect(size.height <= 12 && size.width <= 120)
    #expect(FigureLayout([figure], width: 120, height: 12).across.tilesPerCell == 1)
  }

  @Test("a gather lights the tiles in which the rows lie that it reads")
  func gather() throws {
    let run = try run(Catalogue["reformer"].with(["buckets": .size(4), "chunk": .size(8)]))
    let q = try #require(run.plan.program.tensorIndex("Q"))
    var count = 0
    for span in run.recording.spans {
      guard let place = span.place, span.finish > span.start else { continue }
      let block = run.recording.blocks[place.block]
      let op = block.ops[place.op]
      guard let region = op.region, region.tensor == q, region.rowsPerNumber != nil else {
        continue
      }
      let moment = Moment(run, at: span.start)
      let numbers = moment.state.tile(
        Region(
          tensor: try #require(run.plan.program.tensorIndex("T")), plane: 0, rows: region.rows,
          columns: 0..<1, tileRow: 0, tileColumn: nil)
      ).values
      let tiles = Set(numbers.map { Int($0) / 8 })
      let grid = TileStatusGrid(moment, tensor: q, plane: 0)
      let lit = (0..<4).filter { row in
        grid.summary(rows: row..<row + 1, columns: 0..<1).status >= .resident
      }
      #expect(Set(lit).isSuperset(of: tiles))
      #expect(tiles.count > 1)
      count += 1
    }
    #expect(count >= 4)
  }

  @Test("the listing keeps the order of the text, and has no line of another choice")
  func listing() throws {
    let lines = try run(Catalogue["routing-transformer"]).listing
    #expect(lines.map(\.number) == lines.map(\.number).sorted())
    #expect(lines.contains { $0.text.contains("with select") })
    #expect(!lines.contains { $0.text.contains("with literal") })
  }
}
