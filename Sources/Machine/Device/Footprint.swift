// What a thread block needs of an SM, and what the SM allocates for it.

/// SRAM, in bytes, and warps that a block owns while it is resident.
package struct Footprint: Sendable, Equatable {
  package var shared = 0
  package var registers = 0
  /// Tensor memory, in which accumulators of products lie on devices that have it.
  package var tensorMemory = 0
  /// Warps of 32 threads; 0 where they are not counted.
  package var warps = 0

  package init(shared: Int = 0, registers: Int = 0, tensorMemory: Int = 0, warps: Int = 0) {
    self.shared = shared
    self.registers = registers
    self.tensorMemory = tensorMemory
    self.warps = warps
  }

  /// Shared memory, registers and tensor memory together, bytes.
  package var total: Int { shared + registers + tensorMemory }

  static func += (sum: inout Footprint, other: Footprint) {
    sum.shared += other.shared
    sum.registers += other.registers
    sum.tensorMemory += other.tensorMemory
    sum.warps += other.warps
  }

  static func -= (difference: inout Footprint, other: Footprint) {
    difference.shared -= other.shared
    difference.registers -= other.registers
    difference.tensorMemory -= other.tensorMemory
    difference.warps -= other.warps
  }
}

extension Device {
  /// True if an SM without other blocks can hold a block of this footprint.
  package func fits(_ footprint: Footprint) -> Bool {
    footprint.shared <= min(sharedBytes, sharedBytesPerBlock)
      && footprint.registers <= registerBytes
      && footprint.tensorMemory <= tensorMemoryBytes
      && allocation(of: footprint).shared <= sharedBytes
  }

  /// What an SM allocates for a block of this footprint: shared memory in whole allocation units,
  /// with what the system reserves for every block, and registers in whole allocation units per
  /// warp (CUDA occupancy calculator).
  package func allocation(of footprint: Footprint) -> Footprint {
    var given = footprint
    given.shared =
      roundedUp(footprint.shared + reservedSharedBytesPerBlock, to: sharedAllocationBytes)
    if footprint.warps > 0 {
      let perWarp = tileCount(footprint.registers, footprint.warps)
      given.registers = footprint.warps * roundedUp(perWarp, to: registerAllocationBytes)
    }
    return given
  }
}

/// `count`, rounded up to a multiple of `unit`.
private func roundedUp(_ count: Int, to unit: Int) -> Int { tileCount(count, unit) * unit }
