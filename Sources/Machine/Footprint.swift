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
  }
}

/// A block that asks for more SRAM than an SM has.
public struct DoesNotFit: Error, Sendable, Equatable {
  public var launch: String
  public var needed: Footprint
  /// What one block may own at most.
  public var available: Footprint
}

extension Program {
  /// Refuses the program if the first block of a launch, the largest, does not fit.
  public func checkFit(on device: Device) throws(DoesNotFit) {
    for launch in launches where launch.blocks > 0 {
      let first = block(0, of: launch, foldsLoops: true, keepsOps: false)
      let footprint = launch.footprint ?? first.footprint(on: device)
      try device.require(footprint, for: launch)
    }
  }
}

extension Device {
  func require(_ footprint: Footprint, for launch: Launch) throws(DoesNotFit) {
    guard fits(footprint) else {
      throw DoesNotFit(
        launch: launch.name, needed: footprint,
        available: Footprint(
          shared: min(sharedBytes, sharedBytesPerBlock), registers: registerBytes))
    }
  }
}
