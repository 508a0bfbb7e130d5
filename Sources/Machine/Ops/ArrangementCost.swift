// What it costs to sort a column in SRAM, or to find its largest entries. The number of passes depends on the
// length alone, never on the values.

extension Arrangement {
  /// The work for `count` entries: operations on the FP32 lanes, and bytes through shared memory.
  ///
  /// `sort` is a bitonic network (Batcher 1968, Sorting networks and their applications): with
  /// k = ⌈log₂ count⌉ there are k·(k+1)/2 passes, each with a comparison and four selections (key and number
  /// of both entries) for every pair, and every pass reads and writes keys and numbers.
  ///
  /// `top` is a radix selection of 32-bit keys, two bits at a time (Alabi et al. 2012, Fast k-selection
  /// algorithms for graphics processing units): sixteen passes that read all keys, take a digit, compare and
  /// count, and one pass that compacts the numbers.
  func passes(over count: Int) -> (operations: Int, sharedBytes: Int) {
    switch self {
    case .sort:
      var logarithm = 0
      while 1 << logarithm < count { logarithm += 1 }
      let passes = logarithm * (logarithm + 1) / 2
      return (passes * 5 * count / 2, passes * 16 * count)
    case .top:
      let digits = 16
      return ((3 * digits + 2) * count, 4 * (digits + 1) * count)
    }
  }
}
