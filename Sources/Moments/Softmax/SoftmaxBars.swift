// The online softmax of a row as bars: one for each key, of height e^(s − m). When m rises, the bars of
// all keys seen before shrink by α while l is brought up to date.

import RealModule

/// The weights of one row over the keys seen so far, as they stand at a cycle.
package struct SoftmaxBars: Sendable {
  /// Per key: e^(s − m), 0 to 1; nil for a key that has not been weighed.
  package private(set) var heights: [Float?]
  /// The keys of the block at work; nil between blocks.
  package private(set) var atWork: Range<Int>?
  /// The latest block.
  package private(set) var entry: LedgerEntry?
  /// The running sum and maximum before the latest block; nil for the first one.
  package private(set) var sumBefore: Float?
  package private(set) var maximumBefore: Float?
  /// How far the older bars are on their way from the old maximum to the new one, 0 to 1; nil if they
  /// need not move.
  package private(set) var shrinking: Double?

  /// - Parameter keys: number of keys of the row.
  package init(_ trace: SoftmaxTrace, at cycle: Int, keys: Int) {
    heights = Array(repeating: nil, count: keys)
    let entries = trace.entries(at: cycle)
    entry = entries.last
    guard let latest = entries.last else { return }
    sumBefore = entries.dropLast().last?.sum
    maximumBefore = entries.dropLast().last?.newMaximum
    let weighed = trace.weighingProgress(at: cycle)
    let moved = trace.rescaleProgress(at: cycle)
    // The maximum against which bars are drawn moves from the old one to the new one, so that they shrink
    // by a factor to the power of `moved`.
    func between(_ old: Float?, _ new: Float?) -> Float? {
      guard let old, let new, old > -.infinity, new > old else { return new ?? old }
      return old + Float(moved) * (new - old)
    }
    if latest.rises, moved < 1 { shrinking = moved }
    let before = latest.oldMaximum ?? maximumBefore
    if let maximum = between(before, latest.newMaximum) {
      for entry in entries.dropLast() { weigh(entry, against: maximum) }
    }
    if !latest.isComplete { atWork = latest.columns }
    let own = trace.weighsAgainstOwnMaximum(at: cycle) ? latest.tileMaximum : latest.newMaximum
    if weighed > 0, let maximum = between(own, latest.newMaximum) {
      weigh(latest, against: maximum, share: Float(weighed))
    }
  }

  private mutating func weigh(_ entry: LedgerEntry, against maximum: Float, share: Float = 1) {
    guard let scores = entry.scores else { return }
    for (key, score) in zip(entry.columns, scores) where heights.indices.contains(key) {
      heights[key] = score == -.infinity ? 0 : share * .exp(score - maximum)
    }
  }
}
