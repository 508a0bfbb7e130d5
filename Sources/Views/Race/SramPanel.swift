// SRAM of the selected SM: how full it is, and which tiles it holds.

import Canvas
import Machine
import Moments

/// A bar for the SRAM of one SM, and its tiles by name.
struct SramPanel {
  let scene: Scene
  let index: Int

  private var sm: Int { scene.selection.sm }

  func draw(in rect: inout Rect, on picture: inout Picture) {
    let moment = scene.moments[index]
    let tiles = moment.tiles(onSM: sm)
    let used = moment.ownedBytes(onSM: sm) ?? tiles.reduce(0) { $0 + $1.info.bytes }
    let capacity = moment.recording.device.sramBytes
    let line = rect.takeTop(1)
    let label = moment.recording.device.smCount > 1 ? "SRAM \(sm) " : "SRAM "
    let figures = " \(grouped(used))/\(bytesText(capacity))"
    let column = picture.canvas.put(label, row: 0, column: 0, in: line)
    let width = max(0, line.width - column - figures.count)
    picture.canvas.put(
      bar(Double(used) / Double(max(1, capacity)), width: width), Style(.resident), row: 0,
      column: column, in: line)
    picture.canvas.putRight(figures, row: 0, in: line)
    _ = rect.takeLeft(RunPanel.indent)
    list(tiles, in: rect, on: &picture)
  }

  private func list(_ tiles: [TileOnSM], in rect: Rect, on picture: inout Picture) {
    guard rect.height > 0 else { return }
    guard !tiles.isEmpty else {
      picture.canvas.put("empty", Style(.dim), row: 0, column: 0, in: rect)
      return
    }
    let names = names(tiles)
    var (row, column) = (0, 0)
    for (number, entry) in tiles.enumerated() {
      let isOwnersFirst = number == 0 || tiles[number - 1].key.block != entry.key.block
      let sign = isMarked(entry) ? String(Highlight.sign) : ""
      let text = "\(entry.status.glyph(isStore: false))\(names[number])\(sign)"
      let owner = owner(entry, among: tiles)
      // The block's number comes before its first tile, and again at the start of a row.
      var before = isOwnersFirst || column == 0 ? owner : ""
      let reserve = number + 1 < tiles.count && row == rect.height - 1 ? 5 : 0
      if column > 0, column + before.count + text.count + reserve > rect.width {
        guard row < rect.height - 1 else {
          picture.canvas.put(
            "+\(tiles.count - number)", Style(.dim), row: row, column: column, in: rect)
          return
        }
        (row, column, before) = (row + 1, 0, owner)
      }
      column = picture.canvas.put(before, Style(.dim), row: row, column: column, in: rect)
      column = picture.canvas.put(text, style(entry), row: row, column: column, in: rect) + 1
    }
  }

  private func isMarked(_ entry: TileOnSM) -> Bool {
    scene.isHighlighted(TileName(entry.info), run: index)
  }

  private func style(_ entry: TileOnSM) -> Style {
    isMarked(entry)
      ? Highlight.style
      : Style(entry.status.ink(isStore: false), bold: entry.status == .active)
  }

  /// `b3 ` if the SM has several blocks, each of which may hold its own K[0]; else empty.
  private func owner(_ entry: TileOnSM, among tiles: [TileOnSM]) -> String {
    tiles.contains { $0.key.block != entry.key.block } ? "b\(entry.key.block.number) " : ""
  }

  /// The names of the tiles. Of two tiles of one block with the same name, those of different heads
  /// get the head, and of one head the earlier one gets `old`, such as a maximum and its successor.
  private func names(_ tiles: [TileOnSM]) -> [String] {
    let blocks = scene.moments[index].recording.blocks
    let short = tiles.map { TileName($0.info).text }
    return tiles.indices.map { number in
      let sameNamed = tiles.indices.filter {
        $0 != number && short[$0] == short[number] && tiles[$0].key.block == tiles[number].key.block
      }
      let plane = tiles[number].info.place.plane
      let (block, tile) = (tiles[number].key.block, tiles[number].key.tile)
      let isOneOfHeads = sameNamed.contains { tiles[$0].info.place.plane != plane }
      let name = isOneOfHeads ? blocks[block].label(ofTile: tile) : short[number]
      let hasSuccessor = sameNamed.contains { $0 > number && tiles[$0].info.place.plane == plane }
      return hasSuccessor ? name + " old" : name
    }
  }
}
