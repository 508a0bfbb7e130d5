// The line of text that names an event.

extension Recording {
  /// `finished store S[0,0]`: what a cue in a lesson says.
  public func text(of event: Event) -> String {
    var bytes: [UInt8] = []
    write(event, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the same text.
  func write(_ event: Event, to bytes: inout [UInt8]) {
    let span = spans[Int(event.span)]
    guard span.block >= 0 else {
      let phase = span.block == Span.launchStart ? "started" : "finished"
      bytes.append(contentsOf: "\(phase) launch \(program.launches[Int(span.op)].name)".utf8)
      return
    }
    bytes.append(contentsOf: (event.phase == .started ? "started " : "finished ").utf8)
    // Looked at where they are: a copy of a block would cost more than its line.
    let (block, op) = (Int(span.block), Int(span.op))
    bytes.append(contentsOf: blocks[block].ops[op].verb.text.utf8)
    let tile = blocks[block].ops[op].tile
    guard tile >= 0 else { return }
    bytes.append(UInt8(ascii: " "))
    blocks[block].writeLabel(ofTile: tile, to: &bytes)
  }

  /// The whole log line: cycle, SM, block and text.
  public func line(of event: Event) -> String {
    let span = spans[Int(event.span)]
    let place =
      span.block >= 0 ? "sm\(placement[Int(span.block)].sm) b\(span.block)" : "gpu -"
    return "\(event.cycle) \(place) \(text(of: event))"
  }
}
