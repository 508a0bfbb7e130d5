// Finds when each thread block was resident, from the spans of a recording alone.

/// Replays the dispatch of blocks: a block that was not dispatched when its launch began has taken
/// the place of the first block that left the same SM.
struct ResidencyReplay {
  private let launches: [LaunchTotals]
  /// Per block: start of its first op, finish of its last one.
  private var extents: [(first: Int, last: Int)]
  /// Per SM: blocks whose place no later block has taken yet.
  private var occupants: [[Int]]
  /// Index of the launch whose blocks are being replayed; -1 before the first.
  private var launch = -1

  init(_ spans: [Span], blocks: Int, sms: Int, launches: [LaunchTotals]) {
    self.launches = launches
    extents = Array(repeating: (Int.max, Int.min), count: blocks)
    occupants = Array(repeating: [], count: sms)
    for span in spans {
      guard let block = span.place?.block.index else { continue }
      extents[block].first = min(extents[block].first, span.start)
      extents[block].last = max(extents[block].last, span.finish)
    }
  }

  /// The residency of each block.
  /// - Parameters:
  ///   - placement: per block, in the order of dispatch, its launch and SM.
  ///   - opening: per block, whether it was dispatched when its launch began.
  mutating func residencies(_ placement: [(launch: Int, sm: Int)], isInitialDispatch: [Bool])
    -> [BlockResidency]
  {
    var residencies: [BlockResidency] = []
    residencies.reserveCapacity(placement.count)
    for (block, place) in placement.enumerated() {
      if place.launch != launch { begin(place.launch) }
      var residency = BlockResidency(
        launch: launch, sm: place.sm, wave: 0, start: launches[launch].start, finish: 0)
      if !isInitialDispatch[block], let before = takePlace(on: place.sm, residencies) {
        residency.wave = before.wave + 1
        residency.start = min(before.finish, extents[block].first)
      }
      residency.finish = max(residency.start, extents[block].last)
      occupants[place.sm].append(block)
      residencies.append(residency)
    }
    return residencies
  }

  private mutating func begin(_ launch: Int) {
    self.launch = launch
    for sm in occupants.indices { occupants[sm].removeAll(keepingCapacity: true) }
  }

  /// Takes the place of the block that is the first to leave SM `sm`.
  /// - Returns: the residency of that block; nil if there is none.
  private mutating func takePlace(on sm: Int, _ residencies: [BlockResidency]) -> BlockResidency? {
    guard
      let index = occupants[sm].indices.min(by: {
        residencies[occupants[sm][$0]].finish < residencies[occupants[sm][$1]].finish
      })
    else { return nil }
    return residencies[occupants[sm].remove(at: index)]
  }
}
