// A run of which only the figures are wanted: no values, no events.

/// A run without values and without events: `--timing-only`.
package func totals(
  of program: Program, on device: Device, detail: Detail = .exact
) throws(ScheduleError) -> Totals {
  var schedule = Schedule(program, on: device, detail: detail, listener: NoListener())
  try schedule.run()
  return schedule.totals
}

private struct NoListener: ScheduleListener {
  mutating func dispatched(_ block: Block, launch: Int, sm: Int) {}
  mutating func timed(_ span: Span) {}
}
