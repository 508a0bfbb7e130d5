// SRAM: how full the SRAM of the selected SM is, and a box for every tile in it. A tile that is being
// loaded fills its box in step with its bytes.

import Canvas
import Machine
import Moments

/// The SRAM of one SM.
struct SramPanel {
  let scene: Scene
  let index: Int

  private var sm: Int { scene.selection.sm }
  private var moment: Moment { scene.moments[index] }

  /// Draws a row with the bytes in use, and the tiles below.
  func draw(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    let tiles = moment.tiles(onSM: sm)
    drawBar(tiles, in: rest.takeTop(1), on: &picture)
    drawTiles(tiles, in: rest, on: &picture)
  }

  private func drawBar(_ tiles: [TileOnSM], in rect: Rect, on picture: inout Picture) {
    let used = moment.ownedBytes(onSM: sm) ?? tiles.reduce(0) { $0 + $1.info.bytes }
    let device = moment.recording.device
    let label = device.smCount > 1 ? "SRAM \(sm) " : "SRAM "
    let capacity = bytesText(device.sramBytes)
    let width = grouped(device.sramBytes).count
    let shown = scene.figure(grouped(used), "sram.bytes", of: index)
    let figures = " \(shown.padded(width, right: true)) of \(capacity)"
    let column = picture.canvas.put(label, Style(bold: true), row: 0, column: 0, in: rect)
    let room = max(0, rect.width - column - figures.count)
    picture.canvas.put(
      bar(Double(used) / Double(max(1, device.sramBytes)), width: room), Style(.resident), row: 0,
      column: column, in: rect)
    picture.canvas.putRight(figures, row: 0, in: rect)
  }

  // MARK: Boxes

  /// A tile's box: what is written before the picture, and the columns of the picture.
  private struct Box {
    var entry: TileOnSM
    var name: String
    var columns: Int
    var width: Int { name.count + columns }
  }

  private func drawTiles(_ tiles: [TileOnSM], in rect: Rect, on picture: inout Picture) {
    guard rect.height > 0 else { return }
    guard !tiles.isEmpty else {
      picture.canvas.put("empty", Style(.dim), row: 0, column: 0, in: rect)
      return
    }
    // Matrices come first, then one number per row; each in the order in which its block made it.
    let sorted = tiles.filter { $0.info.columns > 1 } + tiles.filter { $0.info.columns == 1 }
    let boxes = boxes(sorted, in: rect)
    var (row, column) = (0, 0)
    for (number, box) in boxes.enumerated() {
      let reserve = number + 1 < boxes.count && row == rect.height - 1 ? 4 : 0
      if column > 0, column + box.width + reserve > rect.width {
        guard row < rect.height - 1 else {
          picture.canvas.put(
            "+\(boxes.count - number)", Style(.dim), row: row, column: column, in: rect)
          return
        }
        (row, column) = (row + 1, 0)
      }
      draw(box, row: row, column: column, in: rect, on: &picture)
      column += box.width + 1
    }
  }

  /// The boxes, with pictures as wide as they can be so that all of them fit.
  private func boxes(_ tiles: [TileOnSM], in rect: Rect) -> [Box] {
    let names = names(tiles)
    func make(_ columns: Int) -> [Box] {
      zip(tiles, names).map { Box(entry: $0, name: $1, columns: $0.info.columns > 1 ? columns : 0) }
    }
    func rows(_ boxes: [Box]) -> Int {
      boxes.reduce(into: (rows: 1, column: 0)) { place, box in
        if place.column > 0, place.column + box.width > rect.width {
          place = (place.rows + 1, 0)
        }
        place.column += box.width + 1
      }.rows
    }
    for columns in stride(from: 6, to: 2, by: -1) where rows(make(columns)) <= rect.height {
      return make(columns)
    }
    return make(2)
  }

  private func draw(
    _ box: Box, row: Int, column: Int, in rect: Rect, on picture: inout Picture
  ) {
    let isMarked = scene.isHighlighted(TileName(box.entry.info), run: index)
    let status = box.entry.status
    let style =
      isMarked ? Highlight.style : Style(status.ink(isStore: false), bold: status >= .inFlight)
    let after = picture.canvas.put(box.name, style, row: row, column: column, in: rect)
    guard box.columns > 0 else { return }
    let body = rect.inner(row: row, column: after, width: box.columns, height: 1)
    if let (values, share) = values(of: box.entry) {
      let info = box.entry.info
      TilePicture(
        values: values, ramp: info.name.ramp(of: moment),
        largest: moment.run.facts.largest(of: info.name, moment),
        // K and V stand as they do in the figure, their keys across.
        isTransposed: info.kind.rows == .keys, share: share
      ).draw(in: body, on: &picture)
    } else {
      picture.canvas.put(
        String(repeating: TileStatus.unwritten.filling, count: body.width), Style(.dim), row: 0,
        column: 0, in: body)
    }
  }

  /// The values in a box, and the share of them that has arrived.
  private func values(of entry: TileOnSM) -> (TileValues, share: Double)? {
    if let tile = moment.state.sram[entry.key] { return (tile, 1) }
    for running in moment.running where running.place.block == entry.key.block {
      let op = moment.op(at: running.place)
      guard op.tile == entry.key.tile, let region = op.region else { continue }
      let empty = TileValues(rows: 0, columns: 0, values: [])
      let values = moment.run.hasValues ? moment.state.tile(region) : empty
      return (values, moment.progress(of: running.span))
    }
    return nil
  }

  // MARK: Names

  /// Glyph and name of each tile. If the SM has several blocks, the block's number comes before its first
  /// tile. Of two tiles of one block with the same name, those of different heads get the head, and of one
  /// head the earlier one gets `old`, such as a maximum and its successor.
  private func names(_ tiles: [TileOnSM]) -> [String] {
    let blocks = moment.recording.blocks
    let short = tiles.map { TileName($0.info).shown }
    let areSeveral = tiles.contains { $0.key.block != tiles[0].key.block }
    return tiles.indices.map { number in
      let entry = tiles[number]
      let sameNamed = tiles.indices.filter {
        $0 != number && short[$0] == short[number] && tiles[$0].key.block == entry.key.block
      }
      let plane = entry.info.place.plane
      let isOneOfHeads = sameNamed.contains { tiles[$0].info.place.plane != plane }
      let name =
        isOneOfHeads ? blocks[entry.key.block].label(ofTile: entry.key.tile) : short[number]
      let hasSuccessor = sameNamed.contains {
        tiles[$0].key > entry.key && tiles[$0].info.place.plane == plane
      }
      let isFirst = number == 0 || tiles[number - 1].key.block != entry.key.block
      let block = areSeveral && isFirst ? "b\(entry.key.block.number) " : ""
      let glyph = entry.status.glyph(isStore: false).map(String.init) ?? ""
      let sign =
        scene.isHighlighted(TileName(entry.info), run: index) ? String(Highlight.sign) : ""
      return block + glyph + name + sign + (hasSuccessor ? " old" : "")
    }
  }
}
