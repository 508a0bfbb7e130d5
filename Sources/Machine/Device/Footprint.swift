// What a thread block owns of an SM, and what the SM gives away for it.

/// SRAM that a block owns while it is on an SM, bytes.
package struct Footprint: Sendable, Equatable {
  package var shared = 0
  package var registers = 0
  /// Warps of 32 threads; 0 where they are not counted.
  package var warps = 0

  package init(shared: Int = 0, registers: Int = 0, warps: Int = 0) {
    self.shared = shared
    self.registers = registers
    self.warps = warps
  }

  package var total: Int { shared + registers }

  static func += (sum: inout Footprint, other: Footprint) {
    sum.shared += other.shared
    sum.registers += other.registers
    sum.warps += other.warps
  }

  static func -= (difference: inout Footprint, other: Footprint) {
    difference.shared -= other.shared
    difference.registers -= other.registers
    difference.warps -= other.warps
  }
}

extension Device {
  /// True if a block of this footprint can be on an SM at all.
  package func fits(_ footprint: Footprint) -> Bool {
    footprint.shared <= min(sharedBytes, sharedBytesPerBlock)
      && footprint.registers <= registerBytes
      && allocation(of: footprint).shared <= sharedBytes
  }

  /// What an SM gives away for a block of this footprint: shared memory and registers in whole units,
  /// registers warp by warp, and what the system keeps for every block (CUDA occupancy calculator).
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

/// The next multiple of `unit`.
private func roundedUp(_ count: Int, to unit: Int) -> Int { tileCount(count, unit) * unit }
