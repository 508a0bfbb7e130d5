// The SRAM allocator. A block owns one buffer per tile name, as a CUDA kernel declares its shared
// memory: room for one tile, or for `stages` tiles where loads run ahead.

extension Block {
  /// Completes the recording: an op that fills a slot waits until the slot has been freed, so loads
  /// run ahead only as far as their buffers allow.
  mutating func addBufferDependencies() {
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

  /// SRAM that the block needs, bytes; warps are not counted. On a device without a register file
  /// all of it is shared memory.
  package func footprint(on device: Device) -> Footprint {
    var footprint = Footprint()
    for buffer in buffers {
      if buffer.isLoaded || device.registerBytes == 0 {
        footprint.shared += buffer.slots * buffer.bytes
      } else if buffer.isAccumulator, device.tensorMemoryBytes > 0 {
        footprint.tensorMemory += buffer.slots * buffer.bytes
      } else {
        footprint.registers += buffer.slots * buffer.bytes
      }
    }
    return footprint
  }

  /// Name, slots and total bytes of every buffer, in the order of first use.
  package var bufferSizes: [(name: String, slots: Int, bytes: Int)] {
    buffers.map { ($0.name, $0.slots, $0.slots * $0.bytes) }
  }
}
