// The events of recordings as comma-separated values, one row for each event.

import Machine

/// A header and the columns run, cycle, SM, block and event text; SM and block are empty for
/// launches.
package func csv(_ runs: [(name: String, recording: Recording)]) -> String {
  var text = "run,cycle,sm,block,event\n"
  for (name, recording) in runs {
    for event in recording.events {
      let place = recording.spans[event.span].place
      let columns =
        place.map { "\(recording.placement[$0.block.index].sm),\($0.block.number)" } ?? ","
      text += "\(separated(name)),\(event.cycle),\(columns),\"\(recording.text(of: event))\"\n"
    }
  }
  return text
}
