// From the chip to a tile and back: a viewer's walk through the sizes.

import Canvas
import Kernels
import Player
import Testing
import Views

@testable import Library

@Suite("Zooming")
struct ZoomTests {
  private func player(hasValues: Bool = true) throws -> Player {
    var device = try DeviceLibrary.find("classroom").device
    device.smCount = 40
    let problem = Problem.attention(AttentionProblem(queries: 8, d: 4, heads: 50))
    let plan = try Plan(Catalogue["flash-attention-2"], problem, Mapping(tile: 4), device)
    let run = try CompletedRun.simulate(plan, inputs: hasValues ? problem.seededInputs(1) : nil)
    var player = Player([run])
    player.type(":view chip\ng40%\n")
    return player
  }

  private func press(_ player: inout Player, _ keys: Key...) {
    for key in keys { _ = player.update(key, width: 80, height: 24) }
  }

  private func view(_ player: Player) -> String {
    let words = player.lines()[0].split(separator: " ")
    return words.last.map(String.init) ?? ""
  }

  @Test("arrow keys go to the SM beside, above and below, and not over the edge")
  func arrows() throws {
    var player = try player()
    press(&player, .right, .right)
    #expect(player.selection.sm == 2)
    press(&player, .down)
    let perRow = player.selection.sm - 2
    #expect(perRow > 1)
    press(&player, .up, .up)
    #expect(player.selection.sm == 2)
    press(&player, .left, .left, .left)
    #expect(player.selection.sm == 0)
    #expect(player.lines().contains { $0.contains("SM 0 ") })
  }

  @Test("Enter goes from the chip to an SM to a tile, Escape the same way back")
  func inAndOut() throws {
    var player = try player()
    let cycle = player.cycle
    press(&player, .right, .enter)
    #expect(view(player) == "sm")
    #expect(player.lines().contains { $0.hasPrefix("SM 1 ") })
    press(&player, .down, .enter)
    #expect(view(player) == "tile")
    #expect(player.selection.tile != nil)
    press(&player, .escape)
    #expect(view(player) == "sm")
    press(&player, .escape)
    #expect(view(player) == "chip")
    #expect(player.selection.tile == nil && player.selection.sm == 1)
    #expect(player.cycle == cycle)
  }

  @Test("z and Z do the same; elsewhere they show a view alone and no longer alone")
  func letters() throws {
    var player = try player()
    player.type("zz")
    #expect(view(player) == "tile")
    player.type("ZZ")
    #expect(view(player) == "chip")
    player.type("Z")
    #expect(view(player) == "chip")
    player.type(":view traffic\nz")
    #expect(player.isZoomed)
    player.type("Z")
    #expect(!player.isZoomed)
  }

  @Test("a tile of a run without values says that there are none, and the way back is open")
  func noValues() throws {
    var player = try player(hasValues: false)
    player.type("zz")
    #expect(player.lines().contains { $0.contains("--timing-only") })
    press(&player, .escape, .escape)
    #expect(view(player) == "chip")
  }

  @Test("a click on an SM chooses it")
  func click() throws {
    var player = try player()
    let targets = player.frame(width: 80, height: 24).targets
    let target = try #require(targets.first { $0.meaning == .processor(run: 0, 17) })
    press(&player, .click(row: target.rect.row, column: target.rect.column))
    #expect(player.selection.sm == 17)
  }

  @Test("h and l still step where arrow keys choose")
  func steps() throws {
    var player = try player()
    let cycle = player.cycle
    player.type("l")
    #expect(player.cycle > cycle)
    player.type("h")
    #expect(player.cycle == cycle)
  }
}
