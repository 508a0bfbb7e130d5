// What a kernel file talks to: `sm.load(…)`, `sm.multiply(…)`. Nothing runs here. Every call notes
// an op with its cost, and which earlier ops it must wait for; tiles are handles without values.

/// One thread block: its ops in the order of the kernel's loops.
public struct Block: Sendable {
  public private(set) var ops: [Op] = []
  public private(set) var tiles: [TileInfo] = []
  public private(set) var inputPool: [Int32] = []
  var dependencies = Dependencies()
  /// The different works of its ops: a loop needs few. The first is none at all.
  private(set) var works = [Work()]
  var buffers: [Buffer] = []
  let tensors: [Tensor]
  /// How many tiles of a loaded buffer may be in SRAM at once: 2 is double buffering.
  let stages: Int
  /// Operand format of products.
  let type: DataType
  /// The warp group that works from here on, and whether it goes on while its products run.
  public var group = 0
  public var isAsynchronous = false
  /// What its steps cost a released kernel; nil: what the algorithm says.
  let price: Price?
  /// Long loops are cut short, in a run that only needs times.
  let foldsLoops: Bool
  /// Ops and tiles are kept when nothing waits for them any more; a run that only needs times can do
  /// without, so that a long block stays small.
  let keepsOps: Bool
  private var freeTiles: [Int32] = []
  /// Iterations that were cut: ops that stand for one of them, and how many there were.
  var folded: [(ops: Range<Int>, times: Int)] = []

  /// The op with which a warp group took its turn last.
  private var turn: Int32?

  /// The last store to each rectangle of HBM.
  private var stored: [Region: Int32] = [:]

  public init(
    tensors: [Tensor], stages: Int, type: DataType, price: Price? = nil, foldsLoops: Bool = false,
    keepsOps: Bool = true
  ) {
    self.tensors = tensors
    self.stages = stages
    self.type = type
    self.price = price
    self.foldsLoops = foldsLoops
    self.keepsOps = keepsOps
  }

  /// Ops recorded so far, kept or not.
  var count: Int { dependencies.nodes.count }

  public func inputs(of op: Op) -> ArraySlice<Int32> {
    inputPool[Int(op.inputs.lowerBound)..<Int(op.inputs.upperBound)]
  }

  /// What an op uses up.
  public func work(of op: Op) -> Work { works[Int(op.work)] }

  /// The same block once it has been timed: without the arrows between its ops.
  var timed: Block {
    var block = self
    block.dependencies = Dependencies()
    return block
  }

  // MARK: Transfers

  /// Bring a rectangle of HBM into SRAM.
  public mutating func load(_ region: Region, copies: Int = 1, as kind: TileKind, line: Int) -> Tile
  {
    let tensor = tensors[region.tensor]
    let tile = makeTile(
      kind, like: region, rows: region.rows.count, columns: region.columns.count,
      type: tensor.type, isLoaded: true)
    var work = transfer(region)
    work.hbmBytes *= copies
    work.sharedBytes = work.hbmBytes
    let op = record(.load(region, copies: copies), .load, work, [], writes: tile, line: line)
    if let store = stored[region] { dependencies.wait(op, for: store) }
    return tile
  }

  private func transfer(_ region: Region, isStore: Bool = false) -> Work {
    var work = Work()
    work.hbmBytes = region.count * tensors[region.tensor].type.bytes
    work.tensor = Int32(region.tensor)
    work.isStore = isStore
    return work
  }

  /// Write a tile to HBM.
  public mutating func store(_ tile: Tile, to region: Region, line: Int) {
    let type = tensors[region.tensor].type
    var work = transfer(region, isStore: true)
    work.sharedBytes = work.hbmBytes
    if type != tiles[Int(tile.id)].type { work.elementwise = region.count }
    let op = record(.store(region), .store, work, [tile], about: tile, line: line)
    stored[region] = op
  }

  /// Add a tile to what HBM holds, whoever else adds to it.
  public mutating func add(_ tile: Tile, to region: Region, line: Int) {
    var work = transfer(region, isStore: true)
    work.goesBothWays = true
    work.hbmBytes *= 2
    work.sharedBytes = work.hbmBytes / 2
    record(.add(region), .add, work, [tile], about: tile, line: line)
  }

  // MARK: Arithmetic

  /// A tile that an op is about to make.
  public mutating func make(_ kind: TileKind, at place: Region, rows: Int, columns: Int) -> Tile {
    makeTile(kind, like: place, rows: rows, columns: columns)
  }

  /// A product into `out`, which is new or added to.
  public mutating func multiply(_ a: Tile, _ b: Tile, _ product: Product, into out: Tile, line: Int)
  {
    var work = self.work(of: product, a, out, b)
    if product.isRepeated { work.recomputed = work.matmul }
    work.multipliesOnLanes = product.isOnLanes
    record(
      .product(
        transposing: product.transposing, accumulating: product.accumulates,
        weighted: product.isWeighted),
      product.accumulates ? .accumulate : .multiply, work, [a, b], writes: out, line: line)
  }

  /// Operands cross the shared-memory port once if they were loaded; accumulators stay in registers.
  private func work(of product: Product, _ a: Tile, _ out: Tile, _ b: Tile) -> Work {
    var work = Work()
    work.matmul = 2 * out.rows * out.columns * (product.transposing == .left ? a.rows : a.columns)
    work.type = type
    for tile in [a, b] where tiles[Int(tile.id)].isLoaded {
      work.sharedBytes += tiles[Int(tile.id)].bytes
    }
    return work
  }

  /// An op on the FP32 lanes and the SFU that makes `tile`, or changes it.
  public mutating func compute(
    _ operation: Operation, _ verb: Verb, _ inputs: [Tile], into tile: Tile, elementwise: Int,
    exponential: Int = 0, line: Int
  ) {
    var work = Work()
    work.elementwise = elementwise
    work.exponential = exponential
    record(operation, verb, work, inputs, writes: tile, line: line)
  }

  /// A warp group waits until it is its turn, after the one that had it last.
  public mutating func takeTurn(line: Int) {
    let op = record(.barrier, .sync, Work(), [], line: line)
    if let turn { dependencies.wait(op, for: turn) }
    turn = op
  }

  // MARK: Housekeeping

  /// Give a tile back, once its last reader has finished.
  public mutating func free(_ tile: Tile, line: Int) {
    let op = record(.free, .free, Work(), [tile], about: tile, line: line)
    let buffer = Int(tiles[Int(tile.id)].buffer)
    buffers[buffer].frees.append(op)
    buffers[buffer].live -= 1
    if !keepsOps { freeTiles.append(tile.id) }
  }

  /// Note a tile's values for the report without moving them.
  public mutating func keep(_ tile: Tile, as region: Region, line: Int) {
    record(.keep(region), .keep, Work(), [tile], about: tile, line: line)
  }

  // MARK: Recording

  private mutating func makeTile(
    _ kind: TileKind, like place: Region, rows: Int, columns: Int, type: DataType = .fp32,
    isLoaded: Bool = false
  ) -> Tile {
    let buffer = bufferIndex(kind.name, isLoaded)
    let info = TileInfo(
      kind: kind, place: place, rows: rows, columns: columns, type: type, isLoaded: isLoaded,
      buffer: Int32(buffer))
    buffers[buffer].bytes = max(buffers[buffer].bytes, info.bytes)
    buffers[buffer].allocations.append(Int32(count))
    buffers[buffer].live += 1
    buffers[buffer].slots = max(buffers[buffer].slots, buffers[buffer].live)
    if let id = freeTiles.popLast() {
      tiles[Int(id)] = info
      dependencies.forgetTile(id)
      return Tile(id: id, rows: rows, columns: columns)
    }
    tiles.append(info)
    dependencies.addTile()
    return Tile(id: Int32(tiles.count - 1), rows: rows, columns: columns)
  }

  private mutating func bufferIndex(_ name: String, _ isLoaded: Bool) -> Int {
    // What a group computes is in registers of its own; what is loaded, all of them share.
    let group = isLoaded ? 0 : group
    for index in buffers.indices
    where buffers[index].name == name && buffers[index].group == group {
      return index
    }
    buffers.append(Buffer(name: name, group: group, isLoaded: isLoaded))
    return buffers.count - 1
  }

  @discardableResult
  mutating func record(
    _ operation: Operation, _ verb: Verb, _ work: Work, _ inputs: [Tile],
    writes written: Tile? = nil,
    about tile: Tile? = nil, in stream: Stream? = nil, line: Int
  ) -> Int32 {
    var work = work
    if let price, operation.isPriced {
      let step = Step(
        operation: operation, verb: verb, tile: (written ?? tile).map { tiles[Int($0.id)] },
        inputs: inputs.map { tiles[Int($0.id)] })
      for part in price(step, &work) { record(.part, .prepare, part, inputs, line: line) }
      if let lanes = work.takeLanes() { record(.part, .prepare, lanes, inputs, line: line) }
    }
    let op = Op(
      operation: operation, verb: verb, work: workIndex(work), tile: (written ?? tile)?.id ?? -1,
      inputs: Int32(inputPool.count)..<Int32(inputPool.count + inputs.count), line: Int16(line))
    let index = Int32(count)
    if keepsOps { ops.append(op) }
    dependencies.addOp(in: stream ?? self.stream(of: op), work: op.work)
    for input in inputs {
      if keepsOps { inputPool.append(input.id) }
      if case .free = operation {
        dependencies.free(input.id, by: index)
      } else {
        dependencies.read(input.id, by: index)
      }
    }
    if let written { dependencies.write(written.id, by: index) }
    return index
  }

  private func stream(of op: Op) -> Stream {
    switch op.operation {
    case .load: .load
    case .store, .add: .store
    case .free, .keep: .none
    case .product: .compute(of: group, asynchronous: isAsynchronous)
    default: .compute(of: group, asynchronous: false)
    }
  }

  private mutating func workIndex(_ work: Work) -> Int16 {
    for index in works.indices where works[index] == work { return Int16(index) }
    works.append(work)
    return Int16(works.count - 1)
  }
}
