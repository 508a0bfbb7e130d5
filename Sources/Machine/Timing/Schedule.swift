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
  private(set) var dispatched = 0

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
    let places = min(launch.blocks, queue.blocksPerSM)
    sms =
      detail == .events
      ? (0..<device.smCount).map { SimulatedSM(sm: $0, multiplicity: 1, places: places) }
      : [SimulatedSM(sm: 0, multiplicity: device.smCount, places: places)]
    do {
      switch device.queueDiscipline {
      case .firstComeFirstServed: try serveInOrder(&queue, units, from: start)
      case .processorSharing: try serveSharing(&queue, from: start)
      }
    } catch {
      throw .doesNotFit(error)
    }
    let left = queue.left + sms.reduce(0) { $0 + $1.unfinished * $1.multiplicity }
    guard left == 0 else { throw .deadlocked(launch: launch.name, blocksLeft: left) }
    totals.endLaunch(device)
    note(.launchEnd(Int32(index)))
  }

  /// Tells the listener that a launch begins or has ended, at the current cycle.
  private mutating func note(_ subject: Span.Subject) {
    listener.timed(Span(subject, start: totals.cycles, finish: totals.cycles))
  }

  /// Counts the block that an SM has just got, and tells the listener.
  mutating func note(_ profile: BlockProfile, at index: Int) {
    let sm = sms[index]
    totals.add(
      profile.totals, times: sm.multiplicity, sramBytes: sm.occupancy.used.total)
    if let block = profile.block {
      listener.dispatched(block, launch: totals.launches.count - 1, sm: sm.sm)
    }
    dispatched += 1
  }
}
