// Serving where units take whole ops, first come, first served: one book for the chip, and a heap of
// requests ordered by (cycle, time of asking, SM, block, op); the earliest gets its units first.

extension Schedule {
  /// Serves the blocks of a launch, and deals the others as room is made.
  mutating func serveWhole(
    _ queue: inout BlockQueue, _ units: Units, from start: Int
  ) throws(DoesNotFit) {
    var units = units
    var agenda = Agenda()
    try deal(&queue, at: start, &agenda)
    while let request = agenda.earliest {
      agenda.removeEarliest()
      if request.op == Request.end {
        processors[Int(request.sm)].release(slot: Int(request.slot), on: device)
        totals.extendLaunch(to: request.cycle)
        try deal(&queue, at: request.cycle, &agenda)
      } else {
        serve(request, &units, &agenda)
      }
    }
  }

  private mutating func deal(
    _ queue: inout BlockQueue, at cycle: Int, _ agenda: inout Agenda
  ) throws(DoesNotFit) {
    for place in try deal(&queue, at: cycle) {
      processors[place.processor].residents[place.slot]!.begin(&agenda)
    }
  }

  /// Gives an op its units and tells those who waited for it. A transfer whose SM is still copying
  /// comes again when that is over.
  private mutating func serve(_ request: Request, _ units: inout Units, _ agenda: inout Agenda) {
    let (sm, slot) = (Int(request.sm), Int(request.slot))
    let needs = processors[sm].residents[slot]!.needs(of: request.op)
    var times = (start: request.cycle, finish: request.cycle)
    switch needs.kind {
    case .transfer:
      let copyIsFree = units.copyIsFree(sm: sm)
      if copyIsFree > request.cycle {
        var later = request
        later.cycle = copyIsFree
        agenda.insert(later)
        return
      }
      times = units.reserve(needs, sm: sm, ready: request.cycle)
    case .work: times = units.reserve(needs, sm: sm, ready: request.cycle)
    default: break
    }
    let span = processors[sm].residents[slot]!.span(of: request.op, times, needs)
    listener.timed(span)
    processors[sm].residents[slot]!.follow(span, &agenda)
  }
}
