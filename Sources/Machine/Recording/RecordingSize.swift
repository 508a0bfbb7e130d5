// How much memory a recording would take, estimated before it is made, so that one that is too
// large is refused with figures.

/// The estimated size of a recording: events, and bytes of memory.
package struct RecordingSize: Sendable, Equatable {
  package var events: Double
  package var bytes: Double

  package init(events: Double = 0, bytes: Double = 0) {
    self.events = events
    self.bytes = bytes
  }

  /// The size of two recordings together.
  package static func + (a: RecordingSize, b: RecordingSize) -> RecordingSize {
    RecordingSize(events: a.events + b.events, bytes: a.bytes + b.bytes)
  }

  /// Bytes of an op with its tile, its span and its two events, while the recording is made and
  /// arrays grow.
  static let bytesPerOp = Double(
    MemoryLayout<Op>.stride + MemoryLayout<TileInfo>.stride / 2 + 2 * MemoryLayout<Span>.stride
      + 4 * MemoryLayout<Event>.stride + 96)
}

extension Program {
  /// The estimated size of a recording of this program. One block of each profile is recorded, and
  /// its long loops are multiplied out.
  package func recordingSize(hasValues: Bool) -> RecordingSize {
    var ops = 0.0
    for launch in launches {
      for (index, blocks) in launch.distinctBlocks() {
        let block = block(index, of: launch, samplesLoops: true, keepsOps: false)
        let fastForwarded = block.fastForwarded.reduce(0.0) {
          $0 + Double($1.ops.count) * Double($1.times)
        }
        ops += Double(blocks) * (Double(block.count) + fastForwarded)
      }
    }
    var bytes = ops * RecordingSize.bytesPerOp
    if hasValues {
      let elements = tensors.reduce(0.0) {
        $0 + Double($1.planes) * Double($1.rows) * Double($1.columns)
      }
      // Inputs as given, in HBM at the start and at the end, and what checkpoints keep of tiles.
      bytes += 3 * 4 * elements + Double(Checkpoints.budget)
    }
    return RecordingSize(events: 2 * ops, bytes: bytes)
  }
}
