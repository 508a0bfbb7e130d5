// The schedule decides when every op of a program runs, and never sees a value. Here launches
// follow each other and blocks are dispatched to SMs; each queue discipline has a file of its own.

/// Why a simulation did not finish.
package enum ScheduleError: Error, Sendable, Equatable {
  /// A block needs more SRAM than an SM has.
  case doesNotFit(DoesNotFit)
  /// No request was left, but blocks were: an error of the simulator, not of the program.
  case deadlocked(launch: String, blocksLeft: Int)
}

/// One simulation of a program on a device. It tells a listener the times of every op.
package struct Schedule<Listener: ScheduleListener> {
  private let program: Program
  let device: Device
  private let detail: Detail
  package var listener: Listener
  package internal(set) var totals: Totals
  private var l2: L2
  var sms: [SimulatedSM] = []
  /// Blocks that have been dispatched so far, over all launches.
  private var dispatched = 0

  package init(
    _ program: Program, on device: Device, detail: Detail = .events, listener: Listener
  ) {
    self.program = program
    self.device = device
    // First come, first served: SMs wait for each other at the bus, so no two are in the same
    // state.
    self.detail = device.queueDiscipline == .firstComeFirstServed ? .events : detail
    self.listener = listener
    l2 = L2(device)
    totals = Totals(tensors: program.tensors.count)
  }

  /// Runs all launches, one after the other.
  /// - Throws: `doesNotFit` if a block needs more SRAM than an SM has; `deadlocked` only if the
  ///   simulator itself is wrong.
  package mutating func run() throws(ScheduleError) {
    for index in program.launches.indices { try run(launch: index) }
  }

  private mutating func run(launch index: Int) throws(ScheduleError) {
    let launch = program.launches[index]
    let start = totals.cycles + device.launchCycles
    note(.launchStart(Int32(index)))
    let units = Units(device: device, multiplying: program.type, for: launch)
    var queue = BlockQueue(program, launch, device, detail, units)
    do { try queue.open(&l2) } catch { throw .doesNotFit(error) }
    totals.begin(launch, at: start, blocksPerSM: queue.blocksPerSM)
    sms =
      detail == .events
      ? (0..<device.smCount).map { SimulatedSM(sm: $0, multiplicity: 1) }
      : [SimulatedSM(sm: 0, multiplicity: device.smCount)]
    do {
      switch device.queueDiscipline {
      case .firstComeFirstServed: try serveInOrder(&queue, units, from: start)
      case .processorSharing: try serveSharing(&queue, from: start)
      }
    } catch {
      throw .doesNotFit(error)
    }
    let left = queue.left + sms.reduce(0) { $0 + $1.occupancy.blocks * $1.multiplicity }
    guard left == 0 else { throw .deadlocked(launch: launch.name, blocksLeft: left) }
    totals.endLaunch(device)
    note(.launchEnd(Int32(index)))
  }

  /// Tells the listener that a launch begins or has ended, at the current cycle.
  private mutating func note(_ subject: Span.Subject) {
    listener.timed(Span(subject, start: totals.cycles, finish: totals.cycles))
  }

  /// Dispatches waiting blocks as long as one fits: to the SM with the fewest blocks, and of those
  /// to the one with the lowest number.
  /// - Returns: the SM and the slot of each block, as indices.
  @discardableResult
  mutating func dispatch(
    _ queue: inout BlockQueue, at cycle: Int
  ) throws(DoesNotFit) -> [(sm: Int, slot: Int)] {
    let turnover = queue.turnoverCycles
    var places: [(sm: Int, slot: Int)] = []
    while let profile = queue.next,
      let index = sms.leastLoaded(for: profile.footprint, most: queue.cyclesPerSM, device)
    {
      let count = min(queue.run, sms[index].multiplicity)
      if count < sms[index].multiplicity { sms.split(index, after: count) }
      let slot = sms[index].take(
        profile, id: BlockID(dispatched), on: device, from: cycle, turnover: turnover)
      totals.add(profile.totals, times: count, sramBytes: sms[index].occupancy.used.total)
      if let block = profile.block {
        listener.dispatched(block, launch: totals.launches.count - 1, sm: sms[index].sm)
      }
      dispatched += 1
      places.append((index, slot))
      try queue.advance(by: count)
    }
    return places
  }
}
