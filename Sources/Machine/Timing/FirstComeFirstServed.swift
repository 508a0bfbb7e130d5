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
        sms[Int(request.sm)].release(slot: Int(request.slot), at: request.cycle, on: device)
        totals.extendLaunch(to: request.cycle)
        try dispatch(&queue, at: request.cycle, &events)
      } else {
        serve(request, &units, &events)
      }
    }
  }

  private mutating func dispatch(
    _ queue: inout BlockQueue, at cycle: Int, _ events: inout EventQueue
  ) throws(DoesNotFit) {
    for place in try dispatch(&queue, at: cycle) {
      sms[place.sm].slots[place.slot]!.block.begin(&events)
    }
  }

  /// Serves an op and requests those that waited for it. A transfer whose SM has a busy copy unit
  /// is requested again for the cycle at which that is free.
  private mutating func serve(
    _ request: Request, _ units: inout Units, _ events: inout EventQueue
  ) {
    let (sm, slot) = (Int(request.sm), Int(request.slot))
    let demand = sms[sm].slots[slot]!.block.demand(of: request.op)
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
    let span = sms[sm].slots[slot]!.block.span(of: request.op, times, demand)
    listener.timed(span)
    sms[sm].slots[slot]!.block.releaseSuccessors(of: span, &events)
  }
}
