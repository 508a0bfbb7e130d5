// Processor sharing: a unit serves all blocks that want it at once, each more slowly. What happens
// on an SM depends only on its own blocks and on how many SMs share the memories. So each SM is
// simulated by itself from the end of one of its blocks to the next, and SMs meet only where blocks
// are dispatched.

extension Schedule {
  /// Cycles of a round, after which all SMs learn how many blocks share the memories. The first begins with the launch.
  private static var roundCycles: Int { 1024 }

  /// Runs the blocks of a launch, and dispatches the next ones when there is room.
  mutating func serveSharing(_ queue: inout BlockQueue, from start: Int) throws(DoesNotFit) {
    var table = SlowdownTable(average: try queue.averageLoad())
    try dispatch(&queue, at: start)
    settle(&table, until: start, isFilling: false)
    /// The cycle at which free places are filled; nil while there are none.
    var filling: Int?
    func nextCycle() -> Int? {
      [sms.compactMap(\.nextCycle).min(), filling].compactMap(\.self).min()
    }
    while let next = nextCycle() {
      let end = start + ((next - start) / Self.roundCycles + 1) * Self.roundCycles
      for index in sms.indices { sms[index].advance(until: end, &listener) }
      while let cycle = nextCycle(), cycle < end {
        retire(at: cycle)
        if filling == nil, queue.next != nil { filling = cycle + queue.turnoverCycles }
        if filling == cycle {
          // What has become free meanwhile is dealt out together: which of them was first does not matter.
          try dispatch(&queue, at: cycle)
          filling = nil
        }
        settle(&table, until: end, isFilling: filling != nil)
      }
      guard filling == nil else { continue }
      let neighbours = sms.neighbours
      for index in sms.indices where sms[index].neighbours != neighbours {
        sms[index].update(&table, neighbours)
      }
    }
  }

  /// Releases all blocks that end in a cycle before others are dispatched. So the result is the
  /// same whether equal SMs are simulated one by one or together.
  private mutating func retire(at cycle: Int) {
    for index in sms.indices where sms[index].nextCycle == cycle {
      sms[index].retire(at: cycle, on: device)
    }
    totals.extendLaunch(to: cycle)
  }

  /// Tells the SMs whose blocks have changed, and runs them to the end of the round. A place that will be filled counts
  /// as taken: while there is one, all go on as they were.
  private mutating func settle(_ table: inout SlowdownTable, until end: Int, isFilling: Bool) {
    let neighbours = sms.neighbours
    for index in sms.indices where sms[index].hasChanged {
      if !isFilling { sms[index].update(&table, neighbours) }
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
      let slot = Int(request.slot)
      guard let span = slots[slot]!.block.serve(request.op, at: request.cycle, &eventQueue) else {
        continue
      }
      listener.timed(span)
      slots[slot]!.block.releaseSuccessors(of: span, &eventQueue)
    }
  }

  /// Releases all blocks that end in `cycle`.
  mutating func retire(at cycle: Int, on device: Device) {
    while let request = eventQueue.earliest, request.isEnd, request.cycle == cycle {
      eventQueue.removeEarliest()
      release(slot: Int(request.slot), at: cycle, on: device)
    }
  }

  /// Tells its blocks how they slow each other down, and starts new ones.
  mutating func update(_ table: inout SlowdownTable, _ neighbours: Neighbours) {
    hasChanged = false
    self.neighbours = neighbours
    let taken = slots.indices.filter { slots[$0] != nil }
    for slot in taken {
      let coResidency = table.coResidency(
        of: slots[slot]!.profile, among: taken.count, neighbours)
      slots[slot]!.block.set(coResidency, busySMs: neighbours.busySMs)
      if !slots[slot]!.block.hasBegun { slots[slot]!.block.begin(&eventQueue) }
    }
  }
}
