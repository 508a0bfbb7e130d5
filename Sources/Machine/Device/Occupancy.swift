// How many thread blocks fit on an SM: as many as shared memory, registers, warps and the limit on blocks
// allow (CUDA occupancy calculator).

/// What the thread blocks on one SM own of it.
struct Occupancy: Sendable {
  /// Sum of the blocks' footprints; SRAM in bytes.
  private(set) var used = Footprint()
  /// What the SM has given away for that, in whole units of allocation, bytes.
  private(set) var allocated = Footprint()
  /// How many blocks there are.
  private(set) var blocks = 0

  /// Whether one more block of this footprint fits.
  func canTake(_ footprint: Footprint, on device: Device) -> Bool {
    let wanted = device.allocation(of: footprint)
    return blocks < device.maxBlocksPerSM
      && allocated.shared + wanted.shared <= device.sharedBytes
      && allocated.registers + wanted.registers <= device.registerBytes
      && allocated.tensorMemory + wanted.tensorMemory <= device.tensorMemoryBytes
      && (device.maxWarpsPerSM == 0 || used.warps + footprint.warps <= device.maxWarpsPerSM)
  }

  mutating func add(_ footprint: Footprint, on device: Device) {
    used += footprint
    allocated += device.allocation(of: footprint)
    blocks += 1
  }

  mutating func remove(_ footprint: Footprint, on device: Device) {
    used -= footprint
    allocated -= device.allocation(of: footprint)
    blocks -= 1
  }
}

/// How many blocks of a footprint an SM holds at most.
package func blocksPerSM(_ footprint: Footprint, on device: Device) -> Int {
  var occupancy = Occupancy()
  while occupancy.canTake(footprint, on: device) { occupancy.add(footprint, on: device) }
  return occupancy.blocks
}
