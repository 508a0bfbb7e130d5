// A timing-only run: totals, without values and without events.

/// The totals of a run that is simulated without values and without events (`--timing-only`).
/// - Throws: `ScheduleError` if a block does not fit on an SM.
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
