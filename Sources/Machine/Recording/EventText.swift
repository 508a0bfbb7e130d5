// The line of text that names an event.

extension Recording {
  /// The text of an event, as cues of lessons write it: `finished store S[0,0]`.
  package func text(of event: Event) -> String {
    var bytes: [UInt8] = []
    write(event, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text of an event as UTF-8.
  func write(_ event: Event, to bytes: inout [UInt8]) {
    let span = spans[event.span]
    let place: OpPlace
    switch span.subject {
    case .op(let found): place = found
    case .launchStart(let launch): return write("started", launch, to: &bytes)
    case .launchEnd(let launch): return write("finished", launch, to: &bytes)
    }
    bytes.append(contentsOf: (event.phase == .started ? "started " : "finished ").utf8)
    // The block is read in place: to copy it would take longer than to write the line.
    bytes.append(contentsOf: blocks[place.block].ops[place.op].verb.text.utf8)
    guard let tile = blocks[place.block].ops[place.op].tile else { return }
    bytes.append(UInt8(ascii: " "))
    blocks[place.block].writeLabel(ofTile: tile, to: &bytes)
  }

  private func write(_ phase: String, _ launch: Int32, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "\(phase) launch \(program.launches[Int(launch)].name)".utf8)
  }

  /// The log line of an event: cycle, SM, block and text.
  package func line(of event: Event) -> String {
    let span = spans[event.span]
    let place =
      span.place.map { "sm\(placement[$0.block.index].sm) b\($0.block.number)" } ?? "gpu -"
    return "\(event.cycle) \(place) \(text(of: event))"
  }
}
