// The four independent inputs brought together: a kernel runs a problem on a mapping on a device.

import Machine
import Notation

/// A plan for a run, checked and ready to simulate.
public struct Plan: Sendable {
  public let kernel: Kernel
  public let problem: Problem
  public let mapping: Mapping
  public let device: Device
  public let program: Program
  /// How many of the program's launches are the forward pass: the first ones.
  public let forwardLaunches: Int
  /// Of all loops of the block that has most, if every loop makes all of its iterations.
  let iterations: Double
  private let lowered: Lowered

  /// - Throws: `PlanError` if the kernel is of the other family, its tensors do not fit in HBM or
  ///   its tiles not in SRAM.
  public init(_ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device)
    throws(PlanError)
  {
    let lowered: Lowered?
    do { lowered = try kernel.lowered(problem, mapping, device) } catch {
      throw .wrongText(kernel: kernel.name, error)
    }
    guard let lowered else { throw .wrongFamily(kernel: kernel.name) }
    let program = lowered.program
    self.lowered = lowered
    self.kernel = kernel
    self.problem = problem
    self.mapping = mapping
    self.device = device
    self.program = program
    forwardLaunches = lowered.forwardLaunches
    let size = lowered.size
    iterations = size.iterations
    let mostBlocks = device.service == .whole ? Self.mostSteps : Self.mostBlocks
    guard size.iterations <= Self.mostDifferentSteps, size.blocks <= mostBlocks else {
      let isBlocks = size.blocks > mostBlocks
      throw .tooLong(
        steps: isBlocks ? size.blocks : size.iterations,
        most: isBlocks ? mostBlocks : Self.mostDifferentSteps)
    }
    guard peakMemoryBytes <= device.hbmBytes else {
      throw .outOfMemory(needed: peakMemoryBytes, available: device.hbmBytes)
    }
    let cycles = device.longestRun(of: problem, mapping)
    guard cycles <= Device.mostCycles else { throw .endless(cycles: cycles) }
    do {
      // Blocks that a mask does not change are of a few shapes: they are looked at as they are.
      if lowered.maskMayChangeBlocks {
        try checkFit(kernel, problem, mapping, device)
      } else {
        try program.checkFit(on: device)
      }
    } catch {
      throw .doesNotFit(
        error, largestTile: largestFittingTile(kernel, problem, mapping, device))
    }
  }

  /// The lines of the text that this run has, in order.
  public var listing: [ListingLine] { kernel.listing(problem, mapping, device, lowered) }

  /// The closed forms, in the program's order of tensors; empty where the text states none.
  public var traffic: [TensorTraffic] {
    guard let setting = kernel.setting(problem, mapping, device) else { return [] }
    return inOrder(kernel.text.traffic(for: setting, lowered) ?? [])
  }

  private func inOrder(_ traffic: [TensorTraffic]) -> [TensorTraffic] {
    program.tensors.compactMap { tensor in traffic.first { $0.tensor == tensor.name } }
  }

  /// The closed forms of the same problem if everybody could see everything.
  public var trafficWithoutMask: [TensorTraffic] {
    guard case .attention(var open) = problem, open.maskRule != .none else { return traffic }
    open.maskRule = .none
    return inOrder(kernel.traffic(for: .attention(open), mapping: mapping, device: device) ?? [])
  }

  /// A run without values and without events.
  /// - Parameter isExact: long loops are simulated whole, not measured and gone on with.
  /// - Throws: `tooLong` rather than to run for many minutes; `doesNotFit`.
  public func totals(isExact: Bool = false) throws(PlanError) -> Totals {
    try checkLength(isExact: isExact)
    do {
      return try Machine.totals(of: program, on: device, detail: isExact ? .exact : .measured)
    } catch {
      throw PlanError(error, self)
    }
  }

  /// Tile products that must be gone through one by one: all of them where nothing is folded; else those
  /// of the blocks that differ from each other.
  private func checkLength(isExact: Bool) throws(PlanError) {
    let steps = problem.tileSteps(mapping)
    let isFolded = device.service == .fair && !isExact
    let planes =
      if case .attention(let p) = problem, isFolded { Double(max(1, p.planes)) } else { 1.0 }
    let most = isFolded ? Self.mostDifferentSteps : Self.mostSteps
    guard steps / planes <= most else { throw .tooLong(steps: steps / planes, most: most) }
  }

  /// Of all launches together, where those of equal shape are recorded once.
  private static let mostBlocks = 0x1p28

  /// About a minute's worth each.
  private static let mostSteps = 0x1p23
  private static let mostDifferentSteps = 0x1p26

  /// The whole run; without `inputs` its tiles hold no values.
  public func record(inputs: [String: Matrix]?) throws(PlanError) -> Recording {
    var all = inputs.map { laid($0).merging(problem.ownInputs) { given, _ in given } }
    if let given = all, case .attention(var forward) = problem, forward.pass == .backward {
      forward.pass = .forward
      let before = try Plan(kernel, .attention(forward), mapping, device).record(inputs: given)
      all?.merge(before.results) { $1 }
    }
    do { return try Recording(program, on: device, inputs: all) } catch {
      throw PlanError(error, self)
    }
  }
}

extension Recording {
  /// What the run has left in HBM or for the report, by tensor.
  fileprivate var results: [String: Matrix] {
    var results: [String: Matrix] = [:]
    for (index, tensor) in program.tensors.enumerated() where tensor.role != .input {
      results[tensor.name] = finalState.matrix(index)
    }
    return results
  }
}

/// Why a plan cannot be carried out.
public enum PlanError: Error, Sendable {
  case wrongFamily(kernel: String)
  /// Something in the kernel's text does not go with the problem.
  case wrongText(kernel: String, Diagnostic)
  case doesNotFit(DoesNotFit, largestTile: Int?)
  /// The tensors take more HBM than the device has, bytes.
  case outOfMemory(needed: Int, available: Int)
  /// The tiles meet in more products than can be gone through in reasonable time.
  case tooLong(steps: Double, most: Double)
  /// It could take more cycles than are counted.
  case endless(cycles: Double)
  /// The machine stopped with blocks left: our fault.
  case stalled(launch: String, blocksLeft: Int)

  init(_ error: ScheduleError, _ plan: Plan) {
    switch error {
    case .stalled(let launch, let left): self = .stalled(launch: launch, blocksLeft: left)
    case .doesNotFit(let error):
      let largest = largestFittingTile(plan.kernel, plan.problem, plan.mapping, plan.device)
      self = .doesNotFit(error, largestTile: largest)
    }
  }
}

/// Refuses tiles that do not fit in SRAM, for the block of the problem that needs most.
///
/// A block sees at most what it would see of a few whole row blocks without a mask, or with one that is
/// mixed everywhere; where that fits, all fit. Where it does not, every block is looked at.
public func checkFit(
  _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
) throws(DoesNotFit) {
  do {
    for bound in problem.bounds(mapping) {
      try kernel.program(for: bound, mapping: mapping, device: device)?.checkFit(on: device)
    }
  } catch {
    guard problem.tileSteps(mapping) < mostStepsToLookAt else { throw error }
    try kernel.program(for: problem, mapping: mapping, device: device)?.checkFit(on: device)
  }
}

/// Whether tiles fit in SRAM. Where they do not, the reason is not wanted: other tiles are tried.
public func fits(
  _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
) -> Bool {
  (try? checkFit(kernel, problem, mapping, device)) != nil
}

/// Of a problem with more tile products than this, only the bound is looked at.
private let mostStepsToLookAt = 0x1p18

extension Problem {
  /// How many times tiles meet in a product, roughly: what a recording's size grows with.
  public func tileSteps(_ mapping: Mapping) -> Double {
    switch self {
    case .attention(let p):
      let rows = tileCount(p.queries, mapping.rows)
      return Double(p.planes) * Double(rows) * Double(tileCount(p.keys, mapping.columns))
    case .matmul(let p):
      let rows = tileCount(p.m, mapping.rows)
      return Double(rows) * Double(tileCount(p.n, mapping.columns))
        * Double(tileCount(p.k, mapping.depth))
    }
  }

  /// Problems, quick to record at any size, one of which needs at least as much SRAM as any block of
  /// this one: three row blocks, and as many heads to a group as a loop over them can tell apart.
  fileprivate func bounds(_ mapping: Mapping) -> [Problem] {
    guard case .attention(var few) = self else { return [fewTiles(mapping)] }
    few.queries = min(few.queries, 3 * mapping.rows)
    // Rows that no SM holds are gone through in tiles, however long they are.
    few.keys = min(few.keys, max(1 << 16, 4096 * mapping.columns))
    few.heads = min(few.heads / max(1, few.keyValueHeads), 3)
    (few.batch, few.keyValueHeads) = (1, 1)
    few.bias = few.bias.map { _ in Matrix(rows: 0, columns: 0, values: []) }
    var open = few
    open.maskRule = .none
    switch few.maskRule {
    case .none: return [.attention(open)]
    case .table:
      // What depends on a table depends on its tiles; what needs whole rows does not ask for it.
      few.keys = min(few.keys, 3 * mapping.columns)
      few.maskRule = .table(.checkerboard(rows: few.queries, columns: few.keys))
      return [.attention(open), .attention(few)]
    default: return [.attention(open), .attention(few)]
    }
  }
}

extension Problem {
  /// A product of a few of the same tiles.
  fileprivate func fewTiles(_ mapping: Mapping) -> Problem {
    guard case .matmul(var few) = self else { return self }
    few.m = min(few.m, 3 * mapping.rows)
    few.n = min(few.n, 3 * mapping.columns)
    few.k = min(few.k, 3 * mapping.depth)
    return .matmul(few)
  }
}

extension Matrix {
  /// Ones and zeros by turns along rows and columns.
  fileprivate static func checkerboard(rows: Int, columns: Int) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { Float(($0 / columns + $0 % columns + 1) % 2) })
  }
}

/// The largest T for which tiles of T × T fit; nil if not even 1 does.
private func largestFittingTile(
  _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
) -> Int? {
  let limit =
    switch problem {
    case .attention(let p): max(p.queries, p.keys)
    case .matmul(let p): max(p.m, p.n, p.k)
    }
  // Footprints grow with the tile, so the fitting sizes are an initial run.
  var (low, high) = (0, max(limit, mapping.rows, mapping.columns))
  while low < high {
    let middle = (low + high + 1) / 2
    let mapping = Mapping(tile: middle, stages: mapping.stages)
    if fits(kernel, problem, mapping, device) { low = middle } else { high = middle - 1 }
  }
  return low == 0 ? nil : low
}
