// Loops of a kernel. A recording needs every iteration; a run that only needs times is content with
// the first few of many that are alike, and goes on from there as it has measured.

extension Block {
  /// Iterations before the measured ones, in which buffers fill, and those that are measured.
  private static let warmUp = 5
  private static let measured = 4
  /// Parts in which a loop goes on: between them it sees which neighbours have come or gone.
  private static let parts = 16

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
    let limit = Self.warmUp + Self.measured
    guard run.count > limit + 1 else {
      for element in run { body(element, &self) }
      return
    }
    var start = ops.count
    for (index, element) in run.prefix(limit).enumerated() {
      if index == Self.warmUp { mark(.lap, .lap) }
      start = ops.count
      body(element, &self)
    }
    var left = run.count - limit
    folded.append((start..<ops.count, left))
    for part in 0..<min(Self.parts, left) {
      let iterations = left / (min(Self.parts, run.count - limit) - part)
      left -= iterations
      mark(.skip, .skip(iterations: iterations, measured: Self.measured))
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
