// Translates a problem, a mapping and a device to the `Setting` for which a text is lowered.

import Machine
import Notation
import Synchronization

extension Kernel {
  /// The setting of a run; nil for a problem of the other family.
  func setting(_ problem: Problem, _ mapping: Mapping, _ device: Device) -> Setting? {
    switch problem {
    case .attention(let problem): isMatmul ? nil : setting(problem, mapping, device)
    case .matmul(let problem): isMatmul ? setting(problem, mapping, device) : nil
    }
  }

  private func setting(
    _ problem: MatmulProblem, _ mapping: Mapping, _ device: Device
  ) -> Setting {
    var setting = Setting(
      sizes: text.ownSizes(default: problem.k).merging(
        ["m": problem.m, "n": problem.n, "k": problem.k]) { $1 },
      tiles: text.ownSizes(default: 1).mapValues { _ in mapping.depth }.merging(
        ["m": mapping.rows, "n": mapping.columns, "k": mapping.depth]) { $1 },
      mask: Mask(.none, queries: problem.m, keys: problem.n), device: device)
    setting.type = problem.type
    setting.stages = mapping.stages
    return setting
  }

  private func setting(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Setting {
    let mapping = mapping.ofGroups(of: self)
    let back = mapping.backwardMapping
    var sizes = text.ownSizes(default: problem.d)
    if mapping.isAsLaunched, let released {
      sizes.merge(
        released.ownSizes(problem, on: device).filter { !givenSizes.contains($0.key) }
      ) { $1 }
    }
    sizes.merge(
      [
        "N": problem.queries, "Nk": problem.keys, "d": problem.d, "dv": problem.dv,
        "splits": mapping.splits,
      ]) { $1 }
    for (axis, limit) in text.limits {
      sizes[axis] = max(1, min(sizes[axis] ?? 1, (sizes[limit.axis] ?? 1) / limit.parts))
    }
    sizes.merge(
      text.lengthsOfParts(sizes, tiles: ["N": mapping.rows, "Nk": mapping.columns])
    ) { $1 }
    let tiles = { (mapping: Mapping) in
      var tiles = sizes.mapValues { _ in mapping.depth }
      (tiles["N"], tiles["Nk"]) = (mapping.rows, mapping.columns)
      for axis in text.unitAxes { tiles[axis] = 1 }
      return tiles
    }
    let pattern = pattern(sizes, problem.mask)
    var mask = problem.mask
    if let pattern { mask.rule = .pattern(pattern) }
    var setting = Setting(
      sizes: sizes, tiles: tiles(mapping), backwardTiles: tiles(back), mask: mask, device: device)
    setting.choices = Set(choices.values)
    (setting.planes, setting.keyValuePlanes) = (problem.planes, problem.keyValuePlanes)
    (setting.heads, setting.type) = (problem.heads, problem.type)
    (setting.biasPlanes, setting.dropout) = (problem.bias?.planes, problem.dropout)
    (setting.scale, setting.softcap) = (problem.scale, problem.softcap)
    (setting.hasForward, setting.hasBackward) = (problem.hasForward, problem.hasBackward)
    (setting.groups, setting.backwardGroups) = (mapping.groups, back.groups)
    (setting.splits, setting.stages) = (mapping.splits, mapping.stages)
    let features: [(Feature, Bool)] = [
      (.dropout, problem.dropout != nil), (.bias, problem.bias != nil),
      (.softcap, problem.softcap != nil),
      (.mask, problem.maskRule != .none || pattern != nil && text.appliesMask),
      (.released, mapping.isAsLaunched), (.printed, problem.computesDeltaInline),
      (.split, mapping.isAsLaunched && mapping.splitsKeys),
    ]
    setting.features = Set(features.filter(\.1).map(\.0))
    return setting
  }
}

extension Kernel {
  /// Which key a query sees by the kernel's own definition; nil if it has none. The last few are kept, as one
  /// run asks several times.
  private func pattern(_ sizes: [String: Int], _ mask: Mask) -> PairPattern? {
    let matrix = sightMatrix
    let known = Self.patterns.withLock { $0 }
    let pattern = text.pattern(
      for: Set(choices.values), sizes: sizes, mask: mask, matrix: matrix
    ) { name in known.first { $0.pattern.name == name && $0.matrix == matrix }?.pattern }
    if let pattern, !known.contains(where: { $0.pattern === pattern }) {
      Self.patterns.withLock { $0 = $0.suffix(7) + [(matrix, pattern)] }
    }
    return pattern
  }

  private static let patterns = Mutex<[(matrix: Matrix?, pattern: PairPattern)]>([])

  /// The matrix that says which pairs are seen, in place of a choice; nil if none is given.
  private var sightMatrix: Matrix? {
    options.lazy.compactMap { option in
      if case .choice = option.meaning { matrices[option.name] } else { nil }
    }.first
  }
}

extension Problem {
  /// The problem as a kernel lays it out: with the heads of a group as rows, if the kernel packs them.
  package func laidOut(for kernel: Kernel) -> Problem {
    guard case .attention(let problem) = self, kernel.text.packsGroupedHeads else { return self }
    return .attention(problem.packingGroupedHeads)
  }
}

extension Mapping {
  /// The mapping with the rows of one warp group, for a kernel that divides its blocks. A block has
  /// the number of groups that kernel or mapping ask for, or the next smaller one that divides its
  /// rows evenly.
  func ofGroups(of kernel: Kernel) -> Mapping {
    guard let least = kernel.text.groups else { return self }
    var mapping = self
    mapping.groups = (1...max(least, groups)).last { rows.isMultiple(of: $0) } ?? 1
    mapping.rows = rows / mapping.groups
    return mapping
  }
}
