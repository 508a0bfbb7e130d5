// What one block of keys does to the running statistics of a row of the softmax.

/// The effect of one block of keys on the statistics of one row. A value is nil until its op has
/// finished, and where the kernel has no such value.
package struct LedgerEntry: Sendable {
  /// The keys of the block.
  package var columns: Range<Int>
  /// Logits of the row against these keys; −∞ for a hidden pair.
  package var scores: [Float]?
  /// Running maximum before this block.
  package var oldMaximum: Float?
  /// Largest logit of this block.
  package var tileMaximum: Float?
  /// Running maximum after this block.
  package var newMaximum: Float?
  /// Factor α by which the earlier sum and output are rescaled.
  package var alpha: Float?
  /// Running sum l before this block.
  package var oldSum: Float?
  /// Running sum l after this block.
  package var sum: Float?
  /// Row of O before this block.
  package var outputBefore: [Float]?
  /// Row of O after this block.
  package var output: [Float]?
  /// True if O is still l times the mean of the values, because the kernel divides by l at the end.
  package var outputIsSum = false
  /// True if all ops of this block of keys have finished.
  package var isComplete = false

  package init(columns: Range<Int>) { self.columns = columns }

  /// Whether a larger score has turned up, so that what was summed before shrinks.
  package var rises: Bool { alpha.map { $0 > 0 && $0 < 1 } ?? false }
}
