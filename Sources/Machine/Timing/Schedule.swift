// The schedule: decides when every op of a program runs, and never sees a value. Here launches follow each
// other and blocks are dispatched to SMs; each queue discipline has a file of its own.

/// Why a simulation came to no end.
package enum ScheduleError: Error, Sendable, Equatable {
  /// A block asks for more SRAM than an SM has.
  case doesNotFit(DoesNotFit)
  /// Nothing could go on, and blocks were left: a fault of the machine, not of the program.
  case stalled(launch: String, blocksLeft: Int)
}

/// One simulation of a program on a device.
package struct Schedule<Listener: ScheduleListener> {
  private let program: Program
  let device: Device
  private let detail: Detail
  package var listener: Listener
  package internal(set) var totals: Totals
  private var l2: L2
  var sms: [SimulatedSM] = []
  private var dispatched = 0

  package init(
    _ program: Program, on device: Device, detail: Detail = .events, listener: Listener
  ) {
    self.program = program
    self.device = device
    // SMs that take turns at the bus are never in the same state.
    self.detail = device.queueDiscipline == .firstComeFirstServed ? .events : detail
    self.listener = listener
    l2 = L2(capacity: device.l2Bytes)
    totals = Totals(tensors: program.tensors.count)
  }

  /// Runs every launch to its end, one after the other.
  /// - Throws: `doesNotFit` if a block asks for more SRAM than an SM has; `stalled` never, unless the
  ///   machine itself is wrong.
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
    let left = queue.left + sms.reduce(0) { $0 + $1.blocks * $1.multiplicity }
    guard left == 0 else { throw .stalled(launch: launch.name, blocksLeft: left) }
    totals.endLaunch(device)
    note(.launchEnd(Int32(index)))
  }

  /// An end of a launch, now.
  private mutating func note(_ subject: Span.Subject) {
    listener.timed(Span(subject, start: totals.cycles, finish: totals.cycles))
  }

  /// Dispatches waiting blocks to SMs, the one with the fewest blocks and then the lowest first, as long as
  /// one fits.
  /// - Returns: where the blocks are.
  @discardableResult
  mutating func dispatch(
    _ queue: inout BlockQueue, at cycle: Int
  ) throws(DoesNotFit) -> [(sm: Int, slot: Int)] {
    var places: [(sm: Int, slot: Int)] = []
    while let profile = queue.next, let index = sms.leastLoaded(for: profile.footprint, device) {
      let count = min(queue.run, sms[index].multiplicity)
      if count < sms[index].multiplicity { sms.split(index, after: count) }
      let slot = sms[index].take(profile, id: BlockID(dispatched), on: device, from: cycle)
      totals.add(profile.totals, times: count, sramBytes: sms[index].used.total)
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
