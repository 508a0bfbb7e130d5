// What HBM and SRAM hold after some events. A state knows no cycles: it is told which op has
// started or finished, and applies the effect of the op.

/// The contents of the memories after some events of a run.
package struct State: Sendable, Equatable {
  /// The values of each tensor; empty in a run without values.
  package private(set) var hbm: [TensorValues]
  /// The tiles in SRAM, and the spans that are running.
  package private(set) var sram = SRAMContents()
  /// FLOPs of the products that have finished.
  package private(set) var flops = Flops()
  /// Per tensor: bytes loaded and stored so far, as the algorithm counts them.
  package private(set) var transfers: [Transfers]
  /// Per tensor, row of its grid (plane after plane) and column: the transfers of that tile.
  private var transferCounts: [[[TileTransferCounts]]]
  /// Index of the launch that began last.
  package private(set) var launch = 0
  private let tensors: [Tensor]
  private let mask: Mask?

  package init(_ program: Program, inputs: [String: Matrix]?) {
    tensors = program.tensors
    mask = program.mask
    hbm = inputs.map { inputs in program.tensors.map { TensorValues($0, inputs[$0.name]) } } ?? []
    transfers = program.tensors.map { _ in Transfers() }
    transferCounts = program.tensors.map {
      let row = Array(repeating: TileTransferCounts(), count: $0.gridColumns)
      return Array(repeating: row, count: $0.planes * $0.gridRows)
    }
  }

  /// Spans that have started and not finished, in the order of issue.
  package var running: [SpanID] { sram.running }
  /// Tiles whose load is running.
  package var arriving: Set<TileKey> { sram.arriving }

  /// The transfers of each tile of a tensor's grid, row by row, in all planes or in one.
  package func transferCounts(_ tensor: Int, plane: Int? = nil) -> [TileTransferCounts] {
    let rows = tensors[tensor].gridRows
    guard let plane else { return transferCounts[tensor].flatMap { $0 } }
    return transferCounts[tensor][plane * rows..<(plane + 1) * rows].flatMap { $0 }
  }

  /// The transfers of one tile of a tensor's grid.
  package func transferCounts(_ tensor: Int, plane: Int, tileRow: Int, tileColumn: Int)
    -> TileTransferCounts
  {
    transferCounts[tensor][plane * tensors[tensor].gridRows + tileRow][tileColumn]
  }

  /// Applies one event: `subject` has started or finished, in span `span`.
  mutating func apply(
    _ phase: Event.Phase, _ span: SpanID, _ subject: Span.Subject, in blocks: [Block]
  ) {
    let place: OpPlace
    switch subject {
    case .op(let found): place = found
    case .launchStart(let index):
      launch = Int(index)
      return
    case .launchEnd: return
    }
    let op = blocks[place.block].ops[place.op]
    if phase == .started {
      sram.start(span, of: place.block)
      if case .load = op.operation, let tile = op.tile {
        sram.expect(TileKey(block: place.block, tile: tile))
      }
      return
    }
    if phase == .finished { sram.finish(span, of: place.block) }
    finish(op, of: place.block, blocks)
  }

  /// Applies the effect of an op that has finished.
  private mutating func finish(_ op: Op, of block: BlockID, _ blocks: [Block]) {
    let cost = blocks[block].cost(of: op)
    flops.all += cost.matmul
    flops.recomputed += cost.recomputed
    guard let tile = op.tile else { return }
    let key = TileKey(block: block, tile: tile)
    switch op.operation {
    case .load(let region, _):
      var tile = blocks.placeholder(key)
      let places = places(of: region, op, block, blocks)
      if !hbm.isEmpty {
        // A whole tile is shared, not copied.
        tile.values =
          places.count == 1
          ? hbm[region.tensor].tile(places[0]).values
          : places.flatMap { hbm[region.tensor].tile($0).values }
      }
      sram.put(tile, at: key)
      transfers[region.tensor].readBytes += cost.hbmBytes
      for place in places { visit(place) { $0.reads += 1 } }
    case .store(let region):
      let places = places(of: region, op, block, blocks)
      write(key, to: places)
      transfers[region.tensor].writeBytes += cost.hbmBytes
      for place in places { visit(place) { $0.writes += 1 } }
    case .add(let region):
      let places = places(of: region, op, block, blocks)
      if !hbm.isEmpty, let tile = sram[key] {
        for (place, part) in zip(places, tile.parts(like: places)) {
          var sum = hbm[region.tensor].tile(place)
          for index in sum.values.indices { sum.values[index] += part.values[index] }
          hbm[region.tensor].set(place, to: sum, rounding: tensors[region.tensor].type)
        }
      }
      transfers[region.tensor].readBytes += cost.hbmBytes / 2
      transfers[region.tensor].writeBytes += cost.hbmBytes / 2
      for place in places { visit(place) { ($0.reads, $0.writes) = ($0.reads + 1, $0.writes + 1) } }
    case .keep(let region):
      write(key, to: [region])
    case .free:
      sram.take(key)
    case .barrier, .part, .sampleMark: break
    default:
      sram.put(result(of: op, key, blocks), at: key)
    }
  }

  private mutating func write(_ key: TileKey, to places: [Region]) {
    guard !hbm.isEmpty, let tile = sram[key] else { return }
    for (place, part) in zip(places, tile.parts(like: places)) {
      hbm[place.tensor].set(place, to: part, rounding: tensors[place.tensor].type)
    }
  }

  /// Where a transfer reads or writes: its region, or the rows that its tile of numbers names. Without values it
  /// is the region.
  /// - Precondition: the tile of numbers is in SRAM.
  package func places(of region: Region, _ op: Op, _ block: BlockID, _ blocks: [Block]) -> [Region]
  {
    guard region.rowsPerNumber != nil, !hbm.isEmpty else { return [region] }
    let inputs = blocks[block].inputs(of: op)
    let tensor = tensors[region.tensor]
    guard let rows = op.operation.isStore ? inputs.dropFirst().first : inputs.first,
      let numbers = sram[TileKey(block: block, tile: rows)]?.values.lazy.map({ Double($0) }),
      let ranges = region.rows(named: numbers, of: tensor.rows)
    else { return [region] }
    return ranges.map { rows in
      var place = region
      (place.rows, place.rowsPerNumber) = (rows, nil)
      place.tileRow = rows.lowerBound / max(1, tensor.tileRows)
      return place
    }
  }

  private mutating func result(of op: Op, _ key: TileKey, _ blocks: [Block]) -> TileValues {
    guard !hbm.isEmpty else { return blocks.placeholder(key) }
    let inputs = blocks[key.block].inputs(of: op).map {
      sram[TileKey(block: key.block, tile: $0)]!
    }
    let shape = blocks.placeholder(key)
    let old =
      sram.take(key)
      ?? TileValues(rows: shape.rows, columns: shape.columns, repeating: 0)
    return Evaluation(mask: mask, inputs: inputs).result(op.operation, into: old)
  }

  /// Counts a transfer for every tile of the drawing grid that it touches.
  private mutating func visit(_ region: Region, _ count: (inout TileTransferCounts) -> Void) {
    let tensor = tensors[region.tensor]
    let plane = region.plane * tensor.gridRows
    let cells = region.cells(tileRows: tensor.tileRows, tileColumns: tensor.tileColumns)
    for row in cells.rows {
      for column in cells.columns { count(&transferCounts[region.tensor][plane + row][column]) }
    }
  }

  /// A copy of the current values of a region of HBM.
  /// - Precondition: the run has values.
  package func tile(_ region: Region) -> TileValues { hbm[region.tensor].tile(region) }

  /// The current values of a tensor in HBM; nil in a run without values.
  package func matrix(_ tensor: Int) -> Matrix? {
    guard !hbm.isEmpty else { return nil }
    let shape = tensors[tensor]
    return Matrix(
      planes: shape.planes, rows: shape.rows, columns: shape.columns,
      values: (0..<shape.planes * shape.rows).flatMap { hbm[tensor].row($0) })
  }
}

extension [Block] {
  /// A tile of the right shape without values, for a run without values.
  fileprivate func placeholder(_ key: TileKey) -> TileValues {
    let tiles = self[key.block].tiles
    return TileValues(
      rows: tiles[key.tile].rows, columns: tiles[key.tile].columns, values: [])
  }
}
