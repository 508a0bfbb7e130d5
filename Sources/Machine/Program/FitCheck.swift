// Whether the thread blocks of a program fit on an SM: asked before anything runs.

/// A block that asks for more SRAM than an SM has.
package struct DoesNotFit: Error, Sendable, Equatable {
  package var launch: String
  package var needed: Footprint
  /// What one block may own at most.
  package var available: Footprint
  /// What takes most of it, the largest first: three tiles by name, with their bytes. Empty where only the
  /// sum is known.
  package var largest: [NamedBytes] = []
}

/// Tiles of one name, and what they take.
package struct NamedBytes: Sendable, Equatable {
  package var name: String
  package var bytes: Int
}

extension Program {
  /// Refuses the program if any block of a launch does not fit.
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
