// When: decides at which cycle every op of a program runs, and never sees a value. A heap of
// requests ordered by (cycle, time of asking, SM, block, op); the earliest gets its units first.

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

/// One simulation of a program on a device.
public struct Schedule<Listener: ScheduleListener> {
  private let program: Program
  private let device: Device
  private let detail: Detail
  public var listener: Listener
  public private(set) var totals: Totals
  private var units: Units!
  private var l2: L2
  private var agenda = Agenda()
  /// Blocks that are on an SM, in slots that are used again.
  private var residents: [Resident?] = []
  private var freeSlots: [Int] = []
  private var processors: [Processor]
  private var busySMs = 0
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
    processors = []
    totals = Totals(tensors: program.tensors.count)
  }

  /// Runs every launch to its end, one after the other.
  /// - Throws: `DoesNotFit` if a block asks for more SRAM than an SM has.
  public mutating func run() throws(DoesNotFit) {
    for index in program.launches.indices { try run(launch: index) }
  }

  private mutating func run(launch index: Int) throws(DoesNotFit) {
    let launch = program.launches[index]
    let start = totals.cycles + device.launchCycles
    listener.timed(.launch(index, Span.launchStart, at: totals.cycles))
    let units = Units(device: device, multiplying: program.type, for: launch)
    self.units = units
    var queue = try BlockQueue(program, launch, device, detail, units, &l2)
    totals.begin(launch, at: start, blocksPerSM: queue.blocksPerSM)
    processors =
      detail == .events
      ? (0..<device.smCount).map { Processor(sm: $0, twins: 1) }
      : [Processor(sm: 0, twins: device.smCount)]
    busySMs = 0
    met.removeAll()
    try deal(&queue, launch: index, at: start)
    while let request = agenda.popEarliest() {
      if request.op == Request.end {
        retireAll(request)
        try deal(&queue, launch: index, at: request.cycle)
      } else {
        issue(request)
      }
    }
    totals.endLaunch(device)
    listener.timed(.launch(index, Span.launchEnd, at: totals.cycles))
  }

  // MARK: Dealing

  /// Puts waiting blocks on SMs, the emptiest and then the lowest first, as long as one fits.
  private mutating func deal(_ queue: inout BlockQueue, launch: Int, at cycle: Int)
    throws(DoesNotFit)
  {
    var changed: [Int] = []
    while let shape = queue.next {
      guard let index = processors.roomiest(for: shape.footprint, device) else { break }
      if queue.run < processors[index].twins { part(index, after: queue.run) }
      let slot = freeSlots.popLast() ?? residents.count
      if slot == residents.count { residents.append(nil) }
      processors[index].take(shape.footprint, slot: slot)
      let processor = processors[index]
      totals.add(shape.tally, times: processor.twins, sramBytes: processor.used.total)
      if let block = shape.block { listener.dealt(block, launch: launch, sm: processor.sm) }
      residents[slot] = Resident(
        shape, number: dealt, processor: index, sm: Int32(processor.sm), slot: Int32(slot),
        isSequential: device.service == .fair, from: cycle)
      dealt += 1
      if !changed.contains(index) { changed.append(index) }
      queue.advance(by: processor.twins)
      if device.service == .whole { residents[slot]!.begin(&agenda) } else { begun.append(slot) }
    }
    begin(changed, queue)
  }

  /// Blocks that have shared an SM, and what they did to each other.
  private var met: [Company: [Neighbours]] = [:]

  /// Blocks that were dealt and have not asked for anything yet.
  private var begun: [Int] = []

  /// Where service is fair, a block must know its neighbours before it begins.
  private mutating func begin(_ changed: [Int], _ queue: BlockQueue) {
    guard device.service == .fair else { return }
    busySMs = processors.busySMs
    for index in changed { meet(index) }
    for slot in begun { residents[slot]!.begin(&agenda) }
    begun.removeAll(keepingCapacity: true)
  }

  /// Tells the blocks of a processor how they stretch each other.
  private mutating func meet(_ index: Int) {
    let slots = processors[index].slots
    let company = Company(shapes: slots.map { residents[$0]!.shape! }, busySMs: busySMs)
    let neighbours = met[company] ?? Machine.neighbours(company.shapes, busySMs: busySMs)
    met[company] = neighbours
    for (slot, neighbours) in zip(slots, neighbours) {
      residents[slot]!.setNeighbours(neighbours, busySMs: busySMs)
    }
  }

  /// Splits a processor: its first `count` SMs stay, the others become a processor of their own.
  private mutating func part(_ index: Int, after count: Int) {
    var other = processors[index]
    other.sm += count
    other.twins -= count
    processors[index].twins = count
    let slots = other.slots
    other.slots = []
    for slot in slots {
      let copy = freeSlots.popLast() ?? residents.count
      if copy == residents.count { residents.append(nil) }
      residents[copy] = residents[slot]!.twin(
        processor: processors.count, sm: Int32(other.sm), slot: Int32(copy))
      agenda.duplicate(slot: Int32(slot), as: Int32(copy), sm: Int32(other.sm))
      if begun.contains(slot) { begun.append(copy) }
      other.slots.append(copy)
    }
    processors.append(other)
  }

  // MARK: Serving

  /// Gives an op its units and tells those who waited for it. Where ops are served whole, a transfer
  /// whose SM is still copying comes again when that is over.
  private mutating func issue(_ request: Request) {
    let slot = Int(request.slot)
    if device.service == .fair {
      if residents[slot]!.busySMs != busySMs { meet(residents[slot]!.processor) }
      finish(residents[slot]!.serve(request.op, at: request.cycle), slot)
      return
    }
    let needs = residents[slot]!.needs(of: request.op)
    var times = (start: request.cycle, finish: request.cycle)
    switch needs.kind {
    case .transfer:
      let copyIsFree = units.copyIsFree(sm: Int(request.sm))
      if copyIsFree > request.cycle {
        var later = request
        later.cycle = copyIsFree
        agenda.insert(later)
        return
      }
      times = units.reserve(needs, sm: Int(request.sm), ready: request.cycle)
    case .work: times = units.reserve(needs, sm: Int(request.sm), ready: request.cycle)
    default: break
    }
    finish(residents[slot]!.span(of: request.op, times, needs), slot)
  }

  private mutating func finish(_ span: Span, _ slot: Int) {
    listener.timed(span)
    residents[slot]!.follow(span, &agenda)
  }

  /// Where service is fair, all blocks that end with a cycle leave before others are dealt: whether
  /// their SMs are simulated one by one or together must not matter.
  private mutating func retireAll(_ first: Request) {
    var left = [retire(first)]
    guard device.service == .fair else { return }
    while let other = agenda.popEnd(at: first.cycle) { left.append(retire(other)) }
    busySMs = processors.busySMs
    for index in left { meet(index) }
  }

  /// - Returns: the processor that the block was on.
  private mutating func retire(_ request: Request) -> Int {
    let slot = Int(request.slot)
    let index = residents[slot]!.processor
    processors[index].release(residents[slot]!.shape!.footprint, slot: slot)
    residents[slot] = nil
    freeSlots.append(slot)
    totals.extendLaunch(to: request.cycle)
    return index
  }
}

/// The shapes of the blocks on one SM.
private struct Company: Hashable {
  let shapes: [Shape]
  let busySMs: Int

  static func == (a: Company, b: Company) -> Bool {
    a.busySMs == b.busySMs && a.shapes.elementsEqual(b.shapes, by: ===)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(busySMs)
    for shape in shapes { hasher.combine(ObjectIdentifier(shape)) }
  }
}
