// The geometry of the figure, common to all runs on the screen: one scale, and the same places. Of the
// sizes that fit, the largest is taken; where nothing fits, parts share a place, and at last several tiles
// share a cell.

import Machine
import Moments

/// Cells of a tile along one direction.
struct FigureAxis {
  /// Cells of a tile.
  var cells: Int
  /// Cells behind a tile, for its glyph.
  var gutter = 0
  /// Tiles that share a cell; more than 1 only where a tile has one cell and no gutter.
  var tilesPerCell = 1

  /// Cells that `tiles` tiles take, the last gutter included.
  func length(_ tiles: Int) -> Int {
    tilesPerCell > 1 ? tileCount(tiles, tilesPerCell) : tiles * (cells + gutter)
  }

  /// Number of places that `tiles` tiles take: one for each tile, or for each group of tiles.
  func places(_ tiles: Int) -> Int { tileCount(tiles, tilesPerCell) }

  /// The tiles at place `place` of `tiles`.
  func tiles(at place: Int, of tiles: Int) -> Range<Int> {
    place * tilesPerCell..<min(tiles, (place + 1) * tilesPerCell)
  }

  /// The axis for tiles that are `ratio` times as large.
  func times(_ ratio: Int) -> FigureAxis {
    FigureAxis(
      cells: cells * ratio + gutter * (ratio - 1), gutter: gutter, tilesPerCell: tilesPerCell)
  }
}

/// How the figures of all runs are drawn.
struct FigureLayout {
  /// Scale down the queries, across the keys, and of the top's depth, for the smallest tiles of any run.
  var down: FigureAxis
  var across: FigureAxis
  var topDepth: Int
  /// The most places on each side; parts beyond share them.
  var most: [FigurePart.Side: Int]
  /// True if a row of names stands above the matrices.
  var hasNames: Bool
  /// Columns before a part, for its name where no row of names stands above it.
  let margin: Int
  /// The smallest tiles of any run, in elements.
  private let unit: (height: Int, width: Int)

  /// The layout for `figures` in columns of `width` × `height` cells.
  init(_ figures: [Figure], width: Int, height: Int) {
    let cross = figures.flatMap { $0.parts(.cross) }
    let unit = (
      height: max(1, cross.map(\.tileHeight).min() ?? 1),
      width: max(1, cross.map(\.tileWidth).min() ?? 1)
    )
    let longest = figures.flatMap(\.parts).filter { $0.side != .narrow }.map(\.tensor.name.count)
    let margin = min(2, longest.max() ?? 1)
    self.init(unit: unit, margin: margin, FigureAxis(cells: 1), FigureAxis(cells: 1))
    for candidate in candidates(figures, width: width, height: height)
    where candidate.fits(figures, width, height) {
      self = candidate
      return
    }
    // Several tiles share a cell.
    most = Self.sharing[1]
    let tiles = figures.flatMap(\.parts).map { max($0.tilesAcross, $0.tilesDown) }.max() ?? 1
    while figures.contains(where: { size($0).width > width }), across.tilesPerCell < tiles {
      across.tilesPerCell += 1
    }
    while figures.contains(where: { size($0).height > height }), down.tilesPerCell < tiles {
      down.tilesPerCell += 1
    }
  }

  private init(
    unit: (height: Int, width: Int), margin: Int, _ down: FigureAxis, _ across: FigureAxis
  ) {
    (self.unit, self.margin, self.down, self.across) = (unit, margin, down, across)
    (topDepth, most, hasNames) = (1, [:], false)
  }

  /// How many places there are at most on each side, from all to few.
  private static let sharing: [[FigurePart.Side: Int]] = [
    [:], [.cross: 2, .left: 1, .right: 1, .top: 1, .narrow: 3],
  ]

  /// All layouts with a cell or more for each tile, the best first.
  private func candidates(_ figures: [Figure], width: Int, height: Int) -> [FigureLayout] {
    let matrices = figures.flatMap { $0.parts(.cross) }
    let tiles = (
      down: matrices.map(\.tilesDown).max() ?? 1, across: matrices.map(\.tilesAcross).max() ?? 1
    )
    var all: [FigureLayout] = []
    for most in Self.sharing {
      for rows in stride(from: 8, through: 1, by: -1) where rows * tiles.down < height {
        for columns in stride(from: 4 * rows, through: max(2, rows), by: -1)
        where (columns + 1) * tiles.across < width {
          for hasNames in [true, false] {
            var layout = FigureLayout(
              unit: unit, margin: margin, FigureAxis(cells: rows),
              FigureAxis(cells: columns, gutter: 1))
            (layout.most, layout.hasNames) = (most, hasNames)
            layout.topDepth = max(1, rows / 2)
            all.append(layout)
          }
        }
      }
    }
    for most in Self.sharing.dropFirst() {
      for gutter in [1, 0] {
        var layout = FigureLayout(
          unit: unit, margin: margin, FigureAxis(cells: 1), FigureAxis(cells: 1, gutter: gutter))
        layout.most = most
        all.append(layout)
      }
    }
    return all
  }

  // MARK: Places

  /// The places on a side: which parts share each.
  func places(_ figure: Figure, _ side: FigurePart.Side) -> [[FigurePart]] {
    let parts = figure.parts(side)
    let count = min(parts.count, most[side] ?? parts.count)
    guard count > 0 else { return [] }
    return (0..<count).map { place in
      stride(from: place, to: parts.count, by: count).map { parts[$0] }
    }
  }

  /// The parts across the top: a list for each matrix that they stand above, from the bottom row up, each
  /// place with the parts that share it.
  func top(_ figure: Figure) -> [[[FigurePart]]] {
    let parts = figure.parts(.top)
    let columns = max(1, places(figure, .cross).count)
    let rows = min(tileCount(parts.count, columns), most[.top] ?? .max)
    return (0..<columns).map { column in
      let own = stride(from: column, to: parts.count, by: columns).map { parts[$0] }
      guard rows > 0 else { return [] }
      return (0..<rows).compactMap { row in
        let shared = stride(from: row, to: own.count, by: rows).map { own[$0] }
        return shared.isEmpty ? nil : shared
      }
    }
  }

  /// The axis across for a part.
  func across(_ part: FigurePart) -> FigureAxis {
    switch part.side {
    case .narrow: FigureAxis(cells: 1, gutter: across.gutter, tilesPerCell: 1)
    case .left, .right:
      FigureAxis(
        cells: across.cells, gutter: across.gutter,
        tilesPerCell: part.tilesAcross > 1 ? across.tilesPerCell : 1)
    case .top, .cross: across.times(ratio(part.tileWidth, unit.width))
    }
  }

  /// The axis down for a part.
  func down(_ part: FigurePart) -> FigureAxis {
    part.side == .top
      ? FigureAxis(cells: topDepth, tilesPerCell: part.tilesDown > 1 ? down.tilesPerCell : 1)
      : down.times(ratio(part.tileHeight, unit.height))
  }

  private func ratio(_ size: Int, _ unit: Int) -> Int { max(1, (size + unit / 2) / unit) }

  /// Columns that a place takes, its name included.
  func width(_ place: [FigurePart]) -> Int {
    place.map { part in
      let width = across(part).length(part.tilesAcross) + (part.side == .narrow ? 0 : margin)
      // Above what stands on the left is the word HBM.
      return part.side == .left ? max(4, width) : width
    }.max() ?? 0
  }

  /// Rows of everything across the top.
  func topHeight(_ figure: Figure) -> Int {
    top(figure).map { stack in
      stack.reduce(0) { $0 + ($1.map { down($0).length($0.tilesDown) }.max() ?? 0) }
    }.max() ?? 0
  }

  /// Rows of the matrices.
  func gridHeight(_ figure: Figure) -> Int {
    figure.parts.filter { $0.side != .top }.map { down($0).length($0.tilesDown) }.max() ?? 0
  }

  /// Columns and rows of a figure.
  func size(_ figure: Figure) -> (width: Int, height: Int) {
    let sides: [FigurePart.Side] = [.left, .cross, .right, .narrow]
    let width = sides.flatMap { places(figure, $0) }.reduce(0) { $0 + self.width($1) }
    return (width, max(1, topHeight(figure)) + (hasNames ? 1 : 0) + gridHeight(figure))
  }

  private func fits(_ figures: [Figure], _ width: Int, _ height: Int) -> Bool {
    figures.allSatisfy { figure in
      let size = size(figure)
      return size.width <= width && size.height <= height
    }
  }
}
