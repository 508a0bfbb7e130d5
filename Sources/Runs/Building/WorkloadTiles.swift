// Chooses the tile sizes of a run and makes its plan. Sizes that the request leaves open are those
// of the kernel's released implementation on the device, or the largest that fit.

import Kernels

extension Workload {
  /// The plan of one kernel on this workload.
  /// - Throws: `Refusal` where tiles or sizes are impossible on the device.
  package func plan(for kernel: Kernel) throws(Refusal) -> Plan {
    try plan(for: kernel, mapping(for: kernel))
  }

  /// The plan of one of several kernels: splits that only others of them take are not its.
  /// - Throws: as `plan(for:)`.
  package func plan(for kernel: Kernel, among kernels: [Kernel]) throws(Refusal) -> Plan {
    let isOfOthers = !takesSplits(kernel) && kernels.contains(where: takesSplits)
    return try (isOfOthers ? without(.splits) : self).plan(for: kernel)
  }

  /// Whether the keys, or in later builds of flash-attention the rows, of a head can be split among blocks.
  private func takesSplits(_ kernel: Kernel) -> Bool {
    guard case .attention(let problem) = problem else { return false }
    if kernel.text.splitsKeys { return true }
    return kernel.text.canSplitRows && kernel.launched(problem, on: device) != nil
  }

  /// The tile sizes for one kernel: as requested; else those of the kernel's released
  /// implementation on the device; else the largest of the device's default tile, its half, its
  /// quarter … that fits in SRAM.
  package func mapping(for kernel: Kernel) throws(Refusal) -> Mapping {
    try check(kernel)
    let kernel = kernel.with(request.own)
    let asked = try tiles()
    let problem = problem.laidOut(for: kernel)
    if let launched = try launchedTiles(kernel) { return launched }
    var mapping = asked
    if !request.setsTileSize {
      mapping = kernel.standardMapping(problem, on: device, stages: asked.stages)
    }
    if case .attention(let problem) = problem, kernel.text.splitsKeys {
      mapping.splits = try count(request.words[.splits] ?? "auto", mapping, kernel, problem)
    }
    return mapping
  }

  /// The plan with the tile sizes that `mapping(for:)` returned.
  package func plan(for kernel: Kernel, _ mapping: Mapping) throws(Refusal) -> Plan {
    let kernel = kernel.with(request.own)
    try checkBlock(kernel, mapping)
    var plan: Plan
    do { plan = try Plan(kernel, problem, mapping, device) } catch {
      throw Refusal(error, mapping, device)
    }
    plan.seed = request.seed ?? 1
    if let reason = plan.refusalOfMatrices { throw Refusal(nil, reason) }
    return plan
  }

  private func tiles() throws(Refusal) -> Mapping {
    let edge = try positive(.tile, device.defaultTile)
    let mapping = Mapping(
      rows: try positive(.tileRows, edge), columns: try positive(.tileColumns, edge),
      depth: try positive(.tileDepth, edge), stages: request.numbers[.stages] ?? 2)
    guard (1...2).contains(mapping.stages) else {
      throw Refusal(.stages, found: .number("\(mapping.stages)"), "expected 1 or 2")
    }
    return mapping
  }

  private func positive(_ option: RunOption, _ standard: Int) throws(Refusal) -> Int {
    try request.positive(option, standard)
  }

  /// The released implementation's tile sizes, overridden by those of the request; nil where there
  /// is no such implementation on the device.
  private func launchedTiles(_ kernel: Kernel) throws(Refusal) -> Mapping? {
    guard case .attention(let problem) = problem.laidOut(for: kernel) else { return nil }
    guard var tiles = kernel.launched(problem, on: device) else {
      guard request.words[.splits] == nil || takesSplits(kernel) else {
        throw Refusal(
          .splits,
          "is for flash-decoding, and for flash-attention in fp16 or bf16 on a real device, see list devices"
        )
      }
      return nil
    }
    let numbers = request.numbers
    tiles = tiles.with(
      rows: numbers[.tileRows] ?? numbers[.tile], columns: numbers[.tileColumns] ?? numbers[.tile])
    if let splits = request.words[.splits] ?? (kernel.text.splitsKeys ? "auto" : nil) {
      tiles.splits = try count(splits, tiles, kernel, problem)
      tiles.splitsKeys = splits != "1" && kernel.splitsKeysBackwards(problem, tiles, on: device)
    }
    return tiles
  }

  /// The value of `splits`, a number or `auto`. Later builds of flash-attention split the rows of a
  /// head among thread blocks when there are too few heads to fill the SMs, and kernels for few queries
  /// split the keys.
  private func count(
    _ splits: String, _ tiles: Mapping, _ kernel: Kernel, _ problem: AttentionProblem
  ) throws(Refusal) -> Int {
    let splitsKeys = kernel.text.splitsKeys
    guard takesSplits(kernel) else {
      throw Refusal(.splits, "is for flash-attention and flash-decoding, not for \(kernel.name)")
    }
    if splits == "auto" {
      return splitsKeys
        ? keySplits(problem, tiles, on: device) : kernel.splits(problem, tiles, on: device)
    }
    guard let count = Int(splits), (1...1024).contains(count) else {
      throw Refusal(
        .splits, found: .word(splits, candidates: []), "expected auto or a number from 1 to 1024")
    }
    return count
  }

  /// Refuses a plan whose thread blocks are too long: the ops of a block are all generated before
  /// it runs.
  private func checkBlock(_ kernel: Kernel, _ mapping: Mapping) throws(Refusal) {
    // Under processor sharing, long loops are sampled instead of simulated in full.
    guard device.queueDiscipline == .firstComeFirstServed else { return }
    let problem = problem.laidOut(for: kernel)
    let program = kernel.program(for: problem, mapping: mapping, device: device)
    let blocks = program?.launches.map(\.blocks).min() ?? 1
    let steps = problem.tileProducts(mapping) / Double(max(1, blocks))
    guard steps > 0x1p22 else { return }
    throw Refusal(kind: .infeasible("too many steps")) { _ in
      "one block of \(kernel.name) would take \(Int(steps / 1e6)) million steps with tiles of "
        + "\(mapping.rows) × \(mapping.columns); larger tiles take fewer"
    }
  }
}
