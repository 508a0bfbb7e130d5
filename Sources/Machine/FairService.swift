// Serving where units are fair. What happens on an SM depends on the blocks on it, on how many SMs
// share the memories, and on nothing else of the others; so each lives for itself from one of its
// blocks' ends to the next, and they meet only where blocks are dealt.

extension Schedule {
  /// All SMs see how many are busy at multiples of so many cycles.
  private static var roundCycles: Int { 1024 }

  /// Serves the blocks of a launch, and deals the others as room is made.
  mutating func serveFairly(_ queue: inout BlockQueue, from start: Int) throws(DoesNotFit) {
    var neighbourhoods = Neighbourhoods()
    try deal(&queue, at: start)
    settle(&neighbourhoods, until: start)
    while let next = processors.compactMap(\.nextCycle).min() {
      let end = (next / Self.roundCycles + 1) * Self.roundCycles
      for index in processors.indices { processors[index].advance(until: end, &listener) }
      while let cycle = processors.compactMap(\.nextCycle).min(), cycle < end {
        retire(at: cycle)
        try deal(&queue, at: cycle)
        settle(&neighbourhoods, until: end)
      }
      let busySMs = processors.busySMs
      for index in processors.indices where processors[index].busySMs != busySMs {
        processors[index].meet(&neighbourhoods, busySMs: busySMs)
      }
    }
  }

  /// All blocks that end with a cycle leave before others are dealt: whether their SMs are simulated
  /// one by one or together must not matter.
  private mutating func retire(at cycle: Int) {
    for index in processors.indices where processors[index].nextCycle == cycle {
      processors[index].retire(at: cycle, on: device)
    }
    totals.extendLaunch(to: cycle)
  }

  /// Where blocks came or went, the others take notice, and go on to the end of the round.
  private mutating func settle(_ neighbourhoods: inout Neighbourhoods, until end: Int) {
    let busySMs = processors.busySMs
    for index in processors.indices where processors[index].hasChanged {
      processors[index].meet(&neighbourhoods, busySMs: busySMs)
      processors[index].advance(until: end, &listener)
    }
  }
}

extension Processor {
  /// When its blocks ask for something next.
  var nextCycle: Int? { agenda.earliest?.cycle }

  /// Runs its blocks until one of them has ended, or to cycle `end`.
  mutating func advance(until end: Int, _ listener: inout some ScheduleListener) {
    while let request = agenda.earliest, request.cycle < end, request.op != Request.end {
      agenda.removeEarliest()
      let slot = Int(request.slot)
      let span = residents[slot]!.serve(request.op, at: request.cycle)
      listener.timed(span)
      residents[slot]!.follow(span, &agenda)
    }
  }

  /// Lets all blocks go that have ended with `cycle`.
  mutating func retire(at cycle: Int, on device: Device) {
    while let request = agenda.earliest, request.op == Request.end, request.cycle == cycle {
      agenda.removeEarliest()
      release(slot: Int(request.slot), on: device)
    }
  }

  /// Tells its blocks how they stretch each other; those that are new may begin.
  mutating func meet(_ neighbourhoods: inout Neighbourhoods, busySMs: Int) {
    hasChanged = false
    self.busySMs = busySMs
    let slots = residents.indices.filter { residents[$0] != nil }
    let all = neighbourhoods.of(slots.map { residents[$0]!.shape! }, busySMs: busySMs)
    for (slot, neighbours) in zip(slots, all) {
      residents[slot]!.setNeighbours(neighbours, busySMs: busySMs)
      if !residents[slot]!.hasBegun { residents[slot]!.begin(&agenda) }
    }
  }
}

/// Blocks that have shared an SM, and what they did to each other.
struct Neighbourhoods {
  private struct Company: Hashable {
    let shapes: [ObjectIdentifier]
    let busySMs: Int
  }

  /// With the shapes, so that they stay what their identifiers stand for.
  private var known: [Company: (shapes: [Shape], neighbours: [Neighbours])] = [:]

  mutating func of(_ shapes: [Shape], busySMs: Int) -> [Neighbours] {
    let company = Company(shapes: shapes.map { ObjectIdentifier($0) }, busySMs: busySMs)
    if let known = known[company] { return known.neighbours }
    let neighbours = Machine.neighbours(shapes, busySMs: busySMs)
    known[company] = (shapes, neighbours)
    return neighbours
  }
}
