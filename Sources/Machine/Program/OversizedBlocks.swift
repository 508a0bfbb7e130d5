// Whether the thread blocks of a program fit on an SM, checked before anything runs.

/// A block that needs more SRAM than an SM has.
package struct DoesNotFit: Error, Sendable, Equatable {
  package var launch: String
  package var needed: Footprint
  /// SRAM that one block may own at most, bytes.
  package var available: Footprint
  /// The three tile names that take most of the SRAM, the largest first. Empty where only the sum
  /// is known.
  package var largest: [NamedBytes] = []
}

/// The name of a buffer's tiles, and the bytes of the buffer.
package struct NamedBytes: Sendable, Equatable {
  package var name: String
  package var bytes: Int
}

extension Program {
  /// Checks that the blocks of all launches fit on an SM.
  /// - Throws: `DoesNotFit` for the first that does not.
  package func checkFit(on device: Device) throws(DoesNotFit) {
    for launch in launches where launch.blocks > 0 {
      if let footprint = launch.footprint {
        try device.require(footprint, for: launch)
        continue
      }
      for (index, _) in launch.distinctBlocks() {
        let block = block(index, of: launch, samplesLoops: true, keepsOps: false)
        try device.require(block.footprint(on: device), for: launch, block.bufferSizes)
      }
    }
  }
}

extension Device {
  /// Throws `DoesNotFit` unless a block of this footprint fits on an SM.
  func require(
    _ footprint: Footprint, for launch: Launch,
    _ buffers: [(name: String, slots: Int, bytes: Int)] = []
  ) throws(DoesNotFit) {
    guard fits(footprint) else {
      throw DoesNotFit(
        launch: launch.name, needed: footprint,
        available: Footprint(
          shared: min(sharedBytes, sharedBytesPerBlock), registers: registerBytes,
          tensorMemory: tensorMemoryBytes),
        largest: buffers.sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }.prefix(3).map {
          NamedBytes(name: $0.name, bytes: $0.bytes)
        })
    }
  }
}
