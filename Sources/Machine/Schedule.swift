// When: decides at which cycle every op of a program runs, and never sees a value. Here launches
// follow each other and blocks are dealt to SMs; how a device serves them is in a file of its own.

/// What a schedule hands out as it goes; a timing-only run listens to nothing.
public protocol ScheduleListener {
  /// `block` was dealt to SM `sm`; only where every event is simulated.
  mutating func dealt(_ block: Block, launch: Int, sm: Int)
  /// An op has its times; or a launch began (`Span.launchStart`) or ended (`Span.launchEnd`).
  mutating func timed(_ span: Span)
}

/// How much of a run is simulated.
public enum Detail: Sendable {
  /// Every op of every block on every SM: what a recording needs.
  case events
  /// Blocks of equal shape are recorded once, and SMs that live the same life simulated once; the
  /// times are the same.
  case exact
  /// Long loops of equal iterations are measured and taken to go on as they were.
  case measured
}

/// Why a simulation came to no end.
public enum ScheduleError: Error, Sendable, Equatable {
  /// A block asks for more SRAM than an SM has.
  case doesNotFit(DoesNotFit)
  /// Nothing could go on, and blocks were left: a fault of the machine, not of the program.
  case stalled(launch: String, blocksLeft: Int)
}

/// One simulation of a program on a device.
public struct Schedule<Listener: ScheduleListener> {
  private let program: Program
  let device: Device
  private let detail: Detail
  public var listener: Listener
  public internal(set) var totals: Totals
  private var l2: L2
  var processors: [Processor] = []
  private var dealt: Int32 = 0

  public init(
    _ program: Program, on device: Device, detail: Detail = .events, listener: Listener
  ) {
    self.program = program
    self.device = device
    // SMs that share a bus op by op do not live the same life.
    self.detail = device.service == .whole ? .events : detail
    self.listener = listener
    l2 = L2(capacity: device.l2Bytes)
    totals = Totals(tensors: program.tensors.count)
  }

  /// Runs every launch to its end, one after the other.
  /// - Throws: `doesNotFit` if a block asks for more SRAM than an SM has; `stalled` never, unless the
  ///   machine itself is wrong.
  public mutating func run() throws(ScheduleError) {
    for index in program.launches.indices { try run(launch: index) }
  }

  private mutating func run(launch index: Int) throws(ScheduleError) {
    let launch = program.launches[index]
    let start = totals.cycles + device.launchCycles
    listener.timed(.launch(index, Span.launchStart, at: totals.cycles))
    let units = Units(device: device, multiplying: program.type, for: launch)
    var queue: BlockQueue
    do { queue = try BlockQueue(program, launch, device, detail, units, &l2) } catch {
      throw .doesNotFit(error)
    }
    totals.begin(launch, at: start, blocksPerSM: queue.blocksPerSM)
    processors =
      detail == .events
      ? (0..<device.smCount).map { Processor(sm: $0, twins: 1) }
      : [Processor(sm: 0, twins: device.smCount)]
    do {
      switch device.service {
      case .whole: try serveWhole(&queue, units, from: start)
      case .fair: try serveFairly(&queue, from: start)
      }
    } catch {
      throw .doesNotFit(error)
    }
    let left = queue.left + processors.reduce(0) { $0 + $1.blocks * $1.twins }
    guard left == 0 else { throw .stalled(launch: launch.name, blocksLeft: left) }
    totals.endLaunch(device)
    listener.timed(.launch(index, Span.launchEnd, at: totals.cycles))
  }

  /// Puts waiting blocks on SMs, the emptiest and then the lowest first, as long as one fits.
  /// - Returns: where the blocks are.
  @discardableResult
  mutating func deal(
    _ queue: inout BlockQueue, at cycle: Int
  ) throws(DoesNotFit) -> [(processor: Int, slot: Int)] {
    var places: [(processor: Int, slot: Int)] = []
    while let shape = queue.next,
      let index = processors.roomiest(for: shape.footprint, device)
    {
      let count = min(queue.run, processors[index].twins)
      if count < processors[index].twins { processors.split(index, after: count) }
      let slot = processors[index].take(shape, number: dealt, on: device, from: cycle)
      totals.add(shape.tally, times: count, sramBytes: processors[index].used.total)
      if let block = shape.block {
        listener.dealt(block, launch: totals.launches.count - 1, sm: processors[index].sm)
      }
      dealt += 1
      places.append((index, slot))
      try queue.advance(by: count)
    }
    return places
  }
}
