// Closed forms of HBM traffic: what each tensor must move, from the text's formulas and sizes
// alone. No op is counted here, so that equal traffic in a recording proves that the kernel moves
// what its paper says.

import Machine

/// The HBM traffic of one tensor by its closed form, in elements, with the formulas.
package struct TensorTraffic: Sendable, Equatable {
  package var tensor: String
  package var type: DataType
  package var reads: Int
  package var writes: Int
  /// The formula of the reads, as `Tc·N·d`; empty for none. That of the writes likewise.
  package var readFormula: String
  package var writeFormula: String

  package init(
    _ tensor: String, _ type: DataType, reads: Int = 0, _ readFormula: String = "",
    writes: Int = 0, _ writeFormula: String = ""
  ) {
    self.tensor = tensor
    self.type = type
    self.reads = reads
    self.writes = writes
    self.readFormula = readFormula
    self.writeFormula = writeFormula
  }

  /// The traffic in bytes.
  package var transfers: Transfers {
    Transfers(readBytes: reads * type.bytes, writeBytes: writes * type.bytes)
  }
}

extension KernelText {
  /// The traffic of each tensor in one setting by the closed forms, in the order of the launches;
  /// nil if the text states none.
  package func traffic(for setting: Setting, _ lowered: Lowered) -> [TensorTraffic]? {
    guard !moves.isEmpty else { return nil }
    var sum = TrafficSum(kernel: self, setting: setting, lowered: lowered)
    sum.addMoves()
    sum.addOwn()
    sum.addUntouched()
    return sum.traffic
  }

  /// The value of every size that a formula may name: axes, tile sizes, numbers of tiles, splits.
  func formulaSizes(_ setting: Setting, isBackward: Bool) -> [String: Int] {
    var sizes = setting.sizes
    for axis in axes where axis.contains("/") { sizes["⌈\(axis)⌉"] = setting.sizes[axis] }
    for tile in tiles {
      let edge = setting.tile(tile.axis, isBackward: isBackward)
      sizes[tile.name] = edge
      sizes["⌈\(tile.axis)/\(tile.name)⌉"] = tileCount(setting.sizes[tile.axis] ?? 0, edge)
    }
    for (name, axis) in [("Tr", AxisName.queries), ("Tc", AxisName.keys)] where isCut(axis) {
      sizes[name] = tileCount(
        setting.sizes[axis] ?? 0, setting.tile(axis, isBackward: isBackward))
    }
    sizes["splits"] = setting.splits
    return sizes
  }
}

/// Adds up the traffic of all launches, tensor by tensor.
private struct TrafficSum {
  let kernel: KernelText
  let setting: Setting
  let lowered: Lowered
  private(set) var traffic: [TensorTraffic] = []
  private var parts: [String: (reads: [String], writes: [String])] = [:]

  init(kernel: KernelText, setting: Setting, lowered: Lowered) {
    (self.kernel, self.setting, self.lowered) = (kernel, setting, lowered)
  }

  // MARK: Formulas of the text

  mutating func addMoves() {
    for (launches, isOtherwise, move) in kernel.moves where setting.holds(move.condition) {
      guard
        let number = lowered.numbers.firstIndex(where: {
          launches.contains($0) && touches($0, move.tensor)
        })
      else { continue }
      let index = lowered.numbers[number]
      if isOtherwise != fallsBack(index, move.tensor) { continue }
      let place = Context(self, index, number, move.tensor)
      add(
        move.tensor, reads: move.reads.map { place.value($0, isWrite: false) } ?? 0,
        move.reads.map(shown), writes: move.writes.map { place.value($0, isWrite: true) } ?? 0,
        move.writes.map(shown))
    }
  }

  private func touches(_ index: Int, _ tensor: String) -> Bool {
    let launch = kernel.launches[index]
    return (launch.body + (launch.fallbackBody ?? [])).all.contains { $0.tensor == tensor }
  }

  /// Whether the launch runs its second body (no row fits) and the text has a formula for that
  /// case.
  private func fallsBack(_ index: Int, _ tensor: String) -> Bool {
    lowered.fallsBack.contains(index)
      && kernel.moves.contains {
        $0.isOtherwise && $0.launches.contains(index) && $0.move.tensor == tensor
      }
  }

  private func shown(_ formula: Formula) -> String {
    setting.splits == 1 ? formula.text.replacing("splits·", with: "") : formula.text
  }

  private mutating func add(
    _ tensor: String, reads: Int, _ readFormula: String?, writes: Int, _ writeFormula: String?,
    type: DataType? = nil
  ) {
    let found = lowered.program.tensors.first { $0.name == tensor }
    guard let type = type ?? found?.type else { return }
    let index =
      traffic.firstIndex { $0.tensor == tensor }
      ?? {
        traffic.append(TensorTraffic(tensor, type))
        return traffic.count - 1
      }()
    traffic[index].reads += reads
    traffic[index].writes += writes
    if let readFormula { parts[tensor, default: ([], [])].reads.append(readFormula) }
    if let writeFormula { parts[tensor, default: ([], [])].writes.append(writeFormula) }
    traffic[index].readFormula = joined(parts[tensor]?.reads ?? [])
    traffic[index].writeFormula = joined(parts[tensor]?.writes ?? [])
  }

  /// The sum of the formulas as text; a formula that occurs twice is written once: `2·N·Nk`.
  private func joined(_ formulas: [String]) -> String {
    var different: [String] = []
    for formula in formulas where !different.contains(formula) { different.append(formula) }
    return different.map { formula in
      let times = formulas.count { $0 == formula }
      let inner = formula.contains(" ") ? "(\(formula))" : formula
      return times == 1 ? formula : "\(times)·\(inner)"
    }.joined(separator: " + ")
  }

  // MARK: Bias and mask table

  /// Adds bias and mask table. The bias is read for every tile of scores, and once more for the
  /// gradient of a softcap; the mask table for every tile that is not wholly visible.
  mutating func addOwn() {
    for (number, index) in lowered.numbers.enumerated() {
      let launch = resolved(index)
      let masks = launch.body.all.filter {
        guard case .assign(_, let term, _) = $0.kind else { return false }
        return term.calls("mask")
      }
      let context = Context(self, index, number, "")
      if setting.biasPlanes != nil {
        let times = launch.biasReads(hasSoftcap: setting.softcap != nil)
        let area = launch.skipsTiles ? context.visited.area : context.wholeArea
        for _ in 0..<times { add("bias", reads: area, "N·Nk", writes: 0, nil, type: setting.type) }
      }
      if setting.hasMaskTable {
        for statement in masks {
          guard case .assign(let name, _, let modifiers) = statement.kind else { continue }
          let isWhole = modifiers.contains(.everyElement)
          let visited = context.visited(like: (try? TileTypes(kernel, launch))?.types[name])
          let hidden = launch.skipsTiles ? 0 : context.wholeArea - visited.area
          add(
            "mask", reads: isWhole ? context.wholeArea : visited.mixedArea + hidden,
            isWhole ? "N·Nk" : "mixed tiles", writes: 0, nil, type: .uint8)
        }
      }
    }
  }

  /// Adds the tensors that no line of a launch of the pass names.
  mutating func addUntouched() {
    for tensor in lowered.program.tensors where tensor.role != .statistic {
      if lowered.numbers.contains(where: { touches($0, tensor.name) }) { continue }
      add(tensor.name, reads: 0, nil, writes: 0, nil, type: tensor.type)
    }
  }

  func resolved(_ index: Int) -> ResolvedLaunch {
    let launch = kernel.launches(for: setting).first { $0.index == index }!
    return lowered.fallsBack.contains(index) ? launch.fallbackBody(setting) ?? launch : launch
  }
}

/// Evaluates formulas for one launch and one tensor. If the launch skips hidden tiles, products as
/// Tc·N count visited tiles only.
private struct Context {
  private let setting: Setting
  private let compiledLaunch: CompiledLaunch
  private let sizes: [String: Int]
  /// Sizes in elements of the tiles in which the tensor is visited.
  private let tiles: (rows: Int, columns: Int)
  /// The tensor is loaded even for rows that the mask hides entirely.
  private let isAlwaysLoaded: Bool

  init(_ sum: TrafficSum, _ index: Int, _ number: Int, _ tensor: String) {
    setting = sum.setting
    compiledLaunch = sum.lowered.compiledLaunches[number]
    let isBackward = sum.kernel.launches[index].isBackward
    var sizes = sum.kernel.formulaSizes(setting, isBackward: isBackward)
    var tiles = (
      rows: setting.tile(AxisName.queries, isBackward: isBackward),
      columns: setting.tile(AxisName.keys, isBackward: isBackward)
    )
    // A tensor that all warp groups of a block share is visited in tiles of the whole block.
    if compiledLaunch.isGrouped, !tensor.isEmpty, !Self.isOfGroup(tensor, sum.resolved(index)),
      let variable = compiledLaunch.blockVariables.first
    {
      if compiledLaunch.axes[variable] == .queries { tiles.rows *= compiledLaunch.groups }
      if compiledLaunch.axes[variable] == .keys { tiles.columns *= compiledLaunch.groups }
    }
    if setting.sizes[AxisName.queries] != nil {
      sizes["Tr"] = tileCount(setting.mask.queries, tiles.rows)
      sizes["Tc"] = tileCount(setting.mask.keys, tiles.columns)
    }
    self.sizes = sizes
    self.tiles = tiles
    let number = sum.lowered.program.tensorIndex(tensor) ?? -1
    isAlwaysLoaded = compiledLaunch.steps.contains { $0.alwaysLoads(number) }
  }

  /// Whether each warp group transfers a part of its own.
  private static func isOfGroup(_ tensor: String, _ launch: ResolvedLaunch) -> Bool {
    let own = launch.text.axes.first?.variable
    func isOwn(_ statements: [Statement], inGroup: Bool) -> Bool {
      statements.contains { statement in
        if statement.tensor == tensor {
          switch statement.kind {
          case .load(_, let reference, _, _), .store(let reference, _), .add(let reference, _):
            return inGroup || reference.indices.contains(own)
          default: break
          }
        }
        if case .groups(_, let body) = statement.kind { return isOwn(body, inGroup: true) }
        return isOwn(statement.body, inGroup: inGroup)
      }
    }
    return isOwn(launch.body, inGroup: false)
  }

  var visited: VisitedTiles {
    VisitedTiles(setting, tiles: tiles, splits: compiledLaunch.splitCount)
  }

  /// The visited tiles, if tiles have this shape: a side without a variable covers the whole axis.
  func visited(like type: TileType?) -> VisitedTiles {
    var tiles = tiles
    if let type {
      if type.rows.variable == nil { tiles.rows = max(1, setting.mask.queries) }
      if type.columns.variable == nil { tiles.columns = max(1, setting.mask.keys) }
      if compiledLaunch.holdsWholeRows, let variable = compiledLaunch.blockVariables.first {
        tiles.rows = compiledLaunch.tileSizes[variable]
      }
    }
    return VisitedTiles(setting, tiles: tiles, splits: compiledLaunch.splitCount)
  }

  var wholeArea: Int { setting.planes * setting.mask.queries * setting.mask.keys }

  /// The number of elements by a formula. Reads count visible rows; writes count hidden rows as
  /// well, once.
  func value(_ formula: Formula, isWrite: Bool) -> Int {
    let visited = compiledLaunch.skipsTiles ? visited : nil
    return formula.terms.reduce(0) { sum, term in
      let (total, overflows) = sum.addingReportingOverflow(
        saturatingProduct(term.value, value(term.key.sizes, visited, isWrite: isWrite)))
      return overflows ? Int.max / 16 : total
    }
  }

  private func value(_ names: [String], _ visited: VisitedTiles?, isWrite: Bool) -> Int {
    var rest = names
    func take(_ names: String...) -> Bool {
      guard names.allSatisfy(rest.contains) else { return false }
      for name in names { rest.remove(at: rest.firstIndex(of: name)!) }
      return true
    }
    var count = 0
    let isOfQueries = names.contains("N") || names.contains("Tr")
    let planes = isOfQueries ? setting.planes : compiledLaunch.planes
    if let visited {
      let unseen = setting.planes * setting.mask.queries - visited.distinctRows
      if take("Tc", "N") {
        count = visited.rows + (isWrite && compiledLaunch.unseen != nil ? unseen : 0)
      } else if take("Tr", "Nk") {
        count = visited.columns
      } else if take("Tr", "Tc") {
        count = visited.count
      } else if take("N", "Nk") {
        count = visited.area
      } else if take("N") {
        let isWhole = isWrite || isAlwaysLoaded
        count = isWhole ? setting.planes * setting.mask.queries : visited.distinctRows
      } else if take("splits", "Nk") {
        count = visited.splitColumns
      } else if take("Nk") {
        count =
          isWrite
          ? planes * setting.mask.keys
          : compiledLaunch.isPerKeyValueHead ? visited.sharedColumns : visited.distinctColumns
      } else {
        count = planes
      }
    } else {
      count = planes
    }
    return rest.reduce(count) { saturatingProduct($0, sizes[$1] ?? 0) }
  }
}

/// The product, limited to Int.max / 16 in size, so that the bytes of that many elements cannot
/// overflow.
private func saturatingProduct(_ a: Int, _ b: Int) -> Int {
  let (product, overflows) = a.multipliedReportingOverflow(by: b)
  let most = Int.max / 16
  return overflows ? most : max(-most, min(most, product))
}

extension Step {
  /// Whether it loads the tensor outside all loops, whatever the mask hides.
  fileprivate func alwaysLoads(_ tensor: Int) -> Bool {
    switch self {
    case .load(_, let tile, _, _, _, let loops, _): tile.place.tensor == tensor && loops.isEmpty
    case .groups(_, let steps, _, _), .by(_, let steps): steps.contains { $0.alwaysLoads(tensor) }
    default: false
    }
  }
}
