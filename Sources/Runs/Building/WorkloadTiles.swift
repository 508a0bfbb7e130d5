// The tiles of a run, and the plan: as asked for, and what is left open as the released kernel has it on
// the device.

import Kernels
import Machine
import Notation

extension Workload {
  /// The plan for one kernel.
  package func plan(for kernel: Kernel) throws(Refusal) -> Plan {
    try plan(for: kernel, mapping(for: kernel))
  }

  /// What the request leaves open of the tiles is as the kernel's released implementation has it on the
  /// device; where there is none, the largest of the device's tile, its half, its quarter … that fits.
  package func mapping(for kernel: Kernel) throws(Refusal) -> Mapping {
    try check(kernel)
    let asked = try tiles()
    if let launched = try launchedTiles(kernel) { return launched }
    guard !request.hasTiles else { return asked }
    var tile = device.defaultTile
    while tile > 1, !fits(kernel, problem, Mapping(tile: tile, stages: asked.stages), device) {
      tile /= 2
    }
    return Mapping(tile: tile, stages: asked.stages)
  }

  /// The plan with tiles that `mapping(for:)` has found.
  package func plan(for kernel: Kernel, _ mapping: Mapping) throws(Refusal) -> Plan {
    try checkBlock(kernel, mapping)
    do { return try Plan(kernel, problem, mapping, device) } catch {
      throw Refusal(error, mapping, device)
    }
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

  /// The released implementation's tiles, with what the request says instead.
  private func launchedTiles(_ kernel: Kernel) throws(Refusal) -> Mapping? {
    guard case .attention(let problem) = problem else {
      return nil
    }
    guard var tiles = kernel.launched(problem, on: device) else {
      guard request.words[.splits] == nil else {
        throw Refusal(
          .splits, "is for flash-attention in fp16 or bf16 on a real device, see list devices")
      }
      return nil
    }
    let numbers = request.numbers
    tiles = tiles.with(
      rows: numbers[.tileRows] ?? numbers[.tile], columns: numbers[.tileColumns] ?? numbers[.tile])
    if let splits = request.words[.splits] {
      tiles.splits = try count(splits, tiles, kernel, problem)
    }
    return tiles
  }

  /// `auto` or a number: the later build of flash-attention divides the rows of a head over blocks.
  private func count(
    _ splits: String, _ tiles: Mapping, _ kernel: Kernel, _ problem: AttentionProblem
  ) throws(Refusal) -> Int {
    guard kernel.text.canSplitRows, kernel.original != nil else {
      throw Refusal(.splits, "is for flash-attention; \(kernel.name) does not take it")
    }
    if splits == "auto" { return kernel.splits(problem, tiles, on: device) }
    guard let count = Int(splits), (1...1024).contains(count) else {
      throw Refusal(
        .splits, found: .word(splits, candidates: []), "expected auto or a number from 1 to 1024")
    }
    return count
  }

  /// A block is recorded whole before it runs; refuses one that would take forever.
  private func checkBlock(_ kernel: Kernel, _ mapping: Mapping) throws(Refusal) {
    // Where service is fair, long loops are folded.
    guard device.queueDiscipline == .firstComeFirstServed else { return }
    let program = kernel.program(for: problem, mapping: mapping, device: device)
    let blocks = program?.launches.map(\.blocks).min() ?? 1
    let steps = problem.tileSteps(mapping) / Double(max(1, blocks))
    guard steps > 0x1p22 else { return }
    throw Refusal(kind: .infeasible("too many steps")) { _ in
      "one block of \(kernel.name) would take \(Int(steps / 1e6)) million steps with tiles of "
        + "\(mapping.rows) × \(mapping.columns); larger tiles take fewer"
    }
  }
}
