// The SMs: what each has given away, and which of them stand for others. In a run that only needs
// times, SMs that were dealt the same shapes at the same cycles live the same lives, and one of them
// is simulated for all, until the blocks run out and they part.

struct Processor {
  /// The lowest of the SMs it stands for, and how many there are.
  var sm: Int
  var twins: Int
  private(set) var used = Footprint()
  /// What it has given away for that, in whole units of allocation.
  private(set) var given = Footprint()
  /// Its blocks, in slots that are used again.
  var residents: [Resident?] = []
  private(set) var blocks = 0
  /// What it could not take, and nothing has left it since.
  var tooLarge: Footprint?
  /// What its blocks ask for next, where each SM lives for itself.
  var agenda = Agenda()
  /// Other blocks are on it than when their neighbours were worked out.
  var hasChanged = false
  /// SMs on the memories, as its blocks know them.
  var busySMs = 0

  func canTake(_ footprint: Footprint, _ device: Device) -> Bool {
    let wanted = device.allocation(of: footprint)
    return blocks < device.maxBlocksPerSM
      && given.shared + wanted.shared <= device.sharedBytes
      && given.registers + wanted.registers <= device.registerBytes
      && (device.maxWarpsPerSM == 0 || used.warps + footprint.warps <= device.maxWarpsPerSM)
  }

  /// Takes a block of that shape.
  /// - Returns: its slot.
  mutating func take(
    _ shape: Shape, number: Int32, on device: Device, from cycle: Int
  ) -> Int {
    take(shape.footprint, device)
    let slot = residents.firstIndex { $0 == nil } ?? residents.count
    if slot == residents.count { residents.append(nil) }
    residents[slot] = Resident(
      shape, number: number, sm: Int32(sm), slot: Int32(slot),
      isSequential: device.service == .fair, from: cycle)
    return slot
  }

  fileprivate mutating func take(_ footprint: Footprint, _ device: Device) {
    used += footprint
    given += device.allocation(of: footprint)
    blocks += 1
    hasChanged = true
  }

  mutating func release(slot: Int, on device: Device) {
    let footprint = residents[slot]!.shape!.footprint
    residents[slot] = nil
    used -= footprint
    given -= device.allocation(of: footprint)
    blocks -= 1
    hasChanged = true
    tooLarge = nil
  }
}

extension [Processor] {
  /// The emptiest that can take a block of that footprint, and of those the lowest.
  mutating func roomiest(for footprint: Footprint, _ device: Device) -> Int? {
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

  /// Splits a processor: its first `count` SMs stay, the others become a processor of their own.
  mutating func split(_ index: Int, after count: Int) {
    var others = self[index]
    others.sm += count
    others.twins -= count
    self[index].twins = count
    append(others)
  }

  /// SMs that have blocks.
  var busySMs: Int { reduce(0) { $0 + ($1.blocks == 0 ? 0 : $1.twins) } }
}

/// How many blocks of a footprint an SM holds at most.
public func blocksPerSM(_ footprint: Footprint, on device: Device) -> Int {
  var processor = Processor(sm: 0, twins: 1)
  while processor.canTake(footprint, device) {
    processor.take(footprint, device)
  }
  return processor.blocks
}
