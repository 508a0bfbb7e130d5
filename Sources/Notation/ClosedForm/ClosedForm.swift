// The closed forms: what each tensor must move, from the formulas of a text and sizes alone. Nothing here
// looks at an op; that a recording's transfers equal these is the proof that a kernel is the paper's.

import Machine

/// The elements that one tensor moves, with the formula that says so.
package struct TensorTraffic: Sendable, Equatable {
  package var tensor: String
  package var type: DataType
  package var reads: Int
  package var writes: Int
  /// `Tc·N·d`; empty for no transfers.
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

  package var transfers: Transfers {
    Transfers(readBytes: reads * type.bytes, writeBytes: writes * type.bytes)
  }
}

extension KernelText {
  /// What each tensor moves in one setting, in the order of the launches; nil where the text states no
  /// closed form.
  package func traffic(for setting: Setting, _ lowered: Lowered) -> [TensorTraffic]? {
    guard !moves.isEmpty else { return nil }
    var sum = TrafficSum(kernel: self, setting: setting, lowered: lowered)
    sum.addMoves()
    sum.addOwn()
    return sum.traffic
  }

  /// Every size that a formula may name, beside those of a problem.
  func formulaSizes(_ setting: Setting, isBackward: Bool) -> [String: Int] {
    var sizes = setting.sizes
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

/// What all launches move together, tensor by tensor.
private struct TrafficSum {
  let kernel: KernelText
  let setting: Setting
  let lowered: Lowered
  private(set) var traffic: [TensorTraffic] = []
  private var parts: [String: (reads: [String], writes: [String])] = [:]

  init(kernel: KernelText, setting: Setting, lowered: Lowered) {
    (self.kernel, self.setting, self.lowered) = (kernel, setting, lowered)
  }

  // MARK: What the text states

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
    return (launch.body + (launch.otherwise ?? [])).all.contains { $0.tensor == tensor }
  }

  /// Whether a formula of its own holds for the tensor, where no row fits.
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

  /// `2·N·Nk` for a formula that holds twice.
  private func joined(_ formulas: [String]) -> String {
    var different: [String] = []
    for formula in formulas where !different.contains(formula) { different.append(formula) }
    return different.map { formula in
      let times = formulas.count { $0 == formula }
      let inner = formula.contains(" ") ? "(\(formula))" : formula
      return times == 1 ? formula : "\(times)·\(inner)"
    }.joined(separator: " + ")
  }

  // MARK: What the problem itself has in HBM

  /// A bias is read with every tile of scores, and once more for the slope of a cap; a mask table with the
  /// tiles that it decides.
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
    if setting.biasPlanes != nil { add("bias", reads: 0, nil, writes: 0, nil, type: setting.type) }
    if setting.hasMaskTable { add("mask", reads: 0, nil, writes: 0, nil, type: .uint8) }
  }

  func resolved(_ index: Int) -> ResolvedLaunch {
    let launch = kernel.launches(for: setting).first { $0.index == index }!
    return lowered.fallsBack.contains(index) ? launch.otherwise(setting) ?? launch : launch
  }
}

/// How the sizes of a formula count in one launch, for one tensor.
private struct Context {
  private let setting: Setting
  private let procedure: Procedure
  private let sizes: [String: Int]
  /// Edges of the tiles in which the tensor is visited.
  private let tiles: (rows: Int, columns: Int)
  /// It is loaded also where nobody sees anything.
  private let isAlwaysLoaded: Bool

  init(_ sum: TrafficSum, _ index: Int, _ number: Int, _ tensor: String) {
    setting = sum.setting
    procedure = sum.lowered.procedures[number]
    let isBackward = sum.kernel.launches[index].isBackward
    var sizes = sum.kernel.formulaSizes(setting, isBackward: isBackward)
    var tiles = (
      rows: setting.tile(AxisName.queries, isBackward: isBackward),
      columns: setting.tile(AxisName.keys, isBackward: isBackward)
    )
    // What all groups of a block share is visited in tiles of the whole block.
    if procedure.isGrouped, !tensor.isEmpty, !Self.isOfGroup(tensor, sum.resolved(index)),
      let variable = procedure.blockVariables.first
    {
      if procedure.axes[variable] == .queries { tiles.rows *= procedure.groups }
      if procedure.axes[variable] == .keys { tiles.columns *= procedure.groups }
    }
    if setting.sizes[AxisName.queries] != nil {
      sizes["Tr"] = tileCount(setting.mask.queries, tiles.rows)
      sizes["Tc"] = tileCount(setting.mask.keys, tiles.columns)
    }
    self.sizes = sizes
    self.tiles = tiles
    let number = sum.lowered.program.tensorIndex(tensor) ?? -1
    isAlwaysLoaded = procedure.steps.contains { $0.alwaysLoads(number) }
  }

  /// Whether each group touches a part of its own.
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
    VisitedTiles(setting, tiles: tiles, splits: procedure.splitCount)
  }

  /// In tiles of that shape: all of an axis where it is not cut.
  func visited(like type: TileType?) -> VisitedTiles {
    var tiles = tiles
    if let type {
      if type.rows.variable == nil { tiles.rows = max(1, setting.mask.queries) }
      if type.columns.variable == nil { tiles.columns = max(1, setting.mask.keys) }
      if procedure.isBand, let variable = procedure.blockVariables.first {
        tiles.rows = procedure.tileSizes[variable]
      }
    }
    return VisitedTiles(setting, tiles: tiles, splits: procedure.splitCount)
  }

  var wholeArea: Int { setting.planes * setting.mask.queries * setting.mask.keys }

  /// Elements that a formula stands for: of what is read, what is seen; of what is written, also rows that
  /// nobody sees, once.
  func value(_ formula: Formula, isWrite: Bool) -> Int {
    let visited = procedure.skipsTiles ? visited : nil
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
    let planes = isOfQueries ? setting.planes : procedure.planes
    if let visited {
      let unseen = setting.planes * setting.mask.queries - visited.distinctRows
      if take("Tc", "N") {
        count = visited.rows + (isWrite && procedure.unseen != nil ? unseen : 0)
      } else if take("Tr", "Nk") {
        count = visited.columns
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
          : procedure.isKeyed ? visited.sharedColumns : visited.distinctColumns
      } else {
        count = planes
      }
    } else {
      count = planes
    }
    return rest.reduce(count) { saturatingProduct($0, sizes[$1] ?? 0) }
  }
}

/// A product that stays below what bytes can be counted in.
private func saturatingProduct(_ a: Int, _ b: Int) -> Int {
  let (product, overflows) = a.multipliedReportingOverflow(by: b)
  let most = Int.max / 16
  return overflows ? most : max(-most, min(most, product))
}

extension Step {
  /// Outside loops, whatever the mask leaves.
  fileprivate func alwaysLoads(_ tensor: Int) -> Bool {
    switch self {
    case .load(_, let tile, _, _, let loops, _): tile.place.tensor == tensor && loops.isEmpty
    case .groups(_, let steps, _, _): steps.contains { $0.alwaysLoads(tensor) }
    default: false
    }
  }
}
