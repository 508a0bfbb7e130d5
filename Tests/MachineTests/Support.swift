// A GPU of round numbers, so that every time in these tests can be worked out on paper, and
// programs of a few ops to run on it.

import Machine

/// 16 bytes per cycle from HBM and 40 cycles of latency; nothing else is ever the bottleneck unless
/// a test makes it so.
func paperDevice(
  sms: Int = 1, sram: Int = 1 << 16, registers: Int = 0, blocksPerSM: Int = 4, l2: Int = 0,
  launch: Int = 100
) -> Device {
  var rates: [Unit: Rate] = [
    .tensor: Rate(perCycle: 512, latency: 4), .fp32: Rate(perCycle: 32, latency: 2),
    .sfu: Rate(perCycle: 8, latency: 4), .shared: Rate(perCycle: 128, latency: 0),
    .copy: Rate(perCycle: 32, latency: 0), .hbm: Rate(perCycle: 16, latency: 40),
  ]
  if l2 > 0 { rates[.l2] = Rate(perCycle: 64, latency: 10) }
  return Device(
    name: "paper", title: "Paper", note: "", clockMHz: 1000, smCount: sms, sharedBytes: sram,
    sharedBytesPerBlock: sram, registerBytes: registers, maxBlocksPerSM: blocksPerSM,
    tensorFlops: [.fp32: 512], rates: rates, hbmBytes: 1 << 30, l2Bytes: l2, launchCycles: launch,
    defaultTile: 4)
}

/// A matrix of 64 columns, fp32: a row is 256 bytes, 16 cycles on the bus of `paperDevice`.
func rows(_ count: Int, type: DataType = .fp32) -> Tensor {
  Tensor("X", rows: count, columns: 64, type: type, role: .input, tileRows: 1, tileColumns: 64)
}

/// Row `index` of the first tensor.
func row(_ index: Int, columns: Int = 64) -> Region {
  Region(
    tensor: 0, plane: 0, rows: index..<index + 1, columns: 0..<columns, tileRow: index,
    tileColumn: nil)
}

extension Program {
  /// Launches named a, b, … of one body each, over 16 rows.
  init(
    stages: Int = 2, launches: [(blocks: Int, body: @Sendable (Int, inout Block) -> Void)]
  ) {
    self.init(
      tensors: [rows(16)],
      launches: zip(["a", "b", "c"], launches).map {
        Launch($0, blocks: $1.blocks, record: $1.body)
      }, stages: stages)
  }

  /// One launch of `blocks` blocks.
  init(
    stages: Int = 2, blocks: Int = 1, _ body: @escaping @Sendable (Int, inout Block) -> Void
  ) {
    self.init(stages: stages, launches: [(blocks, body)])
  }
}

extension Block {
  /// OpCost on the FP32 lanes of `cycles` cycles, and their latency of 2, that reads `input`.
  mutating func cost(on input: Tile, cycles: Int, as name: String = "y") -> Tile {
    let tile = make(TileKind(name), at: row(0), rows: 1, columns: 1)
    compute(
      .compute(.rowSum(.input(0))), .rowsum, [input], into: tile, elementwise: 32 * cycles, line: 1)
    return tile
  }
}

/// When the ops of a run start and finish: `["load X[0]": [100...156]]`.
func times(_ program: Program, on device: Device = paperDevice()) throws -> [String: [Range<Int>]] {
  let recording = try Recording.simulate(program, on: device, inputs: nil)
  var times: [String: [Range<Int>]] = [:]
  for span in recording.spans {
    guard let place = span.place else { continue }
    let block = recording.blocks[place.block]
    let op = block.ops[place.op]
    guard op.operation != .free else { continue }
    times[block.label(of: op), default: []].append(span.start..<span.finish)
  }
  return times
}
