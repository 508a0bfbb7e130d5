// Many independent simulations over the cores.

import Foundation
import Synchronization

/// Who is told how many of some runs are done.
package protocol ProgressReport: Sendable {
  /// One more run is done.
  func advance()
  /// All are done.
  func end()
}

/// The results of `work` on each item, in the order of the items.
package func concurrently<Item: Sendable, Value: Sendable>(
  _ items: [Item], reportingTo report: any ProgressReport, _ work: @Sendable (Item) -> Value
) -> [Value] {
  let results = Mutex<[Int: Value]>([:])
  DispatchQueue.concurrentPerform(iterations: items.count) { index in
    let value = work(items[index])
    results.withLock { $0[index] = value }
    report.advance()
  }
  report.end()
  return results.withLock { all in items.indices.map { all[$0]! } }
}
