// Reads a device file. This code is the schema: it says which keys there are, which range each
// number has, and which numbers must agree.
import Machine
import Yams

/// Reads one device and collects the source of every number.
struct DeviceReader {
  private(set) var figures: [Figure] = []
  private let top: YamlMapping
  /// Upper limit of all sizes in bytes; keeps arithmetic on bytes and cycles far from overflow.
  private static let mostBytes = 1 << 44

  private static let keys = [
    "name", "title", "note", "clock_mhz", "sustained_mhz", "sms", "shared_bytes",
    "shared_bytes_per_block", "shared_bytes_reserved_per_block", "shared_allocation_bytes",
    "register_allocation_bytes",
    "register_bytes", "tensor_memory_bytes", "max_blocks_per_sm", "max_warps_per_sm", "service",
    "tensor_flops_per_cycle", "tensor_achieved", "asynchronous_products", "units",
    "barrier_cycles", "barrier_cycles_per_warp", "shared_store_cycles", "shuffle_cycles",
    "block_turnover_cycles", "elementwise_share", "hbm_bytes", "l2_bytes", "l2_effective_share",
    "launch_cycles", "launch_us", "default_tile",
  ]

  private static let formats: [DataType] = [.fp32, .fp16, .bf16, .fp8]

  init(_ root: Node?, path: String) throws(FileError) {
    top = try YamlMapping(root, path: path, allowed: Self.keys)
  }

  mutating func device() throws(FileError) -> Device {
    let l2Bytes = try integer("l2_bytes", in: 0...Self.mostBytes)
    let tensorFlops = try tensorFlops()
    let sharedBytes = try integer("shared_bytes", in: 1...Self.mostBytes)
    let clockMHz = try number("clock_mhz", from: 1, to: 100_000)
    var device = Device(
      name: try name(),
      title: try top.text("title"),
      note: try top.text("note"),
      clockMHz: clockMHz,
      smCount: try integer("sms", in: 1...65_536),
      sharedBytes: sharedBytes,
      sharedBytesPerBlock: try sharedBytesPerBlock(of: sharedBytes),
      registerBytes: try integer("register_bytes", in: 0...Self.mostBytes),
      maxBlocksPerSM: try integer("max_blocks_per_sm", in: 1...1024),
      tensorFlops: tensorFlops,
      rates: try rates(tensorFlops, hasL2: l2Bytes > 0, clockMHz: clockMHz),
      hbmBytes: try integer("hbm_bytes", in: 1...Self.mostBytes),
      l2Bytes: l2Bytes,
      launchCycles: try launchCycles(clockMHz: clockMHz),
      defaultTile: try integer("default_tile", in: 1...4096))
    device.queueDiscipline = try queueDiscipline()
    device.sustainedMHz = try sustainedMHz(tensorFlops).filter { $0.value < clockMHz }
    try readWarps(into: &device)
    return device
  }

  /// The queue discipline under `service`; first come, first served where the file has no such key.
  private func queueDiscipline() throws(FileError) -> QueueDiscipline {
    guard top.has("service") else { return .firstComeFirstServed }
    let word = try top.text("service")
    // Earlier versions of the format called the two `whole` and `fair`.
    switch word {
    case QueueDiscipline.firstComeFirstServed.rawValue, "whole": return .firstComeFirstServed
    case QueueDiscipline.processorSharing.rawValue, "fair": return .processorSharing
    default:
      let names = QueueDiscipline.allCases.map(\.rawValue).joined(separator: " or ")
      throw top.diagnostic("service", "found \(quoted(word)), expected \(names)")
    }
  }

  /// Reads the constants of devices whose thread blocks consist of warps; all keys are optional.
  private mutating func readWarps(into device: inout Device) throws(FileError) {
    device.maxWarpsPerSM = try optional("max_warps_per_sm", in: 1...1024)
    device.reservedSharedBytesPerBlock = try optional(
      "shared_bytes_reserved_per_block", in: 0...65_536)
    device.sharedAllocationBytes = max(1, try optional("shared_allocation_bytes", in: 1...65_536))
    device.registerAllocationBytes = max(
      1, try optional("register_allocation_bytes", in: 1...65_536))
    device.tensorMemoryBytes = try optional("tensor_memory_bytes", in: 0...Self.mostBytes)
    device.barrierCycles = try optional("barrier_cycles", in: 0...100_000)
    device.barrierCyclesPerWarp = try optional("barrier_cycles_per_warp", in: 0...100_000)
    device.sharedStoreCycles = try optional("shared_store_cycles", in: 0...100_000)
    device.turnoverCycles = try optional("block_turnover_cycles", in: 0...100_000)
    device.shuffleCycles = try optional("shuffle_cycles", in: 0...100_000)
    if top.has("elementwise_share") {
      device.elementwiseShare = try share(top, "elementwise_share")
    }
    if top.has("l2_effective_share") {
      device.l2EffectiveShare = try share(top, "l2_effective_share")
    }
    device.tensorAchieved = try tensorAchieved(device.tensorFlops)
    device.asynchronousProducts = try asynchronousProducts()
  }

  /// One clock for all formats, or one for each.
  private mutating func sustainedMHz(
    _ flops: [DataType: Double]
  ) throws(FileError) -> [DataType: Double] {
    guard top.has("sustained_mhz") else { return [:] }
    let formats = Self.formats.filter { flops[$0] != nil }
    let node = try top.node("sustained_mhz")
    guard node.mapping != nil, node["value"] == nil else {
      let clock = try number("sustained_mhz", from: 1, to: 100_000)
      return Dictionary(uniqueKeysWithValues: formats.map { ($0, clock) })
    }
    return try numbers("sustained_mhz", of: formats, from: 1, to: 100_000)
  }

  /// A number for each of `formats` that the mapping at `key` names.
  private mutating func numbers(
    _ key: String, of formats: [DataType], from lowest: Double, to highest: Double
  ) throws(FileError) -> [DataType: Double] {
    let mapping = try top.mapping(key, allowed: formats.map(\.rawValue))
    var numbers: [DataType: Double] = [:]
    for format in formats where mapping.has(format.rawValue) {
      numbers[format] = try number(mapping, format.rawValue, from: lowest, to: highest)
    }
    return numbers
  }

  private mutating func optional(_ key: String, in range: ClosedRange<Int>) throws(FileError) -> Int
  {
    top.has(key) ? try integer(key, in: range) : 0
  }

  private mutating func share(_ mapping: YamlMapping, _ key: String) throws(FileError) -> Double {
    try number(mapping, key, from: 0.01, to: 1)
  }

  private mutating func tensorAchieved(
    _ flops: [DataType: Double]
  ) throws(FileError) -> [DataType: Double] {
    guard top.has("tensor_achieved") else { return [:] }
    return try numbers(
      "tensor_achieved", of: Self.formats.filter { flops[$0] != nil }, from: 0.01, to: 1)
  }

  private mutating func asynchronousProducts() throws(FileError) -> AsynchronousProducts? {
    guard top.has("asynchronous_products") else { return nil }
    let mapping = try top.mapping(
      // Files of earlier versions have a latency, which nothing waits for.
      "asynchronous_products", allowed: ["latency", "synchronous_share"])
    return AsynchronousProducts(synchronousShare: try share(mapping, "synchronous_share"))
  }

  /// The device's name, which can be part of a file name.
  private func name() throws(FileError) -> String {
    let name = try top.text("name")
    guard name.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-.".contains($0) }) else {
      throw top.diagnostic(
        "name", "found \(quoted(name)), expected lower-case letters, digits, dots and hyphens")
    }
    return name
  }

  private mutating func sharedBytesPerBlock(of sharedBytes: Int) throws(FileError) -> Int {
    let bytes = try integer("shared_bytes_per_block", in: 1...Self.mostBytes)
    guard bytes <= sharedBytes else {
      throw top.diagnostic(
        "shared_bytes_per_block",
        "found \(grouped(bytes)), expected no more than the SM's \(grouped(sharedBytes))")
    }
    return bytes
  }

  private mutating func tensorFlops() throws(FileError) -> [DataType: Double] {
    try numbers("tensor_flops_per_cycle", of: Self.formats, from: 0.001, to: 1e9)
  }

  private mutating func rates(
    _ tensorFlops: [DataType: Double], hasL2: Bool, clockMHz: Double
  ) throws(FileError) -> [Unit: Rate] {
    let units = try top.mapping("units", allowed: Unit.allCases.map(\.name))
    guard hasL2 == units.has(Unit.l2.name) else {
      throw units.diagnostic(
        Unit.l2.name, hasL2 ? "missing, though l2_bytes is not 0" : "found, though l2_bytes is 0")
    }
    var rates: [Unit: Rate] = [:]
    for unit in Unit.allCases where unit != .l2 || hasL2 {
      if unit == .alu, !units.has(unit.name) { continue }
      rates[unit] = try rate(of: unit, in: units, tensorFlops, clockMHz: clockMHz)
    }
    return rates
  }

  /// The rate of one unit. The tensor cores' rate depends on the format and is a list of its own;
  /// the HBM bandwidth may be given in GB/s, which does not change with the SM clock.
  private mutating func rate(
    of unit: Unit, in units: YamlMapping, _ tensorFlops: [DataType: Double], clockMHz: Double
  ) throws(FileError) -> Rate {
    let keys = unit == .tensor ? [] : unit == .hbm ? ["per_cycle", "gb_per_second"] : ["per_cycle"]
    let mapping = try units.mapping(unit.name, allowed: keys + ["latency"])
    let perCycle =
      if unit == .tensor {
        tensorFlops.values.max() ?? 1
      } else if try hasOne("gb_per_second", ratherThan: "per_cycle", mapping) {
        try rate(mapping, "gb_per_second") * 1000 / clockMHz
      } else {
        try rate(mapping, "per_cycle")
      }
    return Rate(perCycle: perCycle, latency: try integer(mapping, "latency", in: 0...1_000_000))
  }

  private mutating func launchCycles(clockMHz: Double) throws(FileError) -> Int {
    guard try hasOne("launch_us", ratherThan: "launch_cycles", top) else {
      return try integer("launch_cycles", in: 0...1_000_000_000)
    }
    return Int((try number("launch_us", from: 0, to: 10_000) * clockMHz).rounded())
  }

  /// Whether the time-based key is used instead of the one in cycles; having both is an error.
  private func hasOne(
    _ seconds: String, ratherThan cycles: String, _ mapping: YamlMapping
  ) throws(FileError) -> Bool {
    guard !(mapping.has(seconds) && mapping.has(cycles)) else {
      throw mapping.diagnostic(seconds, "found beside \(cycles), expected one of them")
    }
    return mapping.has(seconds)
  }
}

extension DeviceReader {
  private mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(FileError) -> Int
  {
    try integer(top, key, in: range)
  }

  private mutating func integer(
    _ mapping: YamlMapping, _ key: String, in range: ClosedRange<Int>
  ) throws(FileError) -> Int {
    let entry = try entry(mapping, key)
    let value = try entry.integer("value", in: range)
    try note(entry, Double(value))
    return value
  }

  private mutating func rate(_ mapping: YamlMapping, _ key: String) throws(FileError) -> Double {
    try number(mapping, key, from: 0.001, to: 1e9)
  }

  private mutating func number(
    _ key: String, from lowest: Double, to highest: Double
  ) throws(FileError) -> Double {
    try number(top, key, from: lowest, to: highest)
  }

  private mutating func number(
    _ mapping: YamlMapping, _ key: String, from lowest: Double, to highest: Double
  ) throws(FileError) -> Double {
    let entry = try entry(mapping, key)
    let value = try entry.number("value")
    guard (lowest...highest).contains(value) else {
      let range = "\(lowest) to \(grouped(Int(highest)))"
      throw entry.diagnostic("value", "found \(value), expected a number from \(range)")
    }
    try note(entry, value)
    return value
  }

  /// The mapping of one number: `{ value: …, source: …, verified: … }`.
  private func entry(_ mapping: YamlMapping, _ key: String) throws(FileError) -> YamlMapping {
    if let bare = try mapping.bareNumber(key) {
      throw mapping.diagnostic(
        key,
        "found \(bare) without a source, expected { value: \(bare), source: \"where it is from\" }")
    }
    return try mapping.mapping(key, allowed: ["value", "source", "verified"])
  }

  private mutating func note(_ entry: YamlMapping, _ value: Double) throws(FileError) {
    figures.append(
      Figure(
        key: entry.name, value: value, source: try entry.text("source"),
        verified: entry.has("verified") ? try entry.flag("verified") : true))
  }
}
