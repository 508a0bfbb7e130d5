// A future: one computation on another thread.

import Foundation
import Synchronization

/// Starts `work` on another thread; reading `value` waits for it.
package final class Future<Value: Sendable>: Sendable {
  private let result = Mutex<Value?>(nil)
  private let done = DispatchSemaphore(value: 0)

  package init(_ work: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async { [self] in
      let value = work()
      result.withLock { $0 = value }
      done.signal()
    }
  }

  /// The result; waits until it is there. Any number of threads may read it.
  package var value: Value {
    done.wait()
    done.signal()
    return result.withLock { $0! }
  }
}
