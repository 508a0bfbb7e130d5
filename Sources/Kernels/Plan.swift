// The four independent inputs brought together: a kernel runs a problem on a mapping on a device.

import Machine

/// A plan for a run, checked and ready to simulate.
public struct Plan: Sendable {
  public let kernel: any Kernel
  public let problem: Problem
  public let mapping: Mapping
  public let device: Device
  public let program: Program

  /// - Throws: `PlanError` if the kernel is of the other family, or its tiles do not fit in SRAM.
  public init(_ kernel: any Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device)
    throws(PlanError)
  {
    guard let program = kernel.program(for: problem, mapping: mapping, device: device) else {
      throw .wrongFamily(kernel: kernel.name)
    }
    self.kernel = kernel
    self.problem = problem
    self.mapping = mapping
    self.device = device
    self.program = program
    do { try program.checkFit(on: device) } catch {
      throw .doesNotFit(
        error, largestTile: largestFittingTile(kernel, problem, mapping, device))
    }
  }

  /// How many times tiles meet in a product, roughly: what a recording's size grows with.
  public var tileSteps: Double {
    switch problem {
    case .attention(let p):
      let rows = tileCount(p.queries, mapping.rows)
      return Double(p.planes) * Double(rows) * Double(tileCount(p.keys, mapping.columns))
    case .matmul(let p):
      let rows = tileCount(p.m, mapping.rows)
      return Double(rows) * Double(tileCount(p.n, mapping.columns))
        * Double(tileCount(p.k, mapping.depth))
    }
  }

  /// The closed forms, in the program's order of tensors.
  public var traffic: [TensorTraffic] {
    kernel.traffic(for: problem, mapping: mapping, device: device) ?? []
  }

  /// A run without values and without events.
  public func totals() throws(PlanError) -> Totals {
    do { return try Machine.totals(of: program, on: device) } catch {
      throw .doesNotFit(error, largestTile: nil)
    }
  }

  /// The whole run; without `inputs` its tiles hold no values.
  public func record(inputs: [String: Matrix]?) throws(PlanError) -> Recording {
    let all = inputs.map { $0.merging(problem.ownInputs) { given, _ in given } }
    do { return try Recording(program, on: device, inputs: all) } catch {
      throw .doesNotFit(error, largestTile: nil)
    }
  }
}

/// Why a plan cannot be carried out.
public enum PlanError: Error, Sendable {
  case wrongFamily(kernel: String)
  case doesNotFit(DoesNotFit, largestTile: Int?)
}

/// The largest T for which tiles of T × T fit; nil if not even 1 does.
private func largestFittingTile(
  _ kernel: any Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
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
    let program = kernel.program(for: problem, mapping: mapping, device: device)
    let fits = (try? program?.checkFit(on: device)) != nil
    if fits { low = middle } else { high = middle - 1 }
  }
  return low == 0 ? nil : low
}
