// What the memories hold: a fold of events. It never sees a clock; it is told which op has
// started or finished, and does what the op says.

/// How often a tile of a tensor has crossed the bus.
public struct Visits: Sendable, Equatable {
  public var reads: Int32 = 0
  public var writes: Int32 = 0
}

/// FLOPs of matrix products, 2 per multiply-add.
public struct Flops: Sendable, Equatable {
  public var all = 0
  /// Those of them that repeat a product of the forward pass.
  public var again = 0
}

/// The memories after some events.
public struct State: Sendable, Equatable {
  /// One entry per tensor; empty in a run without values.
  public private(set) var hbm: [TensorValues]
  /// Tiles in SRAM.
  public private(set) var sram = OnChip()
  /// FLOPs of the products that have finished, and those of them that were done before.
  public private(set) var flops = Flops()
  /// Bytes that have crossed the bus, per tensor.
  public private(set) var transfers: [Transfers]
  /// Per tensor and row of its grid, planes after one another: a tile's transfers.
  private var visits: [[[Visits]]]
  /// The launch that has begun last.
  public private(set) var launch = 0
  private let tensors: [Tensor]
  private let mask: Mask?

  public init(_ program: Program, inputs: [String: Matrix]?) {
    tensors = program.tensors
    mask = program.mask
    hbm = inputs.map { inputs in program.tensors.map { TensorValues($0, inputs[$0.name]) } } ?? []
    transfers = program.tensors.map { _ in Transfers() }
    visits = program.tensors.map {
      let row = Array(repeating: Visits(), count: $0.gridColumns)
      return Array(repeating: row, count: $0.planes * $0.gridRows)
    }
  }

  /// Spans that have started and not finished, in the order of issue.
  public var running: [Int32] { sram.running }
  /// Tiles whose load is under way.
  public var arriving: Set<TileKey> { sram.arriving }

  /// How often each tile of a tensor's grid has crossed the bus, row by row; all planes, or one.
  public func visits(_ tensor: Int, plane: Int? = nil) -> [Visits] {
    let rows = tensors[tensor].gridRows
    guard let plane else { return visits[tensor].flatMap { $0 } }
    return visits[tensor][plane * rows..<(plane + 1) * rows].flatMap { $0 }
  }

  /// The same for one tile.
  public func visits(_ tensor: Int, plane: Int, tileRow: Int, tileColumn: Int) -> Visits {
    visits[tensor][plane * tensors[tensor].gridRows + tileRow][tileColumn]
  }

  /// Applies one event of the op `op` of `block`, whose span is number `span`.
  mutating func apply(_ phase: Event.Phase, span: Int32, of times: Span, in blocks: [Block]) {
    guard times.block >= 0 else {
      if times.block == Span.launchStart { launch = Int(times.op) }
      return
    }
    let op = blocks[Int(times.block)].ops[Int(times.op)]
    let key = TileKey(block: times.block, tile: op.tile)
    if phase == .started {
      sram.start(span, of: times.block)
      if case .load = op.operation { sram.expect(key) }
      return
    }
    if phase == .finished { sram.finish(span, of: times.block) }
    finish(op, key, blocks)
  }

  private mutating func finish(_ op: Op, _ key: TileKey, _ blocks: [Block]) {
    let work = blocks[Int(key.block)].work(of: op)
    flops.all += work.matmul
    flops.again += work.recomputed
    switch op.operation {
    case .load(let region, _):
      sram.put(
        hbm.isEmpty ? blocks.placeholder(key) : hbm[region.tensor].tile(region), at: key)
      transfers[region.tensor].readBytes += work.hbmBytes
      visit(region) { $0.reads += 1 }
    case .store(let region):
      write(key, to: region)
      transfers[region.tensor].writeBytes += work.hbmBytes
      visit(region) { $0.writes += 1 }
    case .add(let region):
      if !hbm.isEmpty, let tile = sram[key] {
        var sum = hbm[region.tensor].tile(region)
        for index in sum.values.indices { sum.values[index] += tile.values[index] }
        hbm[region.tensor].set(region, to: sum, rounding: tensors[region.tensor].type)
      }
      transfers[region.tensor].readBytes += work.hbmBytes / 2
      transfers[region.tensor].writeBytes += work.hbmBytes / 2
      visit(region) { ($0.reads, $0.writes) = ($0.reads + 1, $0.writes + 1) }
    case .keep(let region):
      write(key, to: region)
    case .free:
      sram.take(key)
    case .barrier, .part, .lap, .skip: break
    default:
      sram.put(result(of: op, key, blocks), at: key)
    }
  }

  private mutating func write(_ key: TileKey, to region: Region) {
    guard !hbm.isEmpty, let tile = sram[key] else { return }
    hbm[region.tensor].set(region, to: tile, rounding: tensors[region.tensor].type)
  }

  private mutating func result(of op: Op, _ key: TileKey, _ blocks: [Block]) -> TileValues {
    guard !hbm.isEmpty else { return blocks.placeholder(key) }
    let inputs = blocks[Int(key.block)].inputs(of: op).map {
      sram[TileKey(block: key.block, tile: $0)]!
    }
    let shape = blocks.placeholder(key)
    let old =
      sram.take(key)
      ?? TileValues(rows: shape.rows, columns: shape.columns, repeating: 0)
    return Evaluation(mask: mask, inputs: inputs).result(op.operation, into: old)
  }

  /// Counts a transfer in every tile of the drawing grid that it touches.
  private mutating func visit(_ region: Region, _ count: (inout Visits) -> Void) {
    let tensor = tensors[region.tensor]
    guard region.count > 0 else { return }
    let plane = region.plane * tensor.gridRows
    for row in region.rows.lowerBound / tensor.tileRows...(region.rows.upperBound - 1)
      / tensor.tileRows
    {
      for column in region.columns.lowerBound / tensor.tileColumns...(region.columns.upperBound - 1)
        / tensor.tileColumns
      {
        count(&visits[region.tensor][plane + row][column])
      }
    }
  }

  /// The current values of a rectangle of HBM, as a copy.
  /// - Precondition: the run has values.
  public func tile(_ region: Region) -> TileValues { hbm[region.tensor].tile(region) }

  /// A tensor's current values.
  public func matrix(_ tensor: Int) -> Matrix? {
    guard !hbm.isEmpty else { return nil }
    let shape = tensors[tensor]
    return Matrix(
      planes: shape.planes, rows: shape.rows, columns: shape.columns,
      values: (0..<shape.planes * shape.rows).flatMap { hbm[tensor].row($0) })
  }
}

extension [Block] {
  /// Stands for a tile in a run without values.
  fileprivate func placeholder(_ key: TileKey) -> TileValues {
    let tiles = self[Int(key.block)].tiles
    return TileValues(
      rows: tiles[Int(key.tile)].rows, columns: tiles[Int(key.tile)].columns, values: [])
  }
}
