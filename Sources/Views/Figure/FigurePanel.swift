// Draws HBM: every tensor at its place in the figure, every tile as a picture of its values with a glyph
// beside it that says what is being done with it.

import Canvas
import Kernels
import Machine
import Moments

/// The figure of one run.
struct FigurePanel {
  let scene: Scene
  let index: Int
  let figure: Figure
  let layout: FigureLayout

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    let top = layout.topHeight(figure)
    let names = max(1, top)
    let grid = names + (layout.hasNames ? 1 : 0)
    var left = 0
    func drawPlace(_ place: [FigurePart], width: Int) {
      guard let part = shown(place) else { return }
      drawName(part, column: left, width: width, row: grid, in: rect, on: &picture)
      let margin = part.side == .narrow ? 0 : layout.margin
      draw(part, in: rect.inner(row: grid, column: left + margin, width: width), on: &picture)
    }
    for side in FigurePart.Side.allCases where side != .top {
      if side == .cross {
        for column in layout.columns(figure) {
          let width = layout.width(column)
          drawTop(column.above, from: left, height: top, in: rect, on: &picture)
          drawPlace(column.matrices, width: width)
          left += width
        }
      } else {
        for place in layout.places(figure, side) {
          let width = layout.width(place)
          drawPlace(place, width: width)
          left += width
        }
      }
    }
    drawFollowedRow(grid, in: rect, on: &picture)
    drawReduction(in: rect, on: &picture)
  }

  /// Marks the followed row in front of Q.
  private func drawFollowedRow(_ grid: Int, in rect: Rect, on picture: inout Picture) {
    guard moment.run.hasSoftmax, let part = layout.places(figure, .left).first?.first,
      part.tensor.rowAxis == .queries
    else { return }
    let row = moment.followedRow(scene.selection)
    let axis = layout.down(part)
    let (tile, line) = row.quotientAndRemainder(dividingBy: max(1, part.tensor.tileRows))
    let place =
      axis.tilesPerCell > 1
      ? tile / axis.tilesPerCell : tile * axis.cells + line * axis.cells / part.tensor.tileRows
    // In the first row stands the name, where no row of names does.
    guard layout.hasNames || place > 0 else { return }
    picture.canvas.put(
      "▸", Style(.accent, bold: true), row: grid + place, column: layout.margin - 1, in: rect)
  }

  /// Draws what stands across the top in a column, from the bottom row up.
  private func drawTop(
    _ places: [[FigurePart]], from column: Int, height: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    var bottom = height
    for part in places.compactMap(shown) {
      let rows = layout.down(part).length(part.tilesDown)
      bottom -= rows
      picture.canvas.put(
        shortName(part), nameStyle(part), row: bottom, column: column, in: rect)
      draw(
        part, in: rect.inner(row: bottom, column: column + layout.margin, width: rect.width),
        on: &picture)
    }
  }

  /// Of the parts that share a place, the last one that the current launch is about.
  private func shown(_ place: [FigurePart]) -> FigurePart? {
    let names = moment.tensorsOfLaunch
    return place.last { names.contains($0.tensor.name) } ?? place.first
  }

  // MARK: Names

  private func nameStyle(_ part: FigurePart) -> Style {
    part.isOnChipOnly ? Style(.dim) : Style(.plain, bold: true)
  }

  /// The name in the margin; for a long one its last letter, which tells most: K of `dK`, c of `Kc`.
  private func shortName(_ part: FigurePart) -> String {
    let name = part.tensor.name
    return name.count <= layout.margin
      ? name.padded(layout.margin, right: true) : String(name.suffix(layout.margin))
  }

  /// Writes the name of a part above it, or in front of its first row.
  private func drawName(
    _ part: FigurePart, column: Int, width: Int, row: Int, in rect: Rect, on picture: inout Picture
  ) {
    let name = part.tensor.name
    let style = nameStyle(part)
    guard layout.hasNames || part.side == .narrow else {
      picture.canvas.put(shortName(part), style, row: row, column: column, in: rect)
      return
    }
    let room = max(1, width - (part.side == .narrow ? 0 : layout.margin))
    let words =
      part.isOnChipOnly ? ["\(name) on chip only", "\(name) chip only", "\(name) chip"] : []
    let text = words.first { $0.count <= room } ?? name.cut(max(1, room))
    picture.canvas.put(
      text, style, row: row - 1, column: column + (part.side == .narrow ? 0 : layout.margin),
      in: rect)
  }

  /// Writes how many tiles share a cell, where several do.
  private func drawReduction(in rect: Rect, on picture: inout Picture) {
    let (down, across) = (layout.down.tilesPerCell, layout.across.tilesPerCell)
    guard down > 1 || across > 1 else { return }
    // Beside the figure or below it where there is room, else over its first row.
    let text = "a cell: \(down)×\(across) tiles"
    let size = layout.size(figure)
    let isBelow = size.width + text.count + 1 > rect.width && size.height < rect.height
    picture.canvas.putRight(
      text, Style(.dim), row: isBelow ? rect.height - 1 : 0, in: rect)
  }

  // MARK: Tiles

  private func draw(_ part: FigurePart, in rect: Rect, on picture: inout Picture) {
    let contents: TileContents
    switch part.source {
    case .hbm(let tensor):
      let plane = moment.plane(of: tensor, for: scene.selection)
      contents = TileContents(moment, tensor: tensor, plane: plane)
    case .chip(let matrix):
      contents = TileContents(
        moment, onChip: moment.run.facts.chipMatrices[matrix], plane: moment.plane(scene.selection))
    }
    let (down, across) = (layout.down(part), layout.across(part))
    for row in 0..<down.places(part.tilesDown) {
      for column in 0..<across.places(part.tilesAcross) {
        let cell = rect.inner(
          row: row * (down.cells + down.gutter), column: column * (across.cells + across.gutter),
          width: across.cells + across.gutter, height: down.cells)
        let tiles = (
          down: down.tiles(at: row, of: part.tilesDown),
          across: across.tiles(at: column, of: part.tilesAcross)
        )
        draw(part, contents, tiles, across, in: cell, on: &picture)
      }
    }
  }

  /// Draws a tile, or several that share a cell.
  private func draw(
    _ part: FigurePart, _ contents: TileContents, _ tiles: (down: Range<Int>, across: Range<Int>),
    _ axis: FigureAxis, in cell: Rect, on picture: inout Picture
  ) {
    guard cell.height > 0, cell.width > 0 else { return }
    let (rows, columns) =
      part.isTransposed ? (tiles.across, tiles.down) : (tiles.down, tiles.across)
    let name = TileName(
      part.tensor.name, row: rows.lowerBound,
      column: part.tensor.gridColumns > 1 ? columns.lowerBound : nil)
    let (status, isStore) = contents.statuses.summary(rows: rows, columns: columns)
    let body = Rect(row: cell.row, column: cell.column, height: cell.height, width: axis.cells)
    drawBody(part, contents, status, rows.lowerBound, columns.lowerBound, in: body, on: &picture)
    let isMarked = rows.contains { row in
      columns.contains { column in
        scene.isHighlighted(TileName(part.tensor.name, row: row, column: column), run: index)
      }
    }
    var glyph = status.glyph(isStore: isStore)
    var style = Style(status.ink(isStore: isStore), bold: status > .resident)
    // The mark stands on the picture, so that the state beside it can still be read.
    if isMarked, axis.gutter > 0, axis.cells > 1 {
      picture.canvas.put(String(Highlight.sign), Highlight.style, row: 0, column: 0, in: cell)
    } else if isMarked {
      (glyph, style) = (Highlight.sign, Highlight.style)
    }
    // Without a gutter only what happens now takes the place of a picture.
    let isInFront = axis.gutter > 0 || isMarked || status >= .resident
    if let glyph, isInFront {
      picture.canvas.put(
        String(glyph), style, row: 0, column: axis.gutter > 0 ? axis.cells : 0, in: cell)
    }
    if isSelected(name) { reverse(cell, on: &picture) }
    picture.targets.append(Target(rect: cell, meaning: .tile(run: index, name)))
  }

  private func drawBody(
    _ part: FigurePart, _ contents: TileContents, _ status: TileStatus, _ row: Int, _ column: Int,
    in rect: Rect, on picture: inout Picture
  ) {
    switch contents.content(row: row, column: column) {
    case .nothing:
      let filling = String(repeating: status.filling, count: rect.width)
      for line in 0..<rect.height {
        picture.canvas.put(filling, Style(.dim), row: line, column: 0, in: rect)
      }
    case .data(let values, let share, let before):
      var tile = TilePicture(
        values: before ?? values, ramp: part.tensor.name.ramp(of: moment),
        largest: moment.run.facts.largest(of: part.tensor.name, moment),
        isTransposed: part.isTransposed)
      // What has not been overwritten yet stays as it was.
      if before != nil { tile.draw(in: rect, on: &picture) }
      (tile.values, tile.share, tile.keepsRest) = (values, share, before != nil)
      tile.draw(in: rect, on: &picture)
    }
  }

  private func isSelected(_ name: TileName) -> Bool {
    guard index == scene.focus, let selected = scene.selection.tile else { return false }
    return selected.isSame(as: name)
  }

  private func reverse(_ rect: Rect, on picture: inout Picture) {
    for row in 0..<rect.height {
      for column in 0..<rect.width {
        picture.canvas[rect.row + row, rect.column + column].style.isReversed = true
      }
    }
  }
}

extension Rect {
  /// A rectangle inside, from a row and a column on; cut off at the right and at the bottom.
  func inner(row: Int, column: Int, width: Int, height: Int = .max) -> Rect {
    Rect(
      row: self.row + row, column: self.column + column, height: min(height, self.height - row),
      width: min(width, self.width - column))
  }
}

extension String {
  /// The ramp for the tiles of this name.
  func ramp(of moment: Moment) -> Ramp {
    moment.run.facts.names[.weights]?.contains(self) == true ? .weights : .signed
  }
}

extension RunFacts {
  /// The magnitude at the end of the ramp of the tiles called `name`: 1 for weights.
  func largest(of name: String, _ moment: Moment) -> Float {
    name.ramp(of: moment) == .weights ? 1 : largest[name] ?? 1
  }
}
