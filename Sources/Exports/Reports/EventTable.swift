// The events of a run as comma-separated values, a row each.

import Machine

/// run, cycle, SM, block, text; SM and block are empty for launches.
package func csv(_ runs: [(name: String, recording: Recording)]) -> String {
  var text = "run,cycle,sm,block,event\n"
  for (name, recording) in runs {
    for event in recording.events {
      let place = recording.spans[event.span].place
      let columns =
        place.map { "\(recording.placement[$0.block.index].sm),\($0.block.number)" } ?? ","
      text += "\(name),\(event.cycle),\(columns),\"\(recording.text(of: event))\"\n"
    }
  }
  return text
}
