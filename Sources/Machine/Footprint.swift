// The SRAM allocator. A block owns a fixed buffer per tile name, as a CUDA kernel declares its
// shared memory: room for one tile, or for `stages` where loads run ahead. What does not fit is
// refused before anything runs.

/// SRAM that a block owns while it is on an SM, bytes.
public struct Footprint: Sendable, Equatable {
  public var shared = 0
  public var registers = 0
  /// Warps of 32 threads; 0 where they are not counted.
  public var warps = 0

  public init(shared: Int = 0, registers: Int = 0, warps: Int = 0) {
    self.shared = shared
    self.registers = registers
    self.warps = warps
  }

  public var total: Int { shared + registers }

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

extension Block {
  /// Completes the recording: loads run ahead only as far as their buffers allow.
  mutating func seal() {
    for index in buffers.indices {
      if buffers[index].isLoaded, buffers[index].allocations.count > buffers[index].slots {
        buffers[index].slots = max(buffers[index].slots, stages)
      }
      let buffer = buffers[index]
      for (allocation, free) in zip(buffer.allocations.dropFirst(buffer.slots), buffer.frees) {
        dependencies.wait(allocation, for: free)
      }
    }
  }

  /// What the block needs. Where a device has no register file, everything is in one pool.
  public func footprint(on device: Device) -> Footprint {
    var footprint = Footprint()
    for buffer in buffers {
      if buffer.isLoaded || device.registerBytes == 0 {
        footprint.shared += buffer.slots * buffer.bytes
      } else {
        footprint.registers += buffer.slots * buffer.bytes
      }
    }
    return footprint
  }

  /// Name and bytes of every buffer, in order of first use.
  public var bufferSizes: [(name: String, slots: Int, bytes: Int)] {
    buffers.map { ($0.name, $0.slots, $0.slots * $0.bytes) }
  }
}

extension Device {
  /// True if a block of this footprint can be on an SM at all.
  public func fits(_ footprint: Footprint) -> Bool {
    footprint.shared <= min(sharedBytes, sharedBytesPerBlock)
      && footprint.registers <= registerBytes
      && allocation(of: footprint).shared <= sharedBytes
  }

  /// What an SM gives away for a block of this footprint: shared memory and registers in whole units,
  /// registers warp by warp, and what the system keeps for every block (CUDA occupancy calculator).
  public func allocation(of footprint: Footprint) -> Footprint {
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

/// A block that asks for more SRAM than an SM has.
public struct DoesNotFit: Error, Sendable, Equatable {
  public var launch: String
  public var needed: Footprint
  /// What one block may own at most.
  public var available: Footprint
  /// What takes most of it, the largest first: three tiles by name, with their bytes. Empty where only the
  /// sum is known.
  public var largest: [NamedBytes] = []
}

/// Tiles of one name, and what they take.
public struct NamedBytes: Sendable, Equatable {
  public var name: String
  public var bytes: Int
}

extension Program {
  /// Refuses the program if any block of a launch does not fit.
  /// - Throws: `DoesNotFit` for the first that does not.
  public func checkFit(on device: Device) throws(DoesNotFit) {
    for launch in launches where launch.blocks > 0 {
      if let footprint = launch.footprint {
        try device.require(footprint, for: launch)
        continue
      }
      for (index, _) in launch.distinctBlocks() {
        let block = block(index, of: launch, foldsLoops: true, keepsOps: false)
        try device.require(block.footprint(on: device), for: launch, block.bufferSizes)
      }
    }
  }
}

extension Device {
  func require(
    _ footprint: Footprint, for launch: Launch,
    _ buffers: [(name: String, slots: Int, bytes: Int)] = []
  ) throws(DoesNotFit) {
    guard fits(footprint) else {
      throw DoesNotFit(
        launch: launch.name, needed: footprint,
        available: Footprint(
          shared: min(sharedBytes, sharedBytesPerBlock), registers: registerBytes),
        largest: buffers.sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }.prefix(3).map {
          NamedBytes(name: $0.name, bytes: $0.bytes)
        })
    }
  }
}
