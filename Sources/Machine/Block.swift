// What a kernel file talks to: `sm.load(…)`, `sm.multiply(…)`. Nothing runs here. Every call notes
// an op with its cost, and which earlier ops it must wait for; tiles are handles without values.

/// A handle to a tile in SRAM.
public struct Tile: Sendable {
  public var id: Int32
  public var rows: Int
  public var columns: Int
}

/// What is known of a tile before anything has run.
public struct TileInfo: Sendable {
  /// The name of the buffer it lives in: `K`.
  public var name: String
  /// The rectangle it stands for, with its plane and its numbers in the tiling.
  public var place: Region
  public var rows: Int
  public var columns: Int
  public var type: DataType
  /// True in shared memory (loaded), false in registers (computed).
  public var isLoaded: Bool
  var buffer: Int32

  public var bytes: Int { rows * columns * type.bytes }
}

/// One thread block: its ops in the order of the kernel's loops.
public struct Block: Sendable {
  public private(set) var ops: [Op] = []
  public private(set) var tiles: [TileInfo] = []
  public private(set) var inputPool: [Int32] = []
  /// `before, after` pairs: `after` starts when `before` has finished.
  var edges: [(before: Int32, after: Int32)] = []
  var buffers: [Buffer] = []
  let tensors: [Tensor]
  /// How many tiles of a loaded buffer may be in SRAM at once: 2 is double buffering.
  let stages: Int
  /// Operand format of products.
  let type: DataType

  /// The last op that wrote each tile, and those that read it since.
  private var writer: [Int32] = []
  private var readers: [[Int32]] = []
  private var stored: [Region: Int32] = [:]

  /// A run of tiles of one name that take turns in the same SRAM.
  struct Buffer: Sendable {
    var name: String
    var isLoaded: Bool
    var bytes = 0
    var live = 0
    var slots = 0
    /// Op that first writes the nth tile, and op that frees it.
    var allocations: [Int32] = []
    var frees: [Int32] = []
  }

  public init(tensors: [Tensor], stages: Int, type: DataType) {
    self.tensors = tensors
    self.stages = stages
    self.type = type
  }

  public func inputs(of op: Op) -> ArraySlice<Int32> {
    inputPool[Int(op.inputs.lowerBound)..<Int(op.inputs.upperBound)]
  }

  // MARK: Transfers

  /// Bring a rectangle of HBM into SRAM.
  public mutating func load(_ region: Region, copies: Int = 1, line: Int) -> Tile {
    let tensor = tensors[region.tensor]
    let tile = makeTile(
      tensor.name, like: region, rows: region.rows.count, columns: region.columns.count,
      type: tensor.type, isLoaded: true)
    var work = Work()
    work.hbmBytes = region.count * tensor.type.bytes * copies
    work.sharedBytes = work.hbmBytes
    let op = record(.load(region, copies: copies), work, [], writes: tile, line: line)
    if let store = stored[region] { edges.append((store, op)) }
    return tile
  }

  /// Write a tile to HBM.
  public mutating func store(_ tile: Tile, to region: Region, line: Int) {
    let type = tensors[region.tensor].type
    var work = Work()
    work.hbmBytes = region.count * type.bytes
    work.sharedBytes = work.hbmBytes
    if type != tiles[Int(tile.id)].type { work.elementwise = region.count }
    let op = record(.store(region), work, [tile], about: tile, line: line)
    stored[region] = op
  }

  // MARK: Compute

  /// A new tile full of `value`.
  public mutating func fill(
    _ name: String, like place: Region, rows: Int, columns: Int, with value: Float, line: Int
  ) -> Tile {
    let tile = makeTile(name, like: place, rows: rows, columns: columns)
    var work = Work()
    work.elementwise = rows * columns
    record(.fill(value), work, [], writes: tile, line: line)
    return tile
  }

  /// a·b, or a·bᵀ if `transposed`, as a new tile.
  public mutating func multiply(
    _ a: Tile, _ b: Tile, transposed: Bool = false, masked: Region? = nil, as name: String,
    at place: Region, line: Int
  ) -> Tile {
    let tile = makeTile(name, like: place, rows: a.rows, columns: transposed ? b.rows : b.columns)
    record(
      .multiply(transposed: transposed, accumulating: false, masked: masked), product(a, tile, b),
      [a, b], writes: tile, line: line)
    return tile
  }

  /// out ← out + a·b; `onLanes` where every thread multiplies for itself.
  public mutating func accumulate(
    _ a: Tile, _ b: Tile, masked: Region? = nil, onto out: Tile, onLanes: Bool = false, line: Int
  ) {
    var work = product(a, out, b)
    work.multipliesOnLanes = onLanes
    record(
      .multiply(transposed: false, accumulating: true, masked: masked), work, [a, b], writes: out,
      line: line)
  }

  /// Operands cross the shared-memory port once if they were loaded; accumulators stay in registers.
  private func product(_ a: Tile, _ out: Tile, _ b: Tile) -> Work {
    var work = Work()
    work.matmul = 2 * out.rows * out.columns * a.columns
    work.type = type
    for tile in [a, b] where tiles[Int(tile.id)].isLoaded {
      work.sharedBytes += tiles[Int(tile.id)].bytes
    }
    return work
  }

  /// An op on the FP32 lanes and the SFU that makes a new tile.
  public mutating func compute(
    _ operation: Operation, _ inputs: [Tile], as name: String, at place: Region, rows: Int,
    columns: Int = 1, elementwise: Int, exponential: Int = 0, line: Int
  ) -> Tile {
    let tile = makeTile(name, like: place, rows: rows, columns: columns)
    var work = Work()
    work.elementwise = elementwise
    work.exponential = exponential
    record(operation, work, inputs, writes: tile, line: line)
    return tile
  }

  /// The same, changing `tile` in place.
  public mutating func update(
    _ tile: Tile, _ operation: Operation, _ inputs: [Tile], elementwise: Int, exponential: Int = 0,
    line: Int
  ) {
    var work = Work()
    work.elementwise = elementwise
    work.exponential = exponential
    record(operation, work, inputs, writes: tile, line: line)
  }

  // MARK: Housekeeping

  /// Give tiles back. Each waits until its last reader has finished.
  public mutating func free(_ freed: Tile..., line: Int) {
    for tile in freed {
      let op = record(.free, Work(), [tile], about: tile, line: line)
      let buffer = Int(tiles[Int(tile.id)].buffer)
      buffers[buffer].frees.append(op)
      buffers[buffer].live -= 1
    }
  }

  /// Note a tile's values for the report without moving them.
  public mutating func keep(_ tile: Tile, as region: Region, line: Int) {
    record(.keep(region), Work(), [tile], about: tile, line: line)
  }

  // MARK: Recording

  private mutating func makeTile(
    _ name: String, like place: Region, rows: Int, columns: Int, type: DataType = .fp32,
    isLoaded: Bool = false
  ) -> Tile {
    let buffer = bufferIndex(name, isLoaded)
    let info = TileInfo(
      name: name, place: place, rows: rows, columns: columns, type: type, isLoaded: isLoaded,
      buffer: Int32(buffer))
    buffers[buffer].bytes = max(buffers[buffer].bytes, info.bytes)
    buffers[buffer].allocations.append(Int32(ops.count))
    buffers[buffer].live += 1
    buffers[buffer].slots = max(buffers[buffer].slots, buffers[buffer].live)
    tiles.append(info)
    writer.append(-1)
    readers.append([])
    return Tile(id: Int32(tiles.count - 1), rows: rows, columns: columns)
  }

  private mutating func bufferIndex(_ name: String, _ isLoaded: Bool) -> Int {
    for index in buffers.indices where buffers[index].name == name { return index }
    buffers.append(Buffer(name: name, isLoaded: isLoaded))
    return buffers.count - 1
  }

  @discardableResult
  private mutating func record(
    _ operation: Operation, _ work: Work, _ inputs: [Tile], writes written: Tile? = nil,
    about tile: Tile? = nil, line: Int
  ) -> Int32 {
    let op = Int32(ops.count)
    let first = Int32(inputPool.count)
    for input in inputs {
      inputPool.append(input.id)
      wait(op, for: writer[Int(input.id)])
      // A free must also wait for everyone who still reads the tile.
      if operation == .free { for reader in readers[Int(input.id)] { wait(op, for: reader) } }
      readers[Int(input.id)].append(op)
    }
    if let written {
      wait(op, for: writer[Int(written.id)])
      for reader in readers[Int(written.id)] { wait(op, for: reader) }
      readers[Int(written.id)].removeAll(keepingCapacity: true)
      writer[Int(written.id)] = op
    }
    ops.append(
      Op(
        operation: operation, work: work, tile: (written ?? tile)?.id ?? -1,
        inputs: first..<Int32(inputPool.count), line: Int16(line)))
    return op
  }

  private mutating func wait(_ op: Int32, for before: Int32) {
    if before >= 0, before != op { edges.append((before, op)) }
  }
}
