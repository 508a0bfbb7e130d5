// The lines that the view of one SM lists, for all blocks that are resident on the SM.

import Machine

/// The resident blocks of one SM, and their lines.
package struct SMStreams {
  package let blocks: [BlockID]
  package let lines: [StreamLine]
  private let moment: Moment

  package init(_ moment: Moment, sm: Int) {
    self.moment = moment
    blocks = LaunchProgress(moment).residents[min(sm, moment.recording.device.smCount - 1)]
    lines = blocks.flatMap { BlockStreams(moment, block: $0).lines }
  }

  /// Number of lines.
  package var count: Int { lines.count }

  /// The tile of a line's op, and its (batch, head) plane; nil for a line without a tile.
  package func tile(_ line: Int) -> (name: TileName, plane: Int)? {
    guard lines.indices.contains(line), let op = lines[line].op else { return nil }
    let block = moment.recording.blocks[lines[line].block]
    guard let info = block.tile(of: block.ops[op]) else { return nil }
    return (TileName(info), info.place.plane)
  }
}
