// How long each block is on its SM, and in which wave: worked out from a recording's spans alone. A
// launch of more blocks than fit at once runs in waves, and the last one leaves SMs without a block.

/// The time that one block has on its SM.
public struct Stay: Sendable, Equatable {
  public var launch: Int
  public var sm: Int
  /// How many blocks of the launch had its place before it.
  public var wave: Int
  /// The cycle at which it was dealt, and the one at which its last op had finished.
  public var start: Int
  public var finish: Int

  /// Whether the block is on its SM after all events up to and including `cycle`.
  public func holds(_ cycle: Int) -> Bool { start <= cycle && cycle < finish }
}

/// Follows the dealing of blocks: one that was not dealt when its launch began has taken the place
/// of the block that was the first to leave the same SM.
struct Dealing {
  private let launches: [LaunchTotals]
  /// Per block: start of its first op, finish of its last one.
  private var extents: [(first: Int, last: Int)]
  /// Per SM: blocks whose place nobody has taken yet.
  private var holders: [[Int]]
  private var launch = -1

  init(_ spans: [Span], blocks: Int, sms: Int, launches: [LaunchTotals]) {
    self.launches = launches
    extents = Array(repeating: (Int.max, Int.min), count: blocks)
    holders = Array(repeating: [], count: sms)
    for span in spans where span.block >= 0 {
      let block = Int(span.block)
      extents[block].first = min(extents[block].first, span.start)
      extents[block].last = max(extents[block].last, span.finish)
    }
  }

  /// - Parameters:
  ///   - placement: per block, in the order of dealing, its launch and SM.
  ///   - opening: per block, whether it was dealt when its launch began.
  mutating func stays(_ placement: [(launch: Int, sm: Int)], opening: [Bool]) -> [Stay] {
    var stays: [Stay] = []
    stays.reserveCapacity(placement.count)
    for (block, place) in placement.enumerated() {
      if place.launch != launch { begin(place.launch) }
      var stay = Stay(
        launch: launch, sm: place.sm, wave: 0, start: launches[launch].start, finish: 0)
      if !opening[block], let before = takePlace(on: place.sm, stays) {
        stay.wave = before.wave + 1
        stay.start = min(before.finish, extents[block].first)
      }
      stay.finish = max(stay.start, extents[block].last)
      holders[place.sm].append(block)
      stays.append(stay)
    }
    return stays
  }

  private mutating func begin(_ launch: Int) {
    self.launch = launch
    for sm in holders.indices { holders[sm].removeAll(keepingCapacity: true) }
  }

  /// The first to leave makes room.
  private mutating func takePlace(on sm: Int, _ stays: [Stay]) -> Stay? {
    guard
      let index = holders[sm].indices.min(by: {
        stays[holders[sm][$0]].finish < stays[holders[sm][$1]].finish
      })
    else { return nil }
    return stays[holders[sm].remove(at: index)]
  }
}
