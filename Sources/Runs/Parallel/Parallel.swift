// One computation beside the main one.

import Foundation
import Synchronization

/// Starts `work` on a thread of its own; `value` waits for it.
package final class Parallel<Value: Sendable>: Sendable {
  private let result = Mutex<Value?>(nil)
  private let done = DispatchSemaphore(value: 0)

  package init(_ work: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async { [self] in
      let value = work()
      result.withLock { $0 = value }
      done.signal()
    }
  }

  package var value: Value {
    done.wait()
    done.signal()
    return result.withLock { $0! }
  }
}
