// The blocks of a launch: which heads and tiles each has, and which of them are alike.

import Machine

/// What a block works on.
struct BlockPlace {
  var plane: Int
  var split = 0
  /// Where the block's variables stand: at the first of its groups. A launch has four at most.
  var indices = SIMD4<Int>()
  /// Warp groups that it has: the last one of a grid may have fewer.
  var groups = 1
}

extension Procedure {
  /// Tiles along a variable's axis.
  func count(of variable: Int) -> Int { tileCount(extents[variable], tileSizes[variable]) }

  /// Parts into which the rows of a head are split.
  var splitCount: Int { isWholeHead ? setting.splits : 1 }

  /// Iterations of all loops of a block, if every loop makes all of its own.
  var iterations: Double { iterations(steps) }

  private func iterations(_ steps: [Step]) -> Double {
    steps.reduce(0) { sum, step in
      switch step {
      case .loop(let plan, let body):
        let heads =
          plan.axis == .queries && isKeyed ? setting.planes / max(1, setting.keyValuePlanes) : 1
        return sum + Double(count(of: plan.variable) * max(1, heads)) * (1 + iterations(body))
      case .groups(_, let body, _, _), .leftOver(_, let body), .visit(_, let body):
        return sum + iterations(body)
      default: return sum
      }
    }
  }

  var planes: Int { isKeyed ? setting.keyValuePlanes : setting.planes }

  var blocks: Int { planes * splitCount * grid.reduce(1, *) }

  /// Long loops may be measured and gone on with; not where warp groups drift.
  var mayFold: Bool { !isGrouped || setting.features.contains(.released) }

  func place(of block: Int) -> BlockPlace {
    if isWholeHead || blockVariables.isEmpty {
      let (split, plane) = block.quotientAndRemainder(dividingBy: max(1, planes))
      return BlockPlace(plane: plane, split: split)
    }
    if isGrouped { return groupedPlace(of: block) }
    var place = BlockPlace(plane: 0)
    var rest = block
    for number in stride(from: grid.count - 1, through: 0, by: -1) {
      let count = max(1, grid[number])
      place.indices[number] = rest % count
      rest /= count
    }
    place.plane = rest
    return place
  }

  /// The heads of one place follow each other; under a causal mask the last rows have most to do, so that
  /// a kernel may begin with them.
  private func groupedPlace(of block: Int) -> BlockPlace {
    let (number, plane) = block.quotientAndRemainder(dividingBy: max(1, planes))
    let index = isLastFirst ? grid[0] - 1 - number : number
    let first = index * groups
    let last = min(first + groups, count(of: blockVariables[0]))
    return BlockPlace(plane: plane, indices: SIMD4(first, 0, 0, 0), groups: last - first)
  }

  // MARK: Shapes

  /// A number that blocks share which differ in nothing but the places they name.
  func shape(of block: Int) -> Int {
    // Nearly all launches: a division in place of a walk through the grid.
    if !isGrouped, !isBand, setting.maskPlanes ?? 1 == 1 {
      if blockVariables.count == 1 {
        let (variable, index) = (blockVariables[0], block % max(1, grid[0]))
        return looksAtMask ? shape(variable, index, 0) << 4 : isShort(variable, index) ? 1 : 0
      }
      if blockVariables.count == 2, !looksAtMask {
        let (row, column) = (block / max(1, grid[1]) % max(1, grid[0]), block % max(1, grid[1]))
        return (isShort(blockVariables[0], row) ? 1 : 0)
          + (isShort(blockVariables[1], column) ? 2 : 0)
      }
    }
    let place = place(of: block)
    if isGrouped {
      let end = place.indices[0] + groups
      let variable = blockVariables[0]
      guard end <= count(of: variable) else { return -1 - headShape(place.plane) }
      return shape(variable, end - 1, place.plane)
    }
    guard !blockVariables.isEmpty else {
      return (looksAtMask ? headShape(place.plane) : 0) * splitCount + splitShape(place.split)
    }
    if isBand, blockVariables.count == 1, !looksAtMask {
      return place.indices[0] == grid[0] - 1 ? 1 : 0
    }
    var corner = 0
    for (number, variable) in blockVariables.enumerated()
    where isShort(variable, place.indices[number]) {
      corner += 1 << number
    }
    guard looksAtMask else { return corner }
    let masked = blockVariables.indices.filter { axes[blockVariables[$0]] != .other }
    if masked.count == 2 {
      guard setting.looksAtTiles || skipsTiles else { return corner }
      return coverage(at: place) << 8 + corner
    }
    guard masked.count == 1 else { return corner + headShape(place.plane) << 8 }
    let index = masked[0]
    let others = corner & ~(1 << index)
    return shape(blockVariables[index], place.indices[index], place.plane) << 4 + others
  }

  /// What a mask leaves of the tile at a block's two variables.
  private func coverage(at place: BlockPlace) -> Int {
    func range(_ axis: Axis) -> Range<Int> {
      let number = blockVariables.firstIndex { axes[$0] == axis } ?? 0
      let variable = blockVariables[number]
      return tileRange(
        place.indices[number], of: extents[variable], by: tileSizes[variable])
    }
    switch setting.mask.coverage(plane: place.plane, rows: range(.queries), columns: range(.keys)) {
    case .all: return 0
    case .some: return 1
    case .none: return 2
    }
  }

  /// Of the row blocks, or column blocks, of a head.
  private func shape(_ variable: Int, _ index: Int, _ plane: Int) -> Int {
    switch (setting.mask.rule, axes[variable]) {
    case (.none, _), (.padding, .queries), (_, .other), (_, .none):
      isShort(variable, index) ? 1 : 0
    case (.table(let table), _) where table.planes > 1: plane * count(of: variable) + index
    default: index
    }
  }

  private func headShape(_ plane: Int) -> Int {
    if let planes = setting.maskPlanes, planes > 1 { return plane }
    return 0
  }

  /// Of the parts into which a head's rows are split, of which each has every nth.
  private func splitShape(_ split: Int) -> Int {
    guard splitCount > 1, let variable = axes.firstIndex(of: .queries) else { return 0 }
    guard setting.mask.rule == .none else { return split }
    let rows = count(of: variable)
    let isLonger = split < rows % splitCount
    let hasShort = isShort(variable, rows - 1) && (rows - 1) % splitCount == split
    return (isLonger ? 1 : 0) + (hasShort ? 2 : 0)
  }

  /// The last tile of an axis may have less in it than the others.
  private func isShort(_ variable: Int, _ index: Int) -> Bool {
    index == count(of: variable) - 1 && !extents[variable].isMultiple(of: tileSizes[variable])
  }
}
