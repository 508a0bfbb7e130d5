// Bisection: where in a sorted list something begins to hold.

extension RandomAccessCollection where Index == Int {
  /// The first index from which on `isBeyond` holds; the end where it never does.
  /// - Parameter isBeyond: false for some elements, then true for all others.
  package func partitioningIndex(where isBeyond: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
