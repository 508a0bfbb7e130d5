// How much of a run is simulated.

/// What a run is simulated for, and so how much of it.
package enum Detail: Sendable {
  /// Every op of every block on every SM: what a recording needs.
  case events
  /// Times alone. Blocks of one profile are recorded once, and SMs that do the same are simulated once; the
  /// times are those of `events`.
  case exact
  /// Times alone. Of a long loop of equal iterations a sample is simulated, and the rest is taken to go on
  /// like that.
  case sampled
}
