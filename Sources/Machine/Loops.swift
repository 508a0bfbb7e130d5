// Loops of a kernel. A recording needs every iteration; a run that only needs times is content with
// the first few of many that are alike, and goes on from there as it has measured.

extension Block {
  /// Iterations before the measured ones, in which buffers fill, and those that are measured.
  private static let warmUp = 5
  private static let measured = 4
  /// The same after a part of a loop was left out: a block's neighbours may have come or gone. A loop
  /// is measured once more for every `stride` iterations, and so many times at most.
  private static let warmUpAgain = 5
  private static let measuredAgain = 4
  private static let stride = 18
  private static let mostRounds = 8

  /// Runs `body` for each of `elements`.
  /// - Parameter kind: equal for iterations whose ops differ in nothing but the places they name.
  public mutating func loop<Element, Kind: Equatable>(
    _ elements: [Element], alike kind: (Element) -> Kind,
    _ body: (_ element: Element, _ sm: inout Block) -> Void
  ) {
    guard foldsLoops else {
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
    let first = Self.warmUp + Self.measured
    guard run.count > first + 1 else {
      for element in run { body(element, &self) }
      return
    }
    let rounds = min(Self.mostRounds, 1 + (run.count - first) / Self.stride)
    let again = Self.warmUpAgain + Self.measuredAgain
    var (rest, left) = (run, run.count - first - (rounds - 1) * again)
    for round in 0..<rounds {
      let warmUp = round == 0 ? Self.warmUp : Self.warmUpAgain
      let measured = round == 0 ? Self.measured : Self.measuredAgain
      var start = ops.count
      for (index, element) in rest.prefix(warmUp + measured).enumerated() {
        if index == warmUp { mark(.lap, .lap) }
        start = ops.count
        body(element, &self)
      }
      let skipped = left / (rounds - round)
      left -= skipped
      rest = rest.dropFirst(warmUp + measured + skipped)
      guard skipped > 0 else { continue }
      folded.append((start..<ops.count, skipped))
      mark(.skip, .skip(iterations: skipped, measured: measured))
    }
  }

  /// A mark in every stream that the block has used, but for stores. Loads pause as well: they would
  /// fill all buffers meanwhile.
  private mutating func mark(_ operation: Operation, _ fold: Fold) {
    for index in dependencies.heads.indices
    where index != Stream.store.index && dependencies.heads[index] != Dependencies.none {
      var work = Work()
      work.fold = fold
      record(operation, work, [], in: Stream(index: Int8(index)), line: 0)
    }
  }
}
