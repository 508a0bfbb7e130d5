// The events of a run as comma-separated values, a row each.

import Machine

/// run, cycle, SM, block, text; SM and block are empty for launches.
public func csv(_ runs: [(name: String, recording: Recording)]) -> String {
  var text = "run,cycle,sm,block,event\n"
  for (name, recording) in runs {
    for event in recording.events {
      let span = recording.spans[Int(event.span)]
      let place =
        span.block >= 0 ? "\(recording.placement[Int(span.block)].sm),\(span.block)" : ","
      text += "\(name),\(event.cycle),\(place),\"\(recording.text(of: event))\"\n"
    }
  }
  return text
}
