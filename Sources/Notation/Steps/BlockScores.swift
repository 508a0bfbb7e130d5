// Ops on a tile of scores or weights: logits, softcap gradient, dropout, rounding; and the stores
// for rows that no iteration has visited.

import Machine

extension BlockRecorder {
  /// Applies scale, softcap, bias and mask to a tile of scores, in this order.
  func makeLogits(
    _ tile: Tile, _ scale: Double, _ seesAll: Bool, _ line: Int, _ block: inout Block
  ) {
    let place = block.tiles[tile.id].place
    let coverage =
      seesAll
      ? (setting.mask.rule == .none ? .all : .some)
      : setting.mask.coverage(plane: place.plane, rows: place.rows, columns: place.columns)
    let masked = coverage == .all ? nil : place
    let bias = load(compiledLaunch.bias, "bias", place, line, &block)
    let table = masked == nil ? nil : load(compiledLaunch.table, "mask", place, line, &block)
    let rule = Logits(
      scale: Float(scale), softcap: setting.softcap.map(Float.init), hasBias: bias != nil,
      masked: masked)
    let steps =
      (rule.scale == 1 ? 0 : 1) + (rule.softcap == nil ? 0 : 2) + (rule.hasBias ? 1 : 0)
      + (masked == nil ? 0 : 1)
    let count = tile.rows * tile.columns
    let inputs = [bias, table].compactMap { $0 }
    if steps > 0 {
      block.compute(
        .logits(rule), masked == nil ? .scale : .mask, inputs, into: tile,
        elementwise: steps * count, exponential: rule.softcap == nil ? 0 : count, line: line)
    }
    for input in inputs { block.free(input, line: line) }
  }

  /// Loads the tile of the bias or the mask table that belongs to a tile of scores; nil if there is
  /// none.
  func load(
    _ tensor: Int?, _ name: String, _ place: Region, _ line: Int, _ block: inout Block
  ) -> Tile? {
    guard let tensor else { return nil }
    let planes = name == "bias" ? setting.biasPlanes : setting.maskPlanes
    var region = place
    region.tensor = tensor
    region.plane = headPlane(place.plane, of: planes ?? 1, heads: setting.heads)
    return block.load(region, as: TileKind(name, rows: .queries, columns: .keys), line: line)
  }

  /// Multiplies a gradient by the derivative of the softcap, 1 − (s / cap)², where s is the capped
  /// score without its bias.
  func multiplyBySoftcapGradient(
    _ tile: Tile, _ score: Tile, _ cap: Double, _ line: Int, _ block: inout Block
  ) {
    let bias = load(compiledLaunch.bias, "bias", block.tiles[tile.id].place, line, &block)
    let bare: Expression = bias == nil ? .input(0) : .subtract(.input(0), .input(1))
    let slope = Expression.subtract(.number(1), .square(.divide(bare, .number(Float(cap)))))
    block.compute(
      .compute(.weigh(.itself, slope)), .gradient, [score] + [bias].compactMap { $0 }, into: tile,
      elementwise: (bias == nil ? 4 : 5) * tile.rows * tile.columns, line: line)
    if let bias { block.free(bias, line: line) }
  }

  mutating func draw(
    _ slot: Slot, _ new: NewTile?, _ drawn: DropoutTarget, _ like: Slot?, _ line: Int,
    _ block: inout Block
  ) {
    guard let rule = setting.dropout, let scores = self[like ?? slot] else { return }
    var place = block.tiles[scores.id].place
    place.plane = head
    var tile = self[slot]
    if let new {
      let region = region(new.place)
      tile = block.make(new.kind, at: region, rows: scores.rows, columns: scores.columns)
    }
    guard let tile else { return }
    block.compute(
      .random(rule, place, drawn), drawn == .keepMask ? .draw : .drop, [], into: tile,
      elementwise: tile.rows * tile.columns * Dropout.operationsPerElement, line: line)
    if new != nil { bind(tile, to: slot) }
  }

  func convert(_ tile: Tile, _ line: Int, _ block: inout Block) {
    block.compute(
      .convert(setting.type), .convert, [], into: tile, elementwise: tile.rows * tile.columns,
      line: line)
  }

  // MARK: Rows that no iteration has visited

  /// Stores the initial values of row blocks that no iteration has visited, each once.
  mutating func storeInitialValues(_ unseen: UnvisitedRows, _ block: inout Block) {
    guard let variable = unseen.variable else {
      storeInitialValues(unseen.stores.filter { !stored.contains(region($0.region)) }, &block)
      return
    }
    let rows = compiledLaunch.count(of: variable)
    for (offset, head) in heads.enumerated() {
      for i in 0..<rows where i % compiledLaunch.splitCount == split && !visited[offset * rows + i]
      {
        go(variable, to: i, head: head)
        storeInitialValues(unseen.stores, &block)
      }
    }
  }

  private func storeInitialValues(_ stores: [UnvisitedRows.Store], _ block: inout Block) {
    let tiles = stores.map {
      fill($0.tile.kind, region($0.tile.place), with: $0.start, $0.fillLine, &block)
    }
    for (store, tile) in zip(stores, tiles) {
      block.store(tile, to: region(store.region), line: store.line)
    }
    for (store, tile) in zip(stores, tiles) { block.free(tile, line: store.line) }
  }
}
