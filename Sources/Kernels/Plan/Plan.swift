// The four independent inputs brought together: a kernel runs a problem on a mapping on a device.

import Machine
import Notation

/// A plan for a run, checked and ready to simulate.
package struct Plan: Sendable {
  package let kernel: Kernel
  package let problem: Problem
  package let mapping: Mapping
  package let device: Device
  package let program: Program
  /// How many of the program's launches are the forward pass: the first ones.
  package let forwardLaunches: Int
  /// Of all loops of the block that has most, if every loop makes all of its iterations.
  let iterations: Double
  private let lowered: Lowered

  /// - Throws: `PlanError` if the kernel is of the other family, its tensors do not fit in HBM or
  ///   its tiles not in SRAM.
  package init(_ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device)
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
  package var listing: [ListingLine] { kernel.listing(problem, mapping, device, lowered) }

  /// The closed forms, in the program's order of tensors; empty where the text states none.
  package var traffic: [TensorTraffic] {
    guard let setting = kernel.setting(problem, mapping, device) else { return [] }
    return inOrder(kernel.text.traffic(for: setting, lowered) ?? [])
  }

  private func inOrder(_ traffic: [TensorTraffic]) -> [TensorTraffic] {
    program.tensors.compactMap { tensor in traffic.first { $0.tensor == tensor.name } }
  }

  /// The closed forms of the same problem if everybody could see everything.
  package var trafficWithoutMask: [TensorTraffic] {
    guard case .attention(var open) = problem, open.maskRule != .none else { return traffic }
    open.maskRule = .none
    return inOrder(kernel.traffic(for: .attention(open), mapping: mapping, device: device) ?? [])
  }

  /// A run without values and without events.
  /// - Parameter isExact: long loops are simulated whole, not measured and gone on with.
  /// - Throws: `tooLong` rather than to run for many minutes; `doesNotFit`.
  package func totals(isExact: Bool = false) throws(PlanError) -> Totals {
    try checkLength(isExact: isExact)
    do {
      return try Machine.totals(of: program, on: device, detail: isExact ? .exact : .sampled)
    } catch {
      throw PlanError(error, self)
    }
  }

  /// Tile products that must be gone through one by one: all of them where nothing is folded; else those
  /// of the blocks that differ from each other.
  private func checkLength(isExact: Bool) throws(PlanError) {
    let steps = problem.tileSteps(mapping)
    let isFolded = device.queueDiscipline == .processorSharing && !isExact
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
  package func record(inputs: [String: Matrix]?) throws(PlanError) -> Recording {
    var all = inputs.map { laid($0).merging(problem.ownInputs) { given, _ in given } }
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
  /// What the run has left in HBM or for the report, by tensor.
  fileprivate var results: [String: Matrix] {
    var results: [String: Matrix] = [:]
    for (index, tensor) in program.tensors.enumerated() where tensor.role != .input {
      results[tensor.name] = finalState.matrix(index)
    }
    return results
  }
}
