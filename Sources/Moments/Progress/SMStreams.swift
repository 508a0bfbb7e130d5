// The streams of all thread blocks on one SM.

import Machine

/// What the view of one SM lists: the streams of its blocks.
package struct SMStreams {
  package let blocks: [BlockID]
  package let lines: [StreamLine]
  private let moment: Moment

  package init(_ moment: Moment, sm: Int) {
    self.moment = moment
    blocks = LaunchProgress(moment).residents[min(sm, moment.recording.device.smCount - 1)]
    lines = blocks.flatMap { BlockStreams(moment, block: $0).lines }
  }

  /// How many lines there are to choose from.
  package var count: Int { lines.count }

  /// The tile that a line is about, and its (batch, head) plane.
  package func tile(_ line: Int) -> (name: TileName, plane: Int)? {
    guard lines.indices.contains(line), let op = lines[line].op else { return nil }
    let block = moment.recording.blocks[lines[line].block]
    guard let info = block.tile(of: block.ops[op]) else { return nil }
    return (TileName(info), info.place.plane)
  }
}
