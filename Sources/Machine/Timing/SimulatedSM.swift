// The SMs of a run. Where only times are wanted, SMs to which equal blocks were dispatched at the same
// cycles do the same; one of them is simulated for all, until the launch has no equal blocks left for them.

/// An SM with its resident blocks, or several that do the same.
struct SimulatedSM {
  /// A resident block, and what it asked for when it came.
  struct Slot {
    var block: ResidentBlock
    let profile: BlockProfile
  }

  /// The lowest of the SMs that it stands for.
  var sm: Int
  /// How many SMs it stands for.
  var multiplicity: Int
  /// What its blocks asked for.
  private(set) var used = Footprint()
  /// What it has given away for that, in whole units of allocation.
  private(set) var allocated = Footprint()
  /// Its blocks; an empty slot is used again.
  var slots: [Slot?] = []
  private(set) var blocks = 0
  /// A footprint that did not fit, while no block has left since.
  var tooLarge: Footprint?
  /// What its blocks ask for next, where each SM has an event queue of its own.
  var eventQueue = EventQueue()
  /// Blocks have come or gone since the others were told.
  var hasChanged = false
  /// SMs that share the memories, as its blocks know it.
  var busySMs = 0

  init(sm: Int, multiplicity: Int) {
    self.sm = sm
    self.multiplicity = multiplicity
  }

  func canTake(_ footprint: Footprint, _ device: Device) -> Bool {
    let wanted = device.allocation(of: footprint)
    return blocks < device.maxBlocksPerSM
      && allocated.shared + wanted.shared <= device.sharedBytes
      && allocated.registers + wanted.registers <= device.registerBytes
      && (device.maxWarpsPerSM == 0 || used.warps + footprint.warps <= device.maxWarpsPerSM)
  }

  /// Takes a block of that profile.
  /// - Returns: its slot.
  mutating func take(
    _ profile: BlockProfile, id: BlockID, on device: Device, from cycle: Int
  ) -> Int {
    allocate(profile.footprint, device)
    let number = slots.firstIndex { $0 == nil } ?? slots.count
    if number == slots.count { slots.append(nil) }
    let block = ResidentBlock(
      profile.ops, id: id, sm: Int32(sm), slot: Int32(number),
      isSequential: device.queueDiscipline == .processorSharing, from: cycle)
    slots[number] = Slot(block: block, profile: profile)
    return number
  }

  fileprivate mutating func allocate(_ footprint: Footprint, _ device: Device) {
    used += footprint
    allocated += device.allocation(of: footprint)
    blocks += 1
    hasChanged = true
  }

  /// A block has ended.
  mutating func release(slot: Int, on device: Device) {
    let footprint = slots[slot]!.profile.footprint
    slots[slot] = nil
    used -= footprint
    allocated -= device.allocation(of: footprint)
    blocks -= 1
    hasChanged = true
    tooLarge = nil
  }
}

extension [SimulatedSM] {
  /// The one with the fewest blocks that can take a block of that footprint, and of those the lowest.
  mutating func leastLoaded(for footprint: Footprint, _ device: Device) -> Int? {
    var best: Int?
    for index in indices where self[index].tooLarge != footprint {
      guard self[index].canTake(footprint, device) else {
        self[index].tooLarge = footprint
        continue
      }
      let isBetter = best.map { other in
        let (blocks, most) = (self[index].blocks, self[other].blocks)
        return blocks < most || (blocks == most && self[index].sm < self[other].sm)
      }
      if isBetter ?? true { best = index }
    }
    return best
  }

  /// The first `count` of the SMs that one entry stands for keep it; the others get one of their own.
  mutating func split(_ index: Int, after count: Int) {
    var others = self[index]
    others.sm += count
    others.multiplicity -= count
    self[index].multiplicity = count
    append(others)
  }

  /// SMs that have blocks.
  var busySMs: Int { reduce(0) { $0 + ($1.blocks == 0 ? 0 : $1.multiplicity) } }
}

/// How many blocks of a footprint an SM holds at most.
package func blocksPerSM(_ footprint: Footprint, on device: Device) -> Int {
  var sm = SimulatedSM(sm: 0, multiplicity: 1)
  while sm.canTake(footprint, device) { sm.allocate(footprint, device) }
  return sm.blocks
}
