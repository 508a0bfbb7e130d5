// The grid of a launch: which head and which tiles each block has, and which blocks have the same
// profile.

import Machine

/// What a block works on: a plane, a split of its rows, and tile indices.
struct BlockPlace {
  var plane: Int
  var split = 0
  /// The tile index of each grid variable, for the first warp group of the block. A launch has at
  /// most four grid variables.
  var indices = SIMD4<Int>()
  /// Warp groups of the block: the last block along the axis may have fewer than the others.
  var groups = 1
}

extension CompiledLaunch {
  /// Tiles along a variable's axis.
  func count(of variable: Int) -> Int { tileCount(extents[variable], tileSizes[variable]) }

  /// Blocks among which the query rows of a head are split.
  var splitCount: Int { hasOneBlockPerHead ? setting.splits : 1 }

  /// Iterations of all loops of a block together, if no loop skips any.
  var iterations: Double { iterations(steps) }

  private func iterations(_ steps: [Step]) -> Double {
    steps.reduce(0) { sum, step in
      switch step {
      case .loop(let plan, let body):
        let heads =
          plan.axis == .queries && isPerKeyValueHead
          ? setting.planes / max(1, setting.keyValuePlanes) : 1
        return sum + Double(count(of: plan.variable) * max(1, heads)) * (1 + iterations(body))
      case .groups(_, let body, _, _), .loopCarried(_, let body), .visit(_, let body),
        .by(_, let body):
        return sum + iterations(body)
      default: return sum
      }
    }
  }

  var planes: Int { isPerKeyValueHead ? setting.keyValuePlanes : setting.planes }

  var blocks: Int { planes * splitCount * grid.reduce(1, *) }

  /// Whether long loops may be sampled. Not where warp groups can drift apart, unless the costs are
  /// those of a released kernel.
  var maySampleLoops: Bool { !isGrouped || setting.features.contains(.released) }

  /// What block `block` of the grid works on.
  func place(of block: Int) -> BlockPlace {
    if hasOneBlockPerHead || blockVariables.isEmpty {
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

  /// What a block of warp groups works on: all heads of one tile follow each other. A launch with
  /// `the last first` starts with the last tiles, which have most work under a causal mask.
  private func groupedPlace(of block: Int) -> BlockPlace {
    let (number, plane) = block.quotientAndRemainder(dividingBy: max(1, planes))
    let index = hasReversedGrid ? grid[0] - 1 - number : number
    let first = index * groups
    let last = min(first + groups, count(of: blockVariables[0]))
    return BlockPlace(plane: plane, indices: SIMD4(first, 0, 0, 0), groups: last - first)
  }

  // MARK: Block profiles

  /// The block's profile: a number that blocks share if their ops differ only in the regions they
  /// name.
  func shape(of block: Int) -> Int {
    let tiles = shapeOfTiles(of: block)
    guard let partNumber else { return tiles }
    // Parts differ in length, and under a mask in what is visible.
    return tiles * count(of: blockVariables[partNumber]) + place(of: block).indices[partNumber]
  }

  private func shapeOfTiles(of block: Int) -> Int {
    // The fast path, for nearly all launches: a division or two gives the tile indices.
    if !isGrouped, !holdsWholeRows, setting.maskPlanes ?? 1 == 1 {
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
      guard end <= count(of: variable) else { return -1 - headProfile(place.plane) }
      return shape(variable, end - 1, place.plane)
    }
    guard !blockVariables.isEmpty else {
      return (looksAtMask ? headProfile(place.plane) : 0) * splitCount + splitProfile(place.split)
    }
    if holdsWholeRows, blockVariables.count == 1, !looksAtMask {
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
    guard masked.count == 1 else { return corner + headProfile(place.plane) << 8 }
    let index = masked[0]
    let others = corner & ~(1 << index)
    return shape(blockVariables[index], place.indices[index], place.plane) << 4 + others
  }

  /// The mask's coverage of the tile at the block's two grid variables, as a number.
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

  /// The profile of a row block, or a column block, of a head.
  private func shape(_ variable: Int, _ index: Int, _ plane: Int) -> Int {
    switch (setting.mask.rule, axes[variable]) {
    case (.none, _), (.padding, .queries), (_, .other), (_, .none):
      isShort(variable, index) ? 1 : 0
    case (.table(let table), _) where table.planes > 1: plane * count(of: variable) + index
    default: index
    }
  }

  private func headProfile(_ plane: Int) -> Int {
    if let planes = setting.maskPlanes, planes > 1 { return plane }
    return 0
  }

  /// The profile of split `split` of a head's query rows; split s of n has every nth row block from
  /// s on.
  private func splitProfile(_ split: Int) -> Int {
    guard splitCount > 1, let variable = axes.firstIndex(of: .queries) else { return 0 }
    guard setting.mask.rule == .none else { return split }
    let rows = count(of: variable)
    let isLonger = split < rows % splitCount
    let hasShort = isShort(variable, rows - 1) && (rows - 1) % splitCount == split
    return (isLonger ? 1 : 0) + (hasShort ? 2 : 0)
  }

  /// Whether a tile is the last of its axis and has fewer elements than the others.
  private func isShort(_ variable: Int, _ index: Int) -> Bool {
    index == count(of: variable) - 1 && !extents[variable].isMultiple(of: tileSizes[variable])
  }
}
