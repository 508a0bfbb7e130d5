// Runs independent simulations in parallel on all cores.

import Foundation
import Synchronization

/// Shows the progress of a group of runs; called from several threads.
package protocol ProgressReport: Sendable {
  /// One more run has finished.
  func advance()
  /// All runs have finished.
  func end()
}

/// Calls `work` on every item in parallel.
/// - Returns: the results in the order of `items`.
package func concurrently<Item: Sendable, Value: Sendable>(
  _ items: [Item], reportingTo report: (any ProgressReport)? = nil,
  _ work: @Sendable (Item) -> Value
) -> [Value] {
  let results = Mutex<[Int: Value]>([:])
  DispatchQueue.concurrentPerform(iterations: items.count) { index in
    let value = work(items[index])
    results.withLock { $0[index] = value }
    report?.advance()
  }
  report?.end()
  return results.withLock { all in items.indices.map { all[$0]! } }
}
