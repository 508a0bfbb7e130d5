// The events of a run as comma-separated values, a row each.

import Machine

/// cycle, SM, block, text; SM and block are empty for launches.
public func csv(_ recording: Recording) -> String {
  var text = "cycle,sm,block,event\n"
  for event in recording.events {
    let span = recording.spans[Int(event.span)]
    let place =
      span.block >= 0 ? "\(recording.placement[Int(span.block)].sm),\(span.block)" : ","
    text += "\(event.cycle),\(place),\"\(recording.text(of: event))\"\n"
  }
  return text
}
