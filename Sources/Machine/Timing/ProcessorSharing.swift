// Processor sharing: a unit serves all blocks that want it at once, each of them more slowly. What happens
// on an SM depends on its own blocks and on how many SMs share the memories, on nothing else of the other
// SMs. So each SM is simulated by itself from the end of one of its blocks to the next, and SMs meet only
// where blocks are dispatched.

extension Schedule {
  /// All SMs are told how many are busy at multiples of so many cycles.
  private static var roundCycles: Int { 1024 }

  /// Runs the blocks of a launch, and dispatches the next ones as room is made.
  mutating func serveSharing(_ queue: inout BlockQueue, from start: Int) throws(DoesNotFit) {
    var table = CoResidencyTable()
    try dispatch(&queue, at: start)
    settle(&table, until: start)
    while let next = sms.compactMap(\.nextCycle).min() {
      let end = (next / Self.roundCycles + 1) * Self.roundCycles
      for index in sms.indices { sms[index].advance(until: end, &listener) }
      while let cycle = sms.compactMap(\.nextCycle).min(), cycle < end {
        retire(at: cycle)
        try dispatch(&queue, at: cycle)
        settle(&table, until: end)
      }
      let busySMs = sms.busySMs
      for index in sms.indices where sms[index].busySMs != busySMs {
        sms[index].update(&table, busySMs: busySMs)
      }
    }
  }

  /// All blocks that end with a cycle leave before others are dispatched: whether their SMs are simulated
  /// one by one or together must not matter.
  private mutating func retire(at cycle: Int) {
    for index in sms.indices where sms[index].nextCycle == cycle {
      sms[index].retire(at: cycle, on: device)
    }
    totals.extendLaunch(to: cycle)
  }

  /// Where blocks came or went, the co-resident ones are told, and go on to the end of the round.
  private mutating func settle(_ table: inout CoResidencyTable, until end: Int) {
    let busySMs = sms.busySMs
    for index in sms.indices where sms[index].hasChanged {
      sms[index].update(&table, busySMs: busySMs)
      sms[index].advance(until: end, &listener)
    }
  }
}

extension SimulatedSM {
  /// The cycle at which one of its blocks asks for something next.
  var nextCycle: Int? { eventQueue.earliest?.cycle }

  /// Runs its blocks until one of them has ended, or to cycle `end`.
  mutating func advance(until end: Int, _ listener: inout some ScheduleListener) {
    while let request = eventQueue.earliest, request.cycle < end, !request.isEnd {
      eventQueue.removeEarliest()
      let slot = Int(request.slot)
      let span = slots[slot]!.block.serve(request.op, at: request.cycle)
      listener.timed(span)
      slots[slot]!.block.follow(span, &eventQueue)
    }
  }

  /// Releases all blocks that have ended with `cycle`.
  mutating func retire(at cycle: Int, on device: Device) {
    while let request = eventQueue.earliest, request.isEnd, request.cycle == cycle {
      eventQueue.removeEarliest()
      release(slot: Int(request.slot), on: device)
    }
  }

  /// Tells its blocks how they slow each other down; those that are new begin.
  mutating func update(_ table: inout CoResidencyTable, busySMs: Int) {
    hasChanged = false
    self.busySMs = busySMs
    let taken = slots.indices.filter { slots[$0] != nil }
    let all = table.coResidency(of: taken.map { slots[$0]!.profile }, busySMs: busySMs)
    for (slot, coResidency) in zip(taken, all) {
      slots[slot]!.block.set(coResidency, busySMs: busySMs)
      if !slots[slot]!.block.hasBegun { slots[slot]!.block.begin(&eventQueue) }
    }
  }
}
