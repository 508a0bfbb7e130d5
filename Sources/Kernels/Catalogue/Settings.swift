// Translates a problem, a mapping and a device to the `Setting` for which a text is lowered.

import Machine
import Notation

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
    sizes.merge(
      ["N": problem.queries, "Nk": problem.keys, "d": problem.d, "dv": problem.dv]) { $1 }
    let tiles = { (mapping: Mapping) in
      var tiles = Dictionary(uniqueKeysWithValues: sizes.keys.map { ($0, mapping.depth) })
      (tiles["N"], tiles["Nk"]) = (mapping.rows, mapping.columns)
      return tiles
    }
    var setting = Setting(
      sizes: sizes, tiles: tiles(mapping), backwardTiles: tiles(back), mask: problem.mask,
      device: device)
    (setting.planes, setting.keyValuePlanes) = (problem.planes, problem.keyValuePlanes)
    (setting.heads, setting.type) = (problem.heads, problem.type)
    (setting.biasPlanes, setting.dropout) = (problem.bias?.planes, problem.dropout)
    (setting.scale, setting.softcap) = (problem.scale, problem.softcap)
    (setting.hasForward, setting.hasBackward) = (problem.hasForward, problem.hasBackward)
    (setting.groups, setting.backwardGroups) = (mapping.groups, back.groups)
    (setting.splits, setting.stages) = (mapping.splits, mapping.stages)
    let features: [(Feature, Bool)] = [
      (.dropout, problem.dropout != nil), (.bias, problem.bias != nil),
      (.softcap, problem.softcap != nil), (.mask, problem.maskRule != .none),
      (.released, mapping.isAsLaunched), (.printed, problem.computesDeltaInline),
    ]
    setting.features = Set(features.filter(\.1).map(\.0))
    return setting
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
