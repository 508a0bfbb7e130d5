// A thread block while it is recorded: `block.load(…)`, `block.multiply(…)`. Nothing is computed
// here. Each call adds an op with its cost and its dependencies; tiles are handles without values.

/// One thread block: its ops, in the order of the kernel's loops.
package struct Block: Sendable {
  package private(set) var ops: [Op] = []
  package private(set) var tiles: [TileInfo] = []
  /// The tiles that the ops read, one op after the other.
  package private(set) var inputPool: [TileID] = []
  var dependencies = Dependencies()
  /// The distinct costs of its ops, of which a loop has few. The first is no cost at all.
  private(set) var costs = [OpCost()]
  var buffers: [Buffer] = []
  let tensors: [Tensor]
  /// How many tiles of a loaded buffer may be in SRAM at once: 2 is double buffering.
  let stages: Int
  /// Operand format of products.
  let type: DataType
  /// The warp group that runs the ops recorded from here on.
  package var group = 0
  /// What its warp groups are called, and behind them its roles; empty if they have no names.
  package var parties: [String] = []
  /// The role that runs the ops recorded from here on in a warp group of its own, counted behind the groups that share
  /// the block's rows; nil: the current group does.
  package var role: Int?
  /// True if the warp groups do what is recorded from here on at the same time, because they have just begun together.
  package var isInStep = false
  /// True if the warp group goes on while the products recorded from here on run.
  package var isAsynchronous = false
  /// The costs in a released kernel; nil: those of the algorithm.
  let costModel: CostModel?
  /// True if only a sample of a long loop is recorded, for sampled simulation.
  let samplesLoops: Bool
  /// True if ops and tiles stay in memory once nothing waits for them. Timing-only runs do without,
  /// so that a long block takes little memory.
  let keepsOps: Bool
  /// Indices of freed tiles, for new tiles; unused if `keepsOps`.
  private var freeTiles: [TileID] = []
  /// Iterations that are not recorded: the ops of one that stands for them, and their number.
  var fastForwarded: [(ops: Range<Int>, times: Int)] = []

  /// Whether it has a product already: the loads before are those that it begins with.
  private var hasComputed = false
  /// The barrier with which a warp group took its turn last.
  private var turn: OpID?
  /// Whether a role asks for the products of its warp groups, in an order that keeps them apart.
  private(set) var keepsGroupsApart = false

  /// The last store to each region of HBM.
  private var stored: [Region: OpID] = [:]

  package init(
    tensors: [Tensor], stages: Int, type: DataType, costModel: CostModel? = nil,
    samplesLoops: Bool = false,
    keepsOps: Bool = true
  ) {
    self.tensors = tensors
    self.stages = stages
    self.type = type
    self.costModel = costModel
    self.samplesLoops = samplesLoops
    self.keepsOps = keepsOps
  }

  /// Number of ops recorded so far, kept or not.
  package var count: Int { dependencies.nodes.count }

  /// The tile that an op makes, loads or stores; nil for an op without a tile.
  package func tile(of op: Op) -> TileInfo? { op.tile.map { tiles[$0] } }

  /// The tiles that an op reads, in the order in which it names them.
  package func inputs(of op: Op) -> ArraySlice<TileID> {
    inputPool[Int(op.inputs.lowerBound)..<Int(op.inputs.upperBound)]
  }

  /// The cost of an op.
  package func cost(of op: Op) -> OpCost { costs[Int(op.cost)] }

  /// The block without the dependencies of its ops, which nothing needs once it has been timed.
  var withoutDependencies: Block {
    var block = self
    block.dependencies = Dependencies()
    return block
  }

  // MARK: Transfers

  /// Loads a region of HBM into a new tile.
  /// - Parameters:
  ///   - rows: a tile with the numbers of the rows to load, or of tiles of rows; nil: those of the region.
  ///   - isTurned: a row of the tensor becomes a column.
  ///   - copies: times that the region is loaded; more than 1 where threads share nothing and each
  ///     loads its own.
  package mutating func load(
    _ region: Region, rows: Tile? = nil, isTurned: Bool = false, copies: Int = 1,
    as kind: TileKind, line: Int
  ) -> Tile {
    let tensor = tensors[region.tensor]
    let (height, width) = (region.rows.count, region.columns.count)
    let tile = makeTile(
      kind, like: region, rows: isTurned ? width : height, columns: isTurned ? height : width,
      type: tensor.type, isLoaded: true)
    var cost = transfer(region)
    cost.hbmBytes *= copies
    cost.sharedBytes = cost.hbmBytes
    cost.elementwise = rows?.rows ?? 0
    let op = record(
      .load(region, copies: copies), .load, cost, rows.map { [$0] } ?? [], writes: tile, line: line)
    if let store = stored[region] { dependencies.wait(op, for: store) }
    return tile
  }

  private func transfer(_ region: Region, isStore: Bool = false) -> OpCost {
    var cost = OpCost()
    cost.hbmBytes = region.count * tensors[region.tensor].type.bytes
    cost.tensor = Int32(region.tensor)
    cost.isStore = isStore
    return cost
  }

  /// Stores a tile to a region of HBM.
  /// - Parameter rows: a tile with the numbers of the rows to write; nil: those of the region.
  package mutating func store(_ tile: Tile, to region: Region, rows: Tile? = nil, line: Int) {
    let type = tensors[region.tensor].type
    var cost = transfer(region, isStore: true)
    cost.sharedBytes = cost.hbmBytes
    cost.elementwise = (type == tiles[tile.id].type ? 0 : region.count) + (rows?.rows ?? 0)
    let op = record(
      .store(region), .store, cost, [tile] + (rows.map { [$0] } ?? []), about: tile, line: line)
    stored[region] = op
  }

  /// Adds a tile to a region of HBM, atomically.
  package mutating func add(_ tile: Tile, to region: Region, rows: Tile? = nil, line: Int) {
    var cost = transfer(region, isStore: true)
    cost.isAtomicAdd = true
    cost.hbmBytes *= 2
    cost.sharedBytes = cost.hbmBytes / 2
    cost.elementwise = rows?.rows ?? 0
    record(
      .add(region), .add, cost, [tile] + (rows.map { [$0] } ?? []), about: tile, line: line)
  }

  // MARK: Arithmetic

  /// Makes a tile for an op to write.
  package mutating func make(_ kind: TileKind, at place: Region, rows: Int, columns: Int) -> Tile {
    makeTile(kind, like: place, rows: rows, columns: columns)
  }

  /// Multiplies two tiles into `out`, which is new or is added to.
  package mutating func multiply(
    _ a: Tile, _ b: Tile, _ product: Product, into out: Tile, line: Int
  ) {
    buffers[Int(tiles[out.id].buffer)].isAccumulator = true
    if role != nil { keepsGroupsApart = true }
    var cost = self.cost(of: product, a, out, b)
    if product.isRepeated { cost.recomputed = cost.matmul }
    cost.multipliesOnLanes = product.isOnLanes
    record(
      .product(
        transposing: product.transposing, accumulating: product.accumulates,
        weighted: product.isWeighted),
      product.accumulates ? .accumulate : .multiply, cost, [a, b], writes: out, line: line)
  }

  /// The cost of a product. An operand that was loaded crosses the shared-memory port once;
  /// accumulators stay in registers.
  private func cost(of product: Product, _ a: Tile, _ out: Tile, _ b: Tile) -> OpCost {
    var cost = OpCost()
    cost.matmul = 2 * out.rows * out.columns * (product.transposing == .left ? a.rows : a.columns)
    cost.type = type
    for tile in [a, b] where tiles[tile.id].isLoaded {
      cost.sharedBytes += tiles[tile.id].bytes
    }
    return cost
  }

  /// Records an op on the FP32 lanes and the SFU that fills or changes `tile`.
  /// - Parameters:
  ///   - elementwise: operations on the FP32 lanes.
  ///   - exponential: operations on the SFU.
  package mutating func compute(
    _ operation: Operation, _ verb: Verb, _ inputs: [Tile], into tile: Tile, elementwise: Int,
    exponential: Int = 0, line: Int
  ) {
    var cost = OpCost()
    cost.elementwise = elementwise
    cost.exponential = exponential
    record(operation, verb, cost, inputs, writes: tile, line: line)
  }

  /// Records the order of a column's entries.
  package mutating func arrange(
    _ values: Tile, _ arrangement: Arrangement, into tile: Tile, line: Int
  ) {
    var cost = OpCost()
    let passes = arrangement.passes(over: values.rows)
    cost.elementwise = passes.operations
    cost.sharedBytes = passes.sharedBytes
    record(.arrange(arrangement), .sort, cost, [values], writes: tile, line: line)
  }

  /// Records a barrier at which the warp group waits for the group that took its turn before.
  package mutating func takeTurn(line: Int) {
    let op = record(.barrier, .sync, OpCost(), [], line: line)
    if let turn { dependencies.wait(op, for: turn) }
    turn = op
  }

  /// How far each of the first `groups` warp groups has come: the last of its ops that it waited for.
  package func arrivals(of groups: Int) -> [OpID] {
    (0..<groups).map { dependencies.last(in: .compute(of: $0, asynchronous: false)) }
  }

  /// Records a barrier at which the warp group waits until all groups have come as far as `arrivals`.
  package mutating func meet(_ arrivals: [OpID], line: Int) {
    let op = record(.barrier, .sync, OpCost(), [], line: line)
    for arrival in arrivals { dependencies.wait(op, for: arrival) }
  }

  /// Records the time of work that nobody needs: the current warp group takes as long as another did for the ops
  /// `work`. Nothing is computed and nothing is moved.
  package mutating func repeatWork(of work: Range<Int>, line: Int) {
    var repeated: [Int: OpID] = [:]
    for op in work where dependencies.nodes[op].stream.isArithmetic {
      let node = dependencies.nodes[op]
      repeated[op] = record(
        .part, .prepare, costs[Int(node.cost)].ofWorkAlone, [],
        in: .compute(of: group, asynchronous: node.stream.isAsynchronous), line: line)
    }
    for op in work {
      guard let copy = repeated[op] else { continue }
      for follower in dependencies.followers(of: op) {
        if let other = repeated[follower.index] { dependencies.wait(other, for: copy) }
      }
    }
  }

  // MARK: Housekeeping

  /// Frees a tile once its last reader has finished.
  package mutating func free(_ tile: Tile, line: Int) {
    let op = record(.free, .free, OpCost(), [tile], about: tile, line: line)
    let buffer = Int(tiles[tile.id].buffer)
    buffers[buffer].frees.append(op)
    buffers[buffer].allocatedTiles -= 1
    if !keepsOps { freeTiles.append(tile.id) }
  }

  /// Keeps a tile's values for the report, as a region of a tensor, without traffic.
  package mutating func keep(_ tile: Tile, as region: Region, line: Int) {
    record(.keep(region), .keep, OpCost(), [tile], about: tile, line: line)
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
    buffers[buffer].allocations.append(OpID(count))
    buffers[buffer].allocatedTiles += 1
    buffers[buffer].slots = max(buffers[buffer].slots, buffers[buffer].allocatedTiles)
    if let id = freeTiles.popLast() {
      tiles[id] = info
      dependencies.forgetTile(id)
      return Tile(id: id, rows: rows, columns: columns)
    }
    tiles.append(info)
    dependencies.addTile()
    return Tile(id: TileID(tiles.count - 1), rows: rows, columns: columns)
  }

  private mutating func bufferIndex(_ name: String, _ isLoaded: Bool) -> Int {
    // A warp group has registers of its own; loaded tiles are shared by all groups.
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
    _ operation: Operation, _ verb: Verb, _ cost: OpCost, _ inputs: [Tile],
    writes written: Tile? = nil,
    about tile: Tile? = nil, in stream: Stream? = nil, line: Int
  ) -> OpID {
    var cost = cost
    if let costModel, operation.hasCost {
      let costed = CostedOp(
        operation: operation, verb: verb, tile: (written ?? tile).map { tiles[$0.id] },
        inputs: inputs.map { tiles[$0.id] })
      for part in costModel(costed, &cost) { record(.part, .prepare, part, inputs, line: line) }
      if let lanes = cost.takeLanes() { record(.part, .prepare, lanes, inputs, line: line) }
    }
    if case .load = operation { cost.isAtStart = !hasComputed }
    if case .product = operation { hasComputed = true }
    let stream = stream ?? self.stream(of: operation)
    cost.isInStep = isInStep && stream.isArithmetic
    let op = Op(
      operation: operation, verb: verb, cost: costIndex(cost), tile: (written ?? tile)?.id,
      inputs: Int32(inputPool.count)..<Int32(inputPool.count + inputs.count),
      stream: stream, line: Int16(line))
    let id = OpID(count)
    if keepsOps { ops.append(op) }
    dependencies.addOp(in: op.stream, cost: op.cost)
    for input in inputs {
      if keepsOps { inputPool.append(input.id) }
      if case .free = operation {
        dependencies.free(input.id, by: id)
      } else {
        dependencies.read(input.id, by: id)
      }
    }
    if let written { dependencies.write(written.id, by: id) }
    return id
  }

  private func stream(of operation: Operation) -> Stream {
    switch operation {
    case .load: .load
    case .store, .add: .store
    case .free, .keep: .none
    case .product: .compute(of: role ?? group, asynchronous: isAsynchronous)
    default: .compute(of: role ?? group, asynchronous: false)
    }
  }

  private mutating func costIndex(_ cost: OpCost) -> Int16 {
    for index in costs.indices where costs[index] == cost { return Int16(index) }
    costs.append(cost)
    return Int16(costs.count - 1)
  }
}

/// Index of a thread block in a run, in the order of dispatch.
package typealias BlockID = ID<Block>
