// The SMs: what each has given away, and which of them stand for others. In a run that only needs
// times, SMs that were dealt the same shapes at the same cycles live the same lives, and one of them
// is simulated for all, until the blocks run out and they part.

struct Processor {
  /// The lowest of the SMs it stands for, and how many there are.
  var sm: Int
  var twins: Int
  var used = Footprint()
  /// Where its blocks are kept.
  var slots: [Int] = []

  func canTake(_ footprint: Footprint, _ device: Device) -> Bool {
    slots.count < device.maxBlocksPerSM
      && used.shared + footprint.shared <= device.sharedBytes
      && used.registers + footprint.registers <= device.registerBytes
      && (device.maxWarpsPerSM == 0 || used.warps + footprint.warps <= device.maxWarpsPerSM)
  }

  mutating func take(_ footprint: Footprint, slot: Int) {
    used.shared += footprint.shared
    used.registers += footprint.registers
    used.warps += footprint.warps
    slots.append(slot)
  }

  mutating func release(_ footprint: Footprint, slot: Int) {
    used.shared -= footprint.shared
    used.registers -= footprint.registers
    used.warps -= footprint.warps
    slots.removeAll { $0 == slot }
  }
}

extension [Processor] {
  /// The emptiest that can take a block of that footprint, and of those the lowest.
  func roomiest(for footprint: Footprint, _ device: Device) -> Int? {
    var best: Int?
    for index in indices where self[index].canTake(footprint, device) {
      guard let other = best.map({ self[$0] }) else {
        best = index
        continue
      }
      let fewer = self[index].slots.count < other.slots.count
      if fewer || (self[index].slots.count == other.slots.count && self[index].sm < other.sm) {
        best = index
      }
    }
    return best
  }

  /// SMs that have blocks.
  var busySMs: Int { reduce(0) { $0 + ($1.slots.isEmpty ? 0 : $1.twins) } }
}

/// How many blocks of a footprint an SM holds at most.
public func blocksPerSM(_ footprint: Footprint, on device: Device) -> Int {
  var processor = Processor(sm: 0, twins: 1)
  while processor.canTake(footprint, device) {
    processor.take(footprint, slot: processor.slots.count)
  }
  return processor.slots.count
}
