// How much of a run is simulated.

/// How much of a run is simulated, by what is wanted of it.
package enum Detail: Sendable {
  /// Every op of every block on every SM: what a recording needs.
  case events
  /// Times only. Each block profile is recorded once, and one SM is simulated for all that are in
  /// the same state; the times are those of `events`.
  case exact
  /// Times only, by sampled simulation: of a long loop of equal iterations a sample is simulated,
  /// and the rest is fast-forwarded.
  case sampled
}
