// The event queue: requests of thread blocks that wait for their cycle, the earliest first.

/// A block asks for the units of one of its ops, or for its end.
struct Request: Comparable {
  var cycle: Int
  /// The cycle at which it asked first. Of requests that come again, the one that has waited longest is
  /// served first.
  var asked: Int
  /// The order of requests of one cycle: by SM, then block, then op; a block's end comes after its ops.
  var sm: Int32
  var block: BlockID
  var op: OpID
  /// Where its SM keeps the block; it takes no part in the order.
  var slot: Int32

  /// In place of an op where a block ends.
  static let end = OpID(Int(Int32.max))
  var isEnd: Bool { op == Self.end }

  @inline(__always)
  static func < (a: Request, b: Request) -> Bool {
    if a.cycle != b.cycle { return a.cycle < b.cycle }
    if a.asked != b.asked { return a.asked < b.asked }
    if a.sm != b.sm { return a.sm < b.sm }
    return a.block != b.block ? a.block < b.block : a.op < b.op
  }
}

/// Requests, of which the earliest can be taken out: a heap in which every node has four children, so that
/// it is shallow.
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

  /// Moves earlier parents of the gap at `index` down until `request` may stand in it.
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

  /// Lets the gap at the top sink to the bottom, always towards the earliest child.
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
