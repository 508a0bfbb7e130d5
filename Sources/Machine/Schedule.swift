// When: decides at which cycle every op of a program runs, and never sees a value. A heap of
// requests ordered by (cycle, time of asking, SM, block, op); the earliest gets its units first.

/// What a schedule hands out as it goes; a timing-only run listens to nothing.
public protocol ScheduleListener {
  /// Block number `block` was dealt to SM `sm`.
  mutating func dealt(_ block: Block, launch: Int, sm: Int)
  /// An op has its times; or a launch began (`Span.launchStart`) or ended (`Span.launchEnd`).
  mutating func timed(_ span: Span)
}

/// One simulation of a program on a device.
public struct Schedule<Listener: ScheduleListener> {
  private let program: Program
  private let device: Device
  public var listener: Listener
  public private(set) var totals = Totals()
  private var units: Units
  private var cache: L2Cache
  private var agenda = Agenda()
  /// Blocks that are on an SM, in slots that are used again.
  private var residents: [Resident] = []
  private var freeSlots: [Int] = []
  private var processors: [Processor]
  private var dealt: Int32 = 0

  public init(_ program: Program, on device: Device, listener: Listener) {
    self.program = program
    self.device = device
    self.listener = listener
    units = Units(device: device, multiplying: program.type)
    cache = L2Cache(capacity: device.l2Bytes, for: program.tensors)
    processors = Array(repeating: Processor(), count: device.smCount)
    totals.tensors = Array(repeating: Transfers(), count: program.tensors.count)
  }

  /// Runs every launch to its end, one after the other.
  /// - Throws: `DoesNotFit` if a block asks for more SRAM than an SM has.
  public mutating func run() throws(DoesNotFit) {
    for index in program.launches.indices { try run(launch: index) }
    for unit in Unit.allCases { totals.busyCycles[unit] = units.busyCycles(unit) }
  }

  private mutating func run(launch index: Int) throws(DoesNotFit) {
    let launch = program.launches[index]
    let start = totals.cycles + device.launchCycles
    totals.launches.append(
      LaunchTotals(name: launch.name, blocks: launch.blocks, start: start, finish: start))
    listener.timed(.launch(index, Span.launchStart, at: totals.cycles))
    var queue = BlockQueue(program: program, launch: launch)
    try deal(&queue, launch: index, at: start)
    while let request = agenda.popEarliest() {
      if request.op == Request.end {
        retire(request)
        try deal(&queue, launch: index, at: request.cycle)
      } else {
        issue(request)
      }
    }
    totals.cycles = totals.launches[index].finish
    listener.timed(.launch(index, Span.launchEnd, at: totals.cycles))
  }

  /// Puts waiting blocks on SMs, the emptiest and then the lowest first, as long as one fits.
  private mutating func deal(_ queue: inout BlockQueue, launch: Int, at cycle: Int)
    throws(DoesNotFit)
  {
    while let block = queue.next {
      let footprint = block.footprint(on: device)
      try device.require(footprint, for: program.launches[launch])
      guard let sm = roomiest(for: footprint) else { return }
      processors[sm].take(footprint)
      totals.sramPeakBytes = max(totals.sramPeakBytes, processors[sm].used.total)
      listener.dealt(block, launch: launch, sm: sm)
      admit(block, to: sm, footprint, at: cycle)
      dealt += 1
      queue.advance()
    }
  }

  private func roomiest(for footprint: Footprint) -> Int? {
    var best: Int?
    for sm in processors.indices
    where processors[sm].canTake(footprint, device)
      && (best == nil || processors[sm].blocks < processors[best!].blocks)
    {
      best = sm
    }
    return best
  }

  private mutating func admit(_ block: Block, to sm: Int, _ footprint: Footprint, at cycle: Int) {
    let slot = freeSlots.popLast() ?? residents.count
    if slot == residents.count { residents.append(Resident.none) }
    residents[slot] = Resident(
      block, number: dealt, sm: Int32(sm), slot: Int32(slot), footprint: footprint, from: cycle)
    residents[slot].begin(&agenda)
  }

  /// Gives an op its units and tells those who waited for it. A transfer whose SM is still copying
  /// comes again when that is over.
  private mutating func issue(_ request: Request) {
    let slot = Int(request.slot)
    let copyIsFree = units.copyIsFree(sm: Int(request.sm))
    if copyIsFree > request.cycle, residents[slot].isTransfer(request.op) {
      var later = request
      later.cycle = copyIsFree
      agenda.insert(later)
      return
    }
    let span = residents[slot].issue(request.op, at: request.cycle, &units, &cache, &totals)
    listener.timed(span)
    residents[slot].follow(span, &agenda)
  }

  private mutating func retire(_ request: Request) {
    let slot = Int(request.slot)
    processors[Int(request.sm)].release(residents[slot].footprint)
    residents[slot] = Resident.none
    freeSlots.append(slot)
    let launch = totals.launches.count - 1
    totals.launches[launch].finish = max(totals.launches[launch].finish, request.cycle)
  }
}

/// The blocks of a launch that no SM has taken yet, recorded one ahead.
private struct BlockQueue {
  let program: Program
  let launch: Launch
  private var index = 0
  private(set) var next: Block?

  init(program: Program, launch: Launch) {
    self.program = program
    self.launch = launch
    next = launch.blocks > 0 ? program.block(0, of: launch) : nil
  }

  mutating func advance() {
    index += 1
    next = index < launch.blocks ? program.block(index, of: launch, like: next) : nil
  }
}

/// What an SM has given away.
private struct Processor {
  var used = Footprint()
  var blocks = 0

  func canTake(_ footprint: Footprint, _ device: Device) -> Bool {
    blocks < device.maxBlocksPerSM
      && used.shared + footprint.shared <= device.sharedBytes
      && used.registers + footprint.registers <= device.registerBytes
  }

  mutating func take(_ footprint: Footprint) {
    used.shared += footprint.shared
    used.registers += footprint.registers
    blocks += 1
  }

  mutating func release(_ footprint: Footprint) {
    used.shared -= footprint.shared
    used.registers -= footprint.registers
    blocks -= 1
  }
}
