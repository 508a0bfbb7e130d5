// A plan combines the four independent inputs: a kernel runs a problem with a mapping on a device.

import Machine
import Notation

/// A plan for a run, checked and ready to simulate.
package struct Plan: Sendable {
  package let kernel: Kernel
  /// The problem as the kernel lays it out.
  package let problem: Problem
  /// The problem as it was asked for.
  package let asked: Problem
  package let mapping: Mapping
  /// The seed of inputs of the kernel's own that nobody gives.
  package var seed: UInt64 = 1
  package let device: Device
  package let program: Program
  /// How many of the program's launches are the forward pass's; they come first.
  package let forwardLaunches: Int
  /// Iterations of all loops of the block that has most, if no loop skips any.
  let iterations: Double
  private let lowered: Lowered

  /// Lowers the kernel for the problem and checks that the run is possible.
  /// - Throws: `PlanError` if the kernel is of the other family, its text does not go with the
  ///   problem, the run is too long, its tensors do not fit in HBM, or its tiles not in SRAM.
  package init(_ kernel: Kernel, _ asked: Problem, _ mapping: Mapping, _ device: Device)
    throws(PlanError)
  {
    let problem = asked.laidOut(for: kernel)
    let lowered: Lowered?
    do { lowered = try kernel.lowered(problem, mapping, device) } catch {
      throw .wrongText(kernel: kernel.name, error)
    }
    guard let lowered else { throw .wrongFamily(kernel: kernel.name) }
    let program = lowered.program
    self.lowered = lowered
    self.kernel = kernel
    (self.problem, self.asked) = (problem, asked)
    self.mapping = mapping
    self.device = device
    self.program = program
    forwardLaunches = lowered.forwardLaunches
    let size = lowered.size
    iterations = size.iterations
    let mostBlocks =
      device.queueDiscipline == .firstComeFirstServed ? Self.mostSteps : Self.mostBlocks
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
      // Blocks that a mask does not change have few profiles, so one of each is checked.
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

  /// Heads of a group that lie as rows of one tile.
  package var headsAsRows: Int {
    if case .attention(let problem) = problem { problem.headsAsRows } else { 1 }
  }

  /// The lines of the kernel's text that this run executes, in order.
  package var listing: [ListingLine] { kernel.listing(problem, mapping, device, lowered) }

  /// Traffic by the closed forms, in the program's order of tensors; empty if the text states none.
  package var traffic: [TensorTraffic] {
    guard let setting = kernel.setting(problem, mapping, device) else { return [] }
    return inOrder(kernel.text.traffic(for: setting, lowered) ?? [])
  }

  private func inOrder(_ traffic: [TensorTraffic]) -> [TensorTraffic] {
    program.tensors.compactMap { tensor in traffic.first { $0.tensor == tensor.name } }
  }

  /// Traffic by the closed forms for the same problem without a mask.
  package var trafficWithoutMask: [TensorTraffic] {
    guard case .attention(var open) = problem, open.maskRule != .none else { return traffic }
    open.maskRule = .none
    return inOrder(kernel.traffic(for: .attention(open), mapping: mapping, device: device) ?? [])
  }

  /// Simulates the run without values and without keeping events.
  /// - Parameter isExact: long loops are simulated in full, not sampled.
  /// - Throws: `PlanError`, as `tooLong` for a run that would take many minutes.
  package func totals(isExact: Bool = false) throws(PlanError) -> Totals {
    try checkLength(isExact: isExact)
    do {
      return try Machine.totals(of: program, on: device, detail: isExact ? .exact : .sampled)
    } catch {
      throw PlanError(error, self)
    }
  }

  /// Refuses a run with too many tile products to simulate: all of them in an exact run, those of
  /// one plane in a sampled one, where equal blocks are simulated once.
  private func checkLength(isExact: Bool) throws(PlanError) {
    let steps = problem.tileProducts(mapping)
    let isFolded = device.queueDiscipline == .processorSharing && !isExact
    let planes =
      if case .attention(let p) = problem, isFolded { Double(max(1, p.planes)) } else { 1.0 }
    let most = isFolded ? Self.mostDifferentSteps : Self.mostSteps
    guard steps / planes <= most else { throw .tooLong(steps: steps / planes, most: most) }
  }

  /// The most blocks of all launches together, if blocks with the same profile are recorded once.
  private static let mostBlocks = 0x1p28

  /// The most tile products that are simulated, in an exact and in a sampled run: about a minute
  /// each.
  private static let mostSteps = 0x1p23
  private static let mostDifferentSteps = 0x1p26

  /// Simulates the run and keeps its events; without `inputs` its tiles hold no values. For a
  /// backward pass alone, the forward pass is simulated first to give it O and the softmax
  /// statistics.
  /// - Throws: `PlanError`.
  package func record(inputs: [String: Matrix]?) throws(PlanError) -> Recording {
    var all: [String: Matrix]?
    if var given = inputs {
      complete(&given, seed: seed)
      all = laid(given).merging(problem.ownInputs) { given, _ in given }
    }
    if let given = all, case .attention(var forward) = problem, forward.pass == .backward {
      forward.pass = .forward
      let before = try Plan(kernel, .attention(forward), mapping, device).record(inputs: given)
      all?.merge(before.results) { $1 }
    }
    do { return try Recording.simulate(program, on: device, inputs: all) } catch {
      throw PlanError(error, self)
    }
  }
}

extension Recording {
  /// The final values of all tensors except inputs, by name.
  fileprivate var results: [String: Matrix] {
    var results: [String: Matrix] = [:]
    for (index, tensor) in program.tensors.enumerated() where tensor.role != .input {
      results[tensor.name] = finalState.matrix(index)
    }
    return results
  }
}
