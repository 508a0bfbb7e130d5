// First come, first served: a unit serves one whole op after the other. All SMs share one event
// queue, ordered by (cycle, cycle of the first request, SM, block, op), and the earliest request
// gets its units first.

extension Schedule {
  /// Runs the blocks of a launch, and dispatches the next ones when there is room.
  mutating func serveInOrder(
    _ queue: inout BlockQueue, _ units: Units, from start: Int
  ) throws(DoesNotFit) {
    var units = units
    var events = EventQueue()
    try dispatch(&queue, at: start, &events)
    while let request = events.earliest {
      events.removeEarliest()
      if request.isEnd {
        sms[Int(request.sm)].release(Int(request.slot), at: request.cycle, on: device)
        totals.extendLaunch(to: request.cycle)
        try dispatch(&queue, at: request.cycle, &events)
      } else {
        serve(request, &units, &events)
      }
    }
  }

  /// Dispatches waiting blocks as long as one fits: to the SM with the fewest blocks, and of those
  /// to the one with the lowest number.
  private mutating func dispatch(
    _ queue: inout BlockQueue, at cycle: Int, _ events: inout EventQueue
  ) throws(DoesNotFit) {
    while let profile = queue.next,
      let index = sms.leastLoaded(for: profile.footprint, device)
    {
      let place = sms[index].places.firstIndex { $0.resident == nil } ?? sms[index].places.count
      sms[index].take(
        profile, at: place, id: BlockID(dispatched), on: device, from: cycle,
        turnover: queue.turnoverCycles)
      note(profile, at: index)
      try queue.advance(by: 1)
      sms[index].places[place].resident!.block.begin(&events)
    }
  }

  /// Serves an op and requests those that waited for it. A transfer whose SM has a busy copy unit
  /// is requested again for the cycle at which that is free.
  private mutating func serve(
    _ request: Request, _ units: inout Units, _ events: inout EventQueue
  ) {
    let (sm, slot) = (Int(request.sm), Int(request.slot))
    let demand = sms[sm].places[slot].resident!.block.demand(of: request.op)
    var times = (start: request.cycle, finish: request.cycle)
    switch demand.kind {
    case .transfer:
      let copyIsFree = units.copyIsFree(sm: sm)
      if copyIsFree > request.cycle {
        var later = request
        later.cycle = copyIsFree
        events.insert(later)
        return
      }
      times = units.reserve(demand, sm: sm, ready: request.cycle)
    case .compute: times = units.reserve(demand, sm: sm, ready: request.cycle)
    case .nothing, .sampleStart, .fastForward: break
    }
    let span = sms[sm].places[slot].resident!.block.span(of: request.op, times, demand)
    listener.timed(span)
    sms[sm].places[slot].resident!.block.releaseSuccessors(of: span, &events)
  }
}
