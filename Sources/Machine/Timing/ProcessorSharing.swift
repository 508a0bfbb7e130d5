// Processor sharing: a unit serves all blocks that want it at once, each more slowly. What happens
// on an SM depends only on its own blocks and on how many SMs share the memories. So each SM is
// simulated by itself from the end of one of its blocks to the next, and SMs meet only where blocks
// are assigned to them.

extension Schedule {
  /// Cycles of a round, after which all SMs learn how many blocks share the memories. The first begins with the launch.
  private static var roundCycles: Int { 1024 }

  /// Runs the blocks of a launch.
  mutating func serveSharing(_ queue: inout BlockQueue, from start: Int) throws(DoesNotFit) {
    var table = SlowdownTable(average: try queue.survey())
    try fill(&queue, at: start)
    settle(&table, until: start)
    while let next = nextCycle {
      let end = start + ((next - start) / Self.roundCycles + 1) * Self.roundCycles
      for index in sms.indices { sms[index].advance(until: end, &listener) }
      while let cycle = nextCycle, cycle < end {
        retire(at: cycle)
        try fill(&queue, at: cycle)
        settle(&table, until: end)
      }
      let neighbours = sms.neighbours
      for index in sms.indices where sms[index].neighbours != neighbours {
        sms[index].update(&table, neighbours)
      }
    }
  }

  /// The cycle of the next request; nil if there is none.
  private var nextCycle: Int? { sms.compactMap(\.nextCycle).min() }

  /// Releases all blocks that end in a cycle before others are dispatched. So the result is the
  /// same whether equal SMs are simulated one by one or together.
  private mutating func retire(at cycle: Int) {
    for index in sms.indices where sms[index].nextCycle == cycle {
      sms[index].retire(at: cycle, on: device)
    }
    totals.extendLaunch(to: cycle)
  }

  /// Assigns the next block to the place that would be free first if all places did their work equally fast. So who gets
  /// which block depends on the blocks alone, and not on which of two ends a cycle earlier.
  private mutating func assign(_ queue: inout BlockQueue) throws(DoesNotFit) {
    let index = sms.leastWorked
    let count = min(queue.run, sms[index].multiplicity)
    if count < sms[index].multiplicity { sms.split(index, after: count) }
    sms[index].assign(queue.next!, work: queue.nextWork)
    try queue.advance(by: count)
  }

  /// Fills free places with the blocks that are assigned to them.
  private mutating func fill(_ queue: inout BlockQueue, at cycle: Int) throws(DoesNotFit) {
    for place in sms[0].places.indices {
      var index = 0
      // An SM that stands for several may split meanwhile.
      while index < sms.count {
        defer { index += 1 }
        guard sms[index].hasChanged, sms[index].places[place].resident == nil else { continue }
        while sms[index].waiting(at: place) == nil, queue.next != nil { try assign(&queue) }
        let filled = sms[index].fill(
          place, id: BlockID(dispatched), on: device, from: cycle, turnover: queue.turnoverCycles)
        if let filled { note(filled, at: index) }
      }
    }
  }

  /// Tells the SMs whose blocks have changed, and runs them to the end of the round.
  private mutating func settle(_ table: inout SlowdownTable, until end: Int) {
    let neighbours = sms.neighbours
    for index in sms.indices where sms[index].hasChanged {
      sms[index].update(&table, neighbours)
      sms[index].advance(until: end, &listener)
    }
  }
}

extension SimulatedSM {
  /// The cycle of the next request of its blocks; nil if there is none.
  var nextCycle: Int? { eventQueue.earliest?.cycle }

  /// Runs its blocks until one of them has ended, or to cycle `end`.
  mutating func advance(until end: Int, _ listener: inout some ScheduleListener) {
    while let request = eventQueue.earliest, request.cycle < end, !request.isEnd {
      eventQueue.removeEarliest()
      let place = Int(request.slot)
      guard
        let span = places[place].resident!.block.serve(
          request.op, at: request.cycle, &eventQueue)
      else { continue }
      listener.timed(span)
      places[place].resident!.block.releaseSuccessors(of: span, &eventQueue)
    }
  }

  /// Releases all blocks that end in `cycle`.
  mutating func retire(at cycle: Int, on device: Device) {
    while let request = eventQueue.earliest, request.isEnd, request.cycle == cycle {
      eventQueue.removeEarliest()
      release(Int(request.slot), at: cycle, on: device)
    }
  }

  /// Tells its blocks how they slow each other down, and starts new ones.
  mutating func update(_ table: inout SlowdownTable, _ neighbours: Neighbours) {
    hasChanged = false
    self.neighbours = neighbours
    let taken = places.indices.filter { places[$0].resident != nil }
    for place in taken {
      let coResidency = table.coResidency(
        of: places[place].resident!.profile, among: taken.count, neighbours)
      places[place].resident!.block.set(coResidency, busySMs: neighbours.busySMs)
      if !places[place].resident!.block.hasBegun {
        places[place].resident!.block.begin(&eventQueue)
      }
    }
  }
}
