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
    // The scale is that of queries and keys; where there are none, of whatever stands there.
    let beside = figures.flatMap(\.parts).filter { $0.side != .top }
    let above = figures.flatMap(\.parts).filter { [.top, .cross].contains($0.side) }
    func smallest(
      _ parts: [FigurePart], _ isScale: (FigurePart) -> Bool, _ size: (FigurePart) -> Int
    )
      -> Int
    {
      (parts.filter(isScale).map(size).min() ?? parts.map(size).min()) ?? 1
    }
    let unit = (
      height: smallest(beside, { $0.tensor.rowAxis == .queries }, \.tileHeight),
      width: smallest(above, \.runsAlongKeys, \.tileWidth)
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
    let parts = figures.flatMap(\.parts)
    let tiles = (
      down: figures.map(\.rowsOfTiles).max() ?? 1,
      across: parts.filter { [.top, .cross].contains($0.side) }.map(\.tilesAcross).max() ?? 1
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
    shared(figure.parts(side), in: most[side] ?? .max)
  }

  /// The columns of the figure between what stands on the left and on the right: a place for matrices, which
  /// may be empty, and the places above it from the bottom row up.
  func columns(_ figure: Figure) -> [(matrices: [FigurePart], above: [[FigurePart]])] {
    let matrices = places(figure, .cross)
    var stacks = matrices.map { _ in [FigurePart]() }
    var alone: [FigurePart] = []
    for part in figure.parts(.top) {
      // What several columns could hold goes to the lowest of them.
      let columns = matrices.indices.filter { matrices[$0].contains(where: part.isAbove) }
      if let column = columns.min(by: { stacks[$0].count < stacks[$1].count }) {
        stacks[column].append(part)
      } else {
        alone.append(part)
      }
    }
    let rows = most[.top] ?? .max
    let own = shared(alone, in: most[.cross] ?? .max).map {
      (matrices: [FigurePart](), above: [$0])
    }
    return zip(matrices, stacks).map { (matrices: $0, above: shared($1, in: rows)) } + own
  }

  /// Parts dealt to at most `count` places.
  private func shared(_ parts: [FigurePart], in count: Int) -> [[FigurePart]] {
    let count = min(parts.count, count)
    return (0..<count).map { place in
      stride(from: place, to: parts.count, by: count).map { parts[$0] }
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
    guard part.side == .top else { return down.times(ratio(part.tileHeight, unit.height)) }
    // Across the top of an attention the depth of a part tells little.
    let isOne = part.isTransposed || part.tilesDown == 1
    return FigureAxis(cells: topDepth, tilesPerCell: isOne ? part.tilesDown : down.tilesPerCell)
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

  /// Columns that a column of the figure takes.
  func width(_ column: (matrices: [FigurePart], above: [[FigurePart]])) -> Int {
    ([column.matrices] + column.above).map(width).max() ?? 0
  }

  /// Rows of everything across the top.
  func topHeight(_ figure: Figure) -> Int {
    columns(figure).map { column in
      column.above.reduce(0) { $0 + ($1.map { down($0).length($0.tilesDown) }.max() ?? 0) }
    }.max() ?? 0
  }

  /// Rows of the matrices.
  func gridHeight(_ figure: Figure) -> Int {
    figure.parts.filter { $0.side != .top }.map { down($0).length($0.tilesDown) }.max() ?? 0
  }

  /// Columns and rows of a figure.
  func size(_ figure: Figure) -> (width: Int, height: Int) {
    let sides: [FigurePart.Side] = [.left, .right, .narrow]
    let width =
      sides.flatMap { places(figure, $0) }.reduce(0) { $0 + self.width($1) }
      + columns(figure).reduce(0) { $0 + self.width($1) }
    return (width, max(1, topHeight(figure)) + (hasNames ? 1 : 0) + gridHeight(figure))
  }

  private func fits(_ figures: [Figure], _ width: Int, _ height: Int) -> Bool {
    figures.allSatisfy { figure in
      let size = size(figure)
      return size.width <= width && size.height <= height
    }
  }
}
