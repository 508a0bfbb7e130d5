// The words that name ops in logs, in cues and on the screen.

/// The word that names an op.
package enum Verb: UInt8, Sendable, CaseIterable {
  case load, store, add, fill, multiply, accumulate, scale, mask, rowmax, exp, rowsum, max, factor
  case rescale, divide, logsumexp, copy, rowdot, gradient, drop, draw, convert, sync, prepare
  case free, keep, subtract, log, combine, sort

  /// The word as logs and cues write it: `rowmax`.
  package var text: String { Self.texts[Int(rawValue)] }

  private static let texts = allCases.map { "\($0)" }
}
