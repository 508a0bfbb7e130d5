// What a viewer can do.

import Canvas

/// A change of the player's state that a key asks for. A number is a difference: rows, heads, SMs
/// or columns, negative for backwards.
package enum Action: Sendable, Equatable {
  case step(Step, forward: Bool)
  case breakpoint(forward: Bool)
  /// To where a larger score turns up, in the followed row or in any.
  case rise(ofAnyRow: Bool, forward: Bool)
  case start, end
  case play
  case faster, slower
  case prompt(Prompt.Purpose)
  case mark, jump
  case watch, lastWrite
  case focusNext, zoom, zoomOut
  case view(forward: Bool)
  case row(Int)
  case head(Int)
  case processor(Int)
  case columns(Int)
  case point
  case explain, finale, whatIf, help
  case leave
  case quit
}
