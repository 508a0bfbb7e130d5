// Sampled simulation of loops: warm-up, sample, fast-forward. A recording needs every iteration.
// Where only times are wanted, the first few of many equal iterations are simulated, and the rest
// are taken to need the same time.

extension Block {
  /// Iterations of the warm-up, in which buffers fill.
  static let warmUp = 5
  /// Iterations of the sample.
  static let sampleSize = 4
  /// Loops of fewer iterations are simulated in full, because the sample would be a large part of
  /// them.
  static let shortest = 40
  /// The rest is fast-forwarded in at most so many pieces, so that its speed follows the
  /// co-resident blocks, which change in the meantime.
  static let pieces = 16
  /// Iterations of a piece, at least.
  static let smallestPiece = 8

  /// Records `body` for each of `elements`.
  /// - Parameters:
  ///   - elements: what the loop goes over, in order.
  ///   - kind: equal for iterations whose ops differ only in the regions that they touch.
  ///   - isSteady: false where warp groups drift apart, so that a sample says nothing about the
  ///     other iterations.
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

  /// Records warm-up, sample and fast-forward of a run of equal iterations; a short run is recorded
  /// in full.
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

  /// Records a mark in every stream that the block has used. Loads need one too, so that they do
  /// not run ahead of what is fast-forwarded. Stores need none: they wait for their tiles.
  private mutating func mark(_ mark: SampleMark) {
    for index in dependencies.heads.indices
    where index != Stream.store.index && dependencies.heads[index] != .none {
      var cost = OpCost()
      cost.mark = mark
      record(.sampleMark, .sync, cost, [], in: Stream(index: Int8(index)), line: 0)
    }
  }
}
