// The SMs of a run. In a timing-only run, SMs that got equal blocks at equal cycles are in the same
// state. One of them is simulated for all, until they get different blocks.

/// An SM with its resident blocks; it may stand for several SMs in the same state.
struct SimulatedSM {
  /// A resident block with its profile.
  struct Slot {
    var block: ResidentBlock
    let profile: BlockProfile
  }

  /// The lowest number of the SMs that it stands for.
  var sm: Int
  /// How many SMs it stands for.
  var multiplicity: Int
  /// Cycles that the blocks which it has got so far take alone.
  fileprivate var taken = 0.0
  /// The cycles at which its free places became free, the earliest first.
  private var freed: [Int] = []
  /// What its blocks own, and how many there are.
  private(set) var occupancy = Occupancy()
  /// Its blocks; nil for a slot that is free.
  var slots: [Slot?] = []
  /// A footprint that did not fit; nil again when a block leaves.
  var rejected: Footprint?
  /// The requests of its blocks, under processor sharing, where each SM has an event queue of its
  /// own.
  var eventQueue = EventQueue()
  /// True if blocks have come or gone since its blocks were told their slowdown.
  var hasChanged = false
  /// Those with which it shares the memories, as its blocks were told last.
  var neighbours = Neighbours(busySMs: 0, blocks: 0)

  init(sm: Int, multiplicity: Int) {
    self.sm = sm
    self.multiplicity = multiplicity
  }

  /// Makes a block of that profile resident, in the place that has been free for the longest.
  /// - Parameters:
  ///   - cycle: when it may start.
  ///   - turnover: cycles for which the place stays empty.
  /// - Returns: its slot.
  mutating func take(
    _ profile: BlockProfile, id: BlockID, on device: Device, from cycle: Int, turnover: Int
  ) -> Int {
    occupancy.add(profile.footprint, on: device)
    taken += Double(profile.aloneCycles)
    hasChanged = true
    let number = slots.firstIndex { $0 == nil } ?? slots.count
    if number == slots.count { slots.append(nil) }
    let start = freed.isEmpty ? cycle : max(cycle, freed.removeFirst() + turnover)
    let block = ResidentBlock(
      profile.ops, id: id, sm: Int32(sm), slot: Int32(number),
      isSequential: device.queueDiscipline == .processorSharing, from: start)
    slots[number] = Slot(block: block, profile: profile)
    return number
  }

  /// Frees the slot and the allocation of a block that has ended.
  mutating func release(slot: Int, at cycle: Int, on device: Device) {
    freed.append(cycle)
    occupancy.remove(slots[slot]!.profile.footprint, on: device)
    slots[slot] = nil
    hasChanged = true
    rejected = nil
  }
}

extension [SimulatedSM] {
  /// Index of the SM with the fewest blocks among those that a block of that footprint fits on, and
  /// of these the one with the lowest number; nil if it fits on none. An SM whose blocks take `most` cycles alone has
  /// its share of the launch: the others are as fast, and will be free as soon.
  mutating func leastLoaded(for footprint: Footprint, most: Double, _ device: Device) -> Int? {
    var best: Int?
    for index in indices where self[index].rejected != footprint && self[index].taken < most {
      guard self[index].occupancy.canTake(footprint, on: device) else {
        self[index].rejected = footprint
        continue
      }
      let isBetter = best.map { other in
        let (blocks, most) = (self[index].occupancy.blocks, self[other].occupancy.blocks)
        return blocks < most || (blocks == most && self[index].sm < self[other].sm)
      }
      if isBetter ?? true { best = index }
    }
    return best
  }

  /// Splits the SMs that one entry stands for: the first `count` keep it, the others get a new one.
  mutating func split(_ index: Int, after count: Int) {
    var others = self[index]
    others.sm += count
    others.multiplicity -= count
    self[index].multiplicity = count
    append(others)
  }

  /// All that share the memories now.
  var neighbours: Neighbours {
    Neighbours(
      busySMs: reduce(0) { $0 + ($1.occupancy.blocks == 0 ? 0 : $1.multiplicity) },
      blocks: reduce(0) { $0 + $1.occupancy.blocks * $1.multiplicity })
  }
}
