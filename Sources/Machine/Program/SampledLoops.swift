// Sampled simulation of loops (warm-up, sample, fast-forward). A recording needs every iteration. Where only
// times are wanted, the first few of many equal iterations are simulated, and the rest pass as they did.

extension Block {
  /// Iterations before the sample, in which buffers fill, and iterations of the sample.
  static let warmUp = 5
  static let sampleSize = 4
  /// Loops of fewer iterations are simulated whole: the sample would be too much of them.
  static let shortest = 40
  /// The rest is fast-forwarded in at most this many pieces, of no fewer iterations than `smallestPiece`. In
  /// each, an iteration takes as long as beside the co-resident blocks of that time.
  static let pieces = 16
  static let smallestPiece = 8

  /// Runs `body` for each of `elements`.
  /// - Parameters:
  ///   - elements: what the loop goes over, in order.
  ///   - kind: equal for iterations whose ops differ in nothing but the places they name.
  ///   - isSteady: false where warp groups drift, so that a few iterations say nothing of the others.
  ///   - body: records the ops of one iteration.
  package mutating func loop<Element, Kind: Equatable>(
    _ elements: [Element], alike kind: (Element) -> Kind, isSteady: Bool = true,
    _ body: (_ element: Element, _ block: inout Block) -> Void
  ) {
    guard samplesLoops, isSteady else {
      for element in elements { body(element, &self) }
      return
    }
    var rest = elements[...]
    while let first = rest.first {
      let kindOfRun = kind(first)
      let run = rest.prefix { kind($0) == kindOfRun }
      sample(run, body)
      rest = rest.dropFirst(run.count)
    }
  }

  private mutating func sample<Element>(
    _ run: ArraySlice<Element>, _ body: (_ element: Element, _ block: inout Block) -> Void
  ) {
    let limit = Self.warmUp + Self.sampleSize
    guard run.count >= Self.shortest else {
      for element in run { body(element, &self) }
      return
    }
    var last = count
    for (index, element) in run.prefix(limit).enumerated() {
      if index == Self.warmUp { mark(.sampleStart) }
      last = count
      body(element, &self)
    }
    fastForwarded.append((last..<count, run.count - limit))
    fastForward(run.count - limit)
  }

  private mutating func fastForward(_ iterations: Int) {
    let piece = max(Self.smallestPiece, tileCount(iterations, Self.pieces))
    var rest = iterations
    while rest > 0 {
      let sampled = rest == iterations ? Self.sampleSize : 0
      mark(.fastForward(iterations: min(piece, rest), sampled: sampled))
      rest -= piece
    }
  }

  /// A mark in every stream that the block has used but that of stores, which follow by themselves: loads
  /// must not run ahead of what is fast-forwarded.
  private mutating func mark(_ mark: SampleMark) {
    for index in dependencies.heads.indices
    where index != Stream.store.index && dependencies.heads[index] != .none {
      var cost = OpCost()
      cost.mark = mark
      record(.sampleMark, .sync, cost, [], in: Stream(index: Int8(index)), line: 0)
    }
  }
}
