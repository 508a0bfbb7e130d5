// The event queue: requests of thread blocks that are due at some cycle, the earliest first.

/// A request of a block: for the units of one of its ops, or to leave its SM.
struct Request: Comparable {
  /// The cycle at which it is due.
  var cycle: Int
  /// The cycle at which the request was made first. Among requests that are made again, the one
  /// that has waited longest is served first.
  var firstAskedAt: Int
  /// Requests that are equal otherwise are ordered by SM, then block, then op; the end of a block
  /// comes after its ops.
  var sm: Int32
  var block: BlockID
  var op: OpID
  /// The slot of the block on its SM; not part of the order.
  var slot: Int32

  /// Stands for the op in a request of a block to leave its SM.
  static let end = OpID(Int(Int32.max))
  var isEnd: Bool { op == Self.end }

  @inline(__always)
  static func < (a: Request, b: Request) -> Bool {
    if a.cycle != b.cycle { return a.cycle < b.cycle }
    if a.firstAskedAt != b.firstAskedAt { return a.firstAskedAt < b.firstAskedAt }
    if a.sm != b.sm { return a.sm < b.sm }
    return a.block != b.block ? a.block < b.block : a.op < b.op
  }
}

/// A priority queue of requests: a heap with four children per node, which is shallower than one
/// with two.
struct EventQueue {
  private var heap: [Request] = []
  private static let children = 4

  var earliest: Request? { heap.first }

  mutating func insert(_ request: Request) {
    heap.append(request)
    rise(request, from: heap.count - 1)
  }

  mutating func removeEarliest() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    // The last request belongs near the bottom: let the gap sink there first.
    rise(last, from: sinkGap())
  }

  /// Moves the gap at `index` up, past every parent that is later than `request`, and fills it with
  /// `request`.
  private mutating func rise(_ request: Request, from index: Int) {
    heap.withUnsafeMutableBufferPointer { heap in
      var index = index
      while index > 0 {
        let parent = (index &- 1) / Self.children
        guard request < heap[parent] else { break }
        heap[index] = heap[parent]
        index = parent
      }
      heap[index] = request
    }
  }

  /// Moves the gap at the top down to the bottom, always to the earliest child.
  /// - Returns: the index of the gap.
  private mutating func sinkGap() -> Int {
    heap.withUnsafeMutableBufferPointer { heap in
      var gap = 0
      while true {
        let first = gap &* Self.children &+ 1
        guard first < heap.count else { return gap }
        var earliest = first
        for child in first &+ 1..<max(first &+ 1, min(first &+ Self.children, heap.count))
        where heap[child] < heap[earliest] {
          earliest = child
        }
        heap[gap] = heap[earliest]
        gap = earliest
      }
    }
  }
}
