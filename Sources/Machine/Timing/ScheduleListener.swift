// Who is told what a schedule decides.

/// Hears of every block and every span as a schedule goes on.
package protocol ScheduleListener {
  /// `block` was dispatched to SM `sm`. Heard only where every event is simulated.
  mutating func dispatched(_ block: Block, launch: Int, sm: Int)
  /// An op has its times, or a launch began or ended.
  mutating func timed(_ span: Span)
}
