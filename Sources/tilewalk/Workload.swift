// From options to something that can be run: the problem, its inputs, their words, the device and
// the tiles. What the command line leaves open is filled in here.

import Kernels
import Lessons
import Machine
import Views

/// One problem with its data, ready for any kernel of its family.
struct Workload {
  var problem: Problem
  /// The data that was given; nil where a seed makes it.
  private var given: [String: Matrix]?
  private var seed: UInt64
  var tokens: [String] = []
  /// Where the inputs came from, in two words.
  var origin: String
  /// Leading extents of the outputs: [], [H] or [B, H].
  var leading: [Int] = []
  var device: Device
  var mapping: MappingOptions

  init(_ options: RunOptions, for kernel: any Kernel) throws {
    device = try DeviceLibrary.find(options.device.device).device
    mapping = options.mapping
    try options.refuseForeign(to: kernel)
    origin = options.origin
    seed = options.problem.seed ?? 1
    if kernel is any MatmulKernel {
      (problem, given) = try matmulWorkload(options)
      if !options.problem.isGiven, !options.data.isGiven, !options.mapping.isGiven {
        mapping.tile = 3
      }
    } else {
      let data = try AttentionData(options)
      problem = .attention(data.problem)
      (given, tokens, leading) = (data.inputs, data.tokens, data.leading)
    }
    try checkFormat(of: kernel)
    guard problem.elements < 0x1p50 else {
      throw Failure.usage("these sizes make matrices larger than any memory")
    }
  }

  /// Eight bits are for one kernel, forwards, on devices whose tensor cores take them.
  private func checkFormat(of kernel: any Kernel) throws {
    guard case .attention(let problem) = problem, problem.type == .fp8 else {
      if case .matmul(let problem) = problem, problem.type == .fp8 {
        throw Failure.usage("--dtype fp8 is for flash-attention-3")
      }
      return
    }
    guard kernel is FlashAttention3, problem.pass == .forward, device.tensorFlops[.fp8] != nil
    else {
      throw Failure.usage(
        "--dtype fp8 is for flash-attention-3, forwards, on a device whose tensor cores take it "
          + "(h100-sxm, h200)")
    }
  }

  /// The inputs by tensor name: as given, or made from the seed now.
  /// - Throws: if this computer could not hold a run with values.
  func inputs(for plans: [Plan]) throws -> [String: Matrix] {
    for plan in plans { try checkMemory(plan) }
    return given ?? problem.seededInputs(seed)
  }

  /// Every element in HBM is kept as four bytes, and more than once where it changes.
  private func checkMemory(_ plan: Plan) throws {
    let elements = plan.program.tensors.reduce(0.0) {
      $0 + Double($1.planes) * Double($1.rows) * Double($1.columns)
    }
    let steps = plan.problem.tileSteps(plan.mapping)
    let bytes = elements * 4 + checkpointBytes(plan, steps)
    guard bytes > 0x1p33 || steps > Self.mostSteps else { return }
    let reason =
      bytes > 0x1p33
      ? "hold \(Int((bytes / 1e9).rounded(.up))) GB of values"
      : "record \(Int(steps / 1e6)) million steps"
    throw Failure.usage(
      "\(plan.kernel.name) would \(reason) in this computer's memory; "
        + "run and compare take --timing-only, which keeps nothing")
  }

  /// What the checkpoints of a recording come to, roughly: every 48 events one, of some 36 events to a
  /// step, with a reference to every row of the tensors that a kernel writes.
  private func checkpointBytes(_ plan: Plan, _ steps: Double) -> Double {
    let rows = plan.program.tensors.filter { $0.role != .input }
      .reduce(0.0) { $0 + Double($1.planes) * Double($1.rows) }
    return steps * 36 / 48 * rows * 8
  }

  /// Refuses a run whose events alone this computer could not hold.
  func checkEvents(_ plan: Plan) throws {
    let steps = plan.problem.tileSteps(plan.mapping)
    guard steps > Self.mostSteps else { return }
    throw Failure.usage(
      "\(plan.kernel.name) would record \(Int(steps / 1e6)) million steps in this computer's "
        + "memory; run and compare take --timing-only, which keeps nothing")
  }

  /// Of one recording, products of tiles.
  private static let mostSteps = 0x1p22

  /// The plan for one kernel. What the command leaves open of the tiles is as its released
  /// implementation has it on the device; where there is none, the largest of the device's tile, its
  /// half, its quarter … that fits.
  func plan(for kernel: any Kernel) throws -> Plan {
    let mapping = try tiles()
    if let launched = try launchedTiles(kernel) { return try plan(kernel, launched) }
    guard !self.mapping.isGiven else { return try plan(kernel, mapping) }
    try checkBlock(kernel, mapping)
    var tile = device.defaultTile
    while tile > 1, !fits(kernel, tile) { tile /= 2 }
    return try plan(kernel, Mapping(tile: tile, stages: mapping.stages))
  }

  /// The released implementation's tiles, with what the command says instead.
  private func launchedTiles(_ kernel: any Kernel) throws -> Mapping? {
    guard case .attention(let problem) = problem, let kernel = kernel as? any AttentionKernel else {
      return nil
    }
    guard var tiles = kernel.launched(problem, on: device) else {
      guard mapping.splits == nil else {
        throw Failure.usage(
          "--splits is for flash-attention in fp16 or bf16 on a real device, see list devices")
      }
      return nil
    }
    tiles = tiles.with(
      rows: mapping.tileRows ?? mapping.tile, columns: mapping.tileCols ?? mapping.tile)
    if let splits = mapping.splits { tiles.splits = try count(splits, tiles, kernel, problem) }
    return tiles
  }

  /// `--splits N|auto`: the later build of flash-attention divides the rows of a head over blocks.
  private func count(
    _ splits: String, _ tiles: Mapping, _ kernel: any AttentionKernel, _ problem: AttentionProblem
  ) throws -> Int {
    guard kernel is FlashAttention else {
      throw Failure.usage("--splits is for flash-attention; \(kernel.name) does not take it")
    }
    if splits == "auto" { return FlashAttention.splits(problem, tiles, on: device) }
    guard let count = Int(splits), (1...1024).contains(count) else {
      throw Failure.usage("--splits \(visible(splits)): expected auto or a number from 1 to 1024")
    }
    return count
  }

  /// A block is recorded whole before it runs; refuses one that would take forever.
  private func checkBlock(_ kernel: any Kernel, _ mapping: Mapping) throws {
    // Where service is fair, long loops are folded.
    guard device.service == .whole else { return }
    let program = kernel.program(for: problem, mapping: mapping, device: device)
    let blocks = program?.launches.map(\.blocks).min() ?? 1
    let steps = problem.tileSteps(mapping) / Double(max(1, blocks))
    guard steps > 0x1p22 else { return }
    throw Failure.infeasible(
      "too many steps",
      "one block of \(kernel.name) would take \(Int(steps / 1e6)) million steps with tiles of "
        + "\(mapping.rows) × \(mapping.columns); larger tiles take fewer")
  }

  private func fits(_ kernel: any Kernel, _ tile: Int) -> Bool {
    let mapping = Mapping(tile: tile, stages: self.mapping.stages ?? 2)
    return (try? checkFit(kernel, problem, mapping, device)) != nil
  }

  private func tiles() throws -> Mapping {
    let edge = mapping.tile ?? device.defaultTile
    let sizes = [
      "--tile": mapping.tile, "--tile-rows": mapping.tileRows, "--tile-cols": mapping.tileCols,
      "--tile-depth": mapping.tileDepth,
    ]
    for (name, size) in sizes.sorted(by: { $0.key < $1.key }) {
      if let size { _ = try positive(size, name) }
    }
    let stages = mapping.stages ?? 2
    guard (1...2).contains(stages) else {
      throw Failure.usage("--stages \(stages): expected 1 or 2")
    }
    return Mapping(
      rows: mapping.tileRows ?? edge, columns: mapping.tileCols ?? edge,
      depth: mapping.tileDepth ?? edge, stages: stages)
  }

  private func plan(_ kernel: any Kernel, _ mapping: Mapping) throws -> Plan {
    try checkBlock(kernel, mapping)
    do { return try Plan(kernel, problem, mapping, device) } catch {
      throw Self.failure(error, mapping, device)
    }
  }

  private static func failure(_ error: PlanError, _ mapping: Mapping, _ device: Device) -> Failure {
    switch error {
    case .wrongFamily(let kernel):
      return .usage("\(kernel) is for another kind of problem than the kernel before it")
    case .stalled(let launch, let left):
      return Failure(code: 70, "launch \(launch) stopped with \(left) blocks left to run")
    case .outOfMemory(let needed, let available):
      return .infeasible(
        "out of memory",
        "out of memory: the tensors take \(bytesText(needed)) of HBM, \(device.name) has \(bytesText(available))"
      )
    case .doesNotFit(let error, let largest):
      let advice =
        largest.map { "the largest square tile that fits is --tile \($0)" }
        ?? "not even --tile 1 fits"
      return .infeasible(
        "does not fit",
        """
        tiles of \(mapping.rows) × \(mapping.columns) do not fit in SRAM: launch \
        \(error.launch) needs \(describe(error.needed)), one block on \(device.name) may own \
        \(describe(error.available)); \(advice)
        """)
    }
  }

  private static func describe(_ footprint: Footprint) -> String {
    footprint.registers == 0
      ? bytesText(footprint.shared)
      : "\(bytesText(footprint.shared)) of shared memory and \(bytesText(footprint.registers)) of registers"
  }
}

/// `value` if it is at least 1.
func positive(_ value: Int, _ name: String) throws -> Int {
  guard value >= 1 else { throw Failure.usage("\(name) \(value): expected at least 1") }
  guard value <= 1 << 24 else {
    throw Failure.usage("\(name) \(value): expected at most 16,777,216")
  }
  return value
}

/// A kernel by name.
func findKernel(_ name: String) throws -> any Kernel {
  if let kernel = Catalogue.kernel(named: name) { return kernel }
  let names = Catalogue.kernels.map(\.name)
  let guess = nearest(name, in: names).map { " (did you mean \($0)?)" } ?? ""
  throw Failure.usage(
    "unknown kernel “\(visible(name))”\(guess); there are \(names.joined(separator: ", "))")
}

/// A storage format by name; nil for nil.
func dataType(_ name: String?) throws -> DataType? {
  guard let name else { return nil }
  guard let type = DataType(rawValue: name), type != .uint8 else {
    throw Failure.usage("--dtype \(visible(name)): expected fp32, fp16, bf16 or fp8")
  }
  return type
}
