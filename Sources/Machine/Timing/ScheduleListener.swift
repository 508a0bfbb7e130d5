// What a schedule tells others while it runs.

/// Is told every block and every span of a schedule.
package protocol ScheduleListener {
  /// `block` was dispatched to SM `sm`. Called only where every event is simulated.
  mutating func dispatched(_ block: Block, launch: Int, sm: Int)
  /// An op has got its times, or a launch has begun or ended.
  mutating func timed(_ span: Span)
}
