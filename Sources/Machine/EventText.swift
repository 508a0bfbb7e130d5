// The line of text that names an event.

extension Recording {
  /// `finished store S[0,0]`: what a cue in a lesson says.
  public func text(of event: Event) -> String {
    let span = spans[Int(event.span)]
    guard span.block >= 0 else {
      let phase = span.block == Span.launchStart ? "started" : "finished"
      return "\(phase) launch \(program.launches[Int(span.op)].name)"
    }
    let block = blocks[Int(span.block)]
    let label = block.label(of: block.ops[Int(span.op)])
    switch event.phase {
    case .started: return "started \(label)"
    case .finished: return "finished \(label)"
    case .happened: return "finished \(label)"
    }
  }

  /// The whole log line: cycle, SM, block and text.
  public func line(of event: Event) -> String {
    let span = spans[Int(event.span)]
    let place =
      span.block >= 0 ? "sm\(placement[Int(span.block)].sm) b\(span.block)" : "gpu -"
    return "\(event.cycle) \(place) \(text(of: event))"
  }
}
