// The requests that wait for their cycle, earliest first: a heap in which every node has four
// children, so that it is shallow.

/// A block asks for the units of one of its ops, or for its end.
struct Request: Comparable {
  var cycle: Int
  /// When it first asked: of those that come again, the one that has waited longest goes first.
  var asked: Int
  /// SM, then block, then op; a block's end comes after its ops.
  var sm: Int32
  var block: Int32
  var op: Int32
  /// Where the block is kept; it takes no part in the order.
  var slot: Int32

  /// Stands in place of an op where a block ends.
  static let end = Int32.max

  @inline(__always)
  static func < (a: Request, b: Request) -> Bool {
    if a.cycle != b.cycle { return a.cycle < b.cycle }
    if a.asked != b.asked { return a.asked < b.asked }
    if a.sm != b.sm { return a.sm < b.sm }
    return a.block != b.block ? a.block < b.block : a.op < b.op
  }
}

/// Requests, of which the earliest can be taken out.
struct Agenda {
  private var heap: [Request] = []
  private static let children = 4

  mutating func insert(_ request: Request) {
    heap.append(request)
    rise(request, from: heap.count - 1)
  }

  mutating func popEarliest() -> Request? {
    guard let last = heap.popLast() else { return nil }
    guard let earliest = heap.first else { return last }
    // The last request belongs near the bottom: let the gap sink there first.
    rise(last, from: sinkGap())
    return earliest
  }

  /// The end of a block at `cycle`, if nothing else waits for that cycle.
  mutating func popEnd(at cycle: Int) -> Request? {
    guard let first = heap.first, first.op == Request.end, first.cycle == cycle else { return nil }
    return popEarliest()
  }

  /// The requests of one slot again, for a block in another slot that is at the same point.
  mutating func duplicate(slot: Int32, as copy: Int32, sm: Int32) {
    for var request in heap where request.slot == slot {
      request.slot = copy
      request.sm = sm
      insert(request)
    }
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
