// Many independent simulations over the cores, with a bar on standard error while they take long.

import Foundation
import Synchronization

/// The results of `work` on each item, in the order of the items.
func concurrently<Item: Sendable, Value: Sendable>(
  _ items: [Item], label: String, _ work: @Sendable (Item) -> Value
) -> [Value] {
  let bar = ProgressBar(label: label, count: items.count)
  let results = Mutex<[Int: Value]>([:])
  DispatchQueue.concurrentPerform(iterations: items.count) { index in
    let value = work(items[index])
    results.withLock { $0[index] = value }
    bar.advance()
  }
  bar.wipe()
  return results.withLock { all in items.indices.map { all[$0]! } }
}
