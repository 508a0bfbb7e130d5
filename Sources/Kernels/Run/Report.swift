// A run's figures, under the names that JSON reports and lessons use. Scripts depend on them:
// integers are exact, and no name may change its meaning.

import Machine

/// The figures of one run, as `run` and `compare` print them.
package struct Report: Sendable, Encodable {
  /// The version of the report's format.
  package var schema = 1
  package var kernel: String
  package var device: String
  package var problem: [String: Field]
  package var mapping: [String: Int]
  package var cycles: Int
  package var seconds: Double
  package var hbm: Bytes
  /// HBM traffic of the released kernel, where it differs from the algorithm's: it keeps sums in
  /// another format. Nil: no difference.
  package var launched: Bytes?
  package var memory: Memory
  /// The keys and values of earlier words, where there are fewer queries than keys; nil elsewhere.
  package var cache: Cache?
  package var tensors: [String: Bytes]
  /// HBM traffic of each tensor by the kernel's closed forms.
  package var closedForm: [String: Bytes]
  package var sram: SRAM
  package var flops: Flops
  package var units: [String: UnitUse]
  package var launches: [LaunchUse]
  /// Nil on a device without L2.
  package var l2: L2?
  /// How far the run is from what its kernel defines, in double precision; nil in a run without values.
  package var error: Deviation?
  /// How far an approximation is from exact attention; nil for other kernels, and without values.
  package var approximation: ApproximationError?
  /// How often the running sums were rescaled; nil without values, and without a running maximum.
  package var rescales: Rescales?
  /// The event log, one line per event; nil if it was not asked for.
  package var log: [String]?

  /// Bytes read from and written to HBM.
  package struct Bytes: Sendable, Encodable, Equatable {
    package var readBytes: Int
    package var writeBytes: Int

    init(_ transfers: Transfers) {
      readBytes = transfers.readBytes
      writeBytes = transfers.writeBytes
    }
  }

  /// HBM in use at the peak of the run, and the HBM of the device.
  package struct Memory: Sendable, Encodable {
    package var peakBytes: Int
    package var capacityBytes: Int
  }

  /// A K/V cache.
  package struct Cache: Sendable, Encodable {
    /// Bytes of K and V in HBM, for all heads, empty places in pages included.
    package var bytes: Int
    /// Bytes of one word in all heads.
    package var bytesPerWord: Int
  }

  /// SRAM in use on one SM at the peak of the run, and the SRAM of one SM.
  package struct SRAM: Sendable, Encodable {
    package var peakBytes: Int
    package var capacityBytes: Int
  }

  /// Operations by kind, as the algorithm counts them.
  package struct Flops: Sendable, Encodable {
    /// FLOPs of matrix products, 2 per multiply-add.
    package var matmul: Int
    /// The part of `matmul` that repeats products of the forward pass.
    package var recomputed: Int
    package var elementwise: Int
    /// Exponentials, logarithms and tanh, on the SFU.
    package var exponential: Int
    /// Instructions on the FP32 lanes for the elementwise operations.
    package var instructions: Int
  }

  /// How long a unit was busy, over all SMs, and which share (0 to 1) of the run that is.
  package struct UnitUse: Sendable, Encodable {
    package var busyCycles: Int
    package var utilization: Double
  }

  /// The figures of one launch.
  package struct LaunchUse: Sendable, Encodable {
    package var name: String
    package var blocks: Int
    package var cycles: Int
    package var seconds: Double
    package var hbmBytes: Int
    /// Co-resident blocks on one SM.
    package var blocksPerSM: Int
  }

  /// Traffic that L2 served.
  package struct L2: Sendable, Encodable {
    package var hitBytes: Int
  }

  /// How far the outputs are from the exact ones.
  package struct Deviation: Sendable, Encodable {
    /// The largest absolute deviation, over all entries that are finite in both.
    package var maxAbsolute: Double
    package var reference: String
    /// Entries that are finite in only one of the two, or NaN in only one.
    package var nonFiniteMismatches: Int
    /// Entries that are finite in both, and entries of the outputs that are not finite.
    package var compared: Int
    package var nonFinite: Int
    /// The largest absolute deviation of each output tensor.
    package var tensors: [String: Double]

    package init(_ error: OutputError) {
      maxAbsolute = error.maxAbsolute
      compared = error.compared
      nonFinite = error.nonFinite
      tensors = error.tensors
      nonFiniteMismatches = error.nonFiniteMismatches
      let part =
        error.checkedRows < error.allRows ? ", \(error.checkedRows) of \(error.allRows) rows" : ""
      let truth = error.isOfOwnText ? "the kernel's own text" : "direct formula"
      reference = "\(truth) in fp64 on the stored inputs\(part)"
    }
  }

  /// The report of a run with values, compared with the exact results of its problem.
  package init(_ plan: Plan, _ recording: Recording, _ exact: @autoclosure () -> ExactOutput) {
    let kernel = plan.kernel
    self.init(
      plan, recording.totals,
      error: kernel.isComparable
        ? exact().error(of: recording) : OutputError.ofOwnText(recording))
    rescales = RescaleCounts(recording).until(.max)
    if kernel.text.isApproximate { approximation = exact().approximation(of: recording) }
  }

  package init(_ plan: Plan, _ totals: Totals, error: OutputError?) {
    kernel = plan.kernel.name
    device = plan.device.name
    problem = plan.asked.fields
    if plan.headsAsRows > 1 { problem["headsAsRows"] = .integer(plan.headsAsRows) }
    mapping = plan.mapping.fields(for: plan.problem)
    launched =
      totals.launched == totals.tensors ? nil : Bytes(totals.launched.reduce(Transfers(), +))
    memory = Memory(peakBytes: plan.peakMemoryBytes, capacityBytes: plan.device.hbmBytes)
    cache = Self.cache(plan)
    cycles = totals.cycles
    seconds = plan.device.seconds(totals.cycles)
    hbm = Bytes(totals.hbm)
    tensors = [:]
    for (tensor, transfers) in zip(plan.program.tensors, totals.tensors)
    where tensor.role != .statistic {
      tensors[tensor.name] = Bytes(transfers)
    }
    closedForm = Dictionary(
      plan.traffic.map { ($0.tensor, Bytes($0.transfers)) }, uniquingKeysWith: { $1 })
    sram = SRAM(peakBytes: totals.sramPeakBytes, capacityBytes: plan.device.sramBytes)
    flops = Flops(
      matmul: totals.matmulFlops, recomputed: totals.recomputedFlops,
      elementwise: totals.elementwiseOps,
      exponential: totals.exponentials, instructions: totals.instructions)
    units = Self.units(totals, plan.device)
    launches = totals.launches.map {
      LaunchUse(
        name: $0.name, blocks: $0.blocks, cycles: $0.cycles,
        seconds: plan.device.seconds($0.cycles), hbmBytes: $0.hbmBytes,
        blocksPerSM: $0.blocksPerSM)
    }
    l2 = plan.device.l2Bytes > 0 ? L2(hitBytes: totals.l2HitBytes) : nil
    self.error = error.map(Deviation.init)
  }

  private static func cache(_ plan: Plan) -> Cache? {
    guard case .attention(let problem) = plan.problem, problem.queries < problem.keys else {
      return nil
    }
    let tensors = plan.program.tensors.filter { ["K", "V"].contains($0.name) }
    return Cache(
      bytes: tensors.reduce(0) { $0 + $1.bytes },
      bytesPerWord: tensors.reduce(0) { $0 + $1.planes * $1.columns * $1.type.bytes })
  }

  private static func units(_ totals: Totals, _ device: Device) -> [String: UnitUse] {
    var units: [String: UnitUse] = [:]
    for unit in Unit.allCases where device.rates[unit] != nil {
      let busy = totals.busyCycles[unit] ?? 0
      let count = unit.isSharedBySMs ? 1 : device.smCount
      units[unit.name] = UnitUse(
        busyCycles: busy, utilization: Double(busy) / Double(max(1, totals.cycles * count)))
    }
    return units
  }

  private enum CodingKeys: String, CodingKey {
    case schema, kernel, device, problem, mapping, cycles, seconds, hbm, launched, memory, cache,
      tensors
    case closedForm, sram, flops, units, launches, l2, error, approximation, rescales, log
  }

  /// `error` is null, not missing, in a run without values.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
    try container.encode(kernel, forKey: .kernel)
    try container.encode(device, forKey: .device)
    try container.encode(problem, forKey: .problem)
    try container.encode(mapping, forKey: .mapping)
    try container.encode(cycles, forKey: .cycles)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(hbm, forKey: .hbm)
    try container.encodeIfPresent(launched, forKey: .launched)
    try container.encode(memory, forKey: .memory)
    try container.encodeIfPresent(cache, forKey: .cache)
    try container.encode(tensors, forKey: .tensors)
    try container.encode(closedForm, forKey: .closedForm)
    try container.encode(sram, forKey: .sram)
    try container.encode(flops, forKey: .flops)
    try container.encode(units, forKey: .units)
    try container.encode(launches, forKey: .launches)
    try container.encodeIfPresent(l2, forKey: .l2)
    try container.encode(error, forKey: .error)
    try container.encodeIfPresent(approximation, forKey: .approximation)
    try container.encodeIfPresent(rescales, forKey: .rescales)
    try container.encodeIfPresent(log, forKey: .log)
  }
}
