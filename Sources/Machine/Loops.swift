// Loops of a kernel. A recording needs every iteration; a run that only needs times is content with
// the first few of many that are alike, and goes on from there as it has measured.

extension Block {
  /// Iterations before the measured ones, in which buffers fill, and those that are measured.
  static let warmUp = 5
  static let measured = 4
  /// Shorter loops are run whole: a few iterations more or less would be too much of them.
  static let shortest = 40
  /// The rest goes by in at most this many pieces, of no fewer iterations than `smallestPiece`: in
  /// each the pace is that of the neighbours the block has then.
  static let pieces = 16
  static let smallestPiece = 8

  /// Runs `body` for each of `elements`.
  /// - Parameters:
  ///   - elements: what the loop goes over, in order.
  ///   - kind: equal for iterations whose ops differ in nothing but the places they name.
  ///   - isSteady: false where warp groups drift, so that a few iterations say nothing of the others.
  ///   - body: records the ops of one iteration.
  public mutating func loop<Element, Kind: Equatable>(
    _ elements: [Element], alike kind: (Element) -> Kind, isSteady: Bool = true,
    _ body: (_ element: Element, _ sm: inout Block) -> Void
  ) {
    guard foldsLoops, isSteady else {
      for element in elements { body(element, &self) }
      return
    }
    var rest = elements[...]
    while let first = rest.first {
      let kindOfRun = kind(first)
      let run = rest.prefix { kind($0) == kindOfRun }
      fold(run, body)
      rest = rest.dropFirst(run.count)
    }
  }

  private mutating func fold<Element>(
    _ run: ArraySlice<Element>, _ body: (_ element: Element, _ sm: inout Block) -> Void
  ) {
    let limit = Self.warmUp + Self.measured
    guard run.count >= Self.shortest else {
      for element in run { body(element, &self) }
      return
    }
    var last = count
    for (index, element) in run.prefix(limit).enumerated() {
      if index == Self.warmUp { mark(.lap, .lap) }
      last = count
      body(element, &self)
    }
    folded.append((last..<count, run.count - limit))
    skip(run.count - limit)
  }

  private mutating func skip(_ iterations: Int) {
    let piece = max(Self.smallestPiece, tileCount(iterations, Self.pieces))
    var rest = iterations
    while rest > 0 {
      let measured = rest == iterations ? Self.measured : 0
      mark(.skip, .skip(iterations: min(piece, rest), measured: measured))
      rest -= piece
    }
  }

  /// A mark in every stream that the block has used but that of stores, which only follow: loads must
  /// not run ahead of what is skipped.
  private mutating func mark(_ operation: Operation, _ fold: Fold) {
    for index in dependencies.heads.indices
    where index != Stream.store.index && dependencies.heads[index] != Dependencies.none {
      var work = Work()
      work.fold = fold
      record(
        operation, operation == .lap ? .lap : .skip, work, [], in: Stream(index: Int8(index)),
        line: 0)
    }
  }
}
