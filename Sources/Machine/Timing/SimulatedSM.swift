// The SMs of a run. In a timing-only run, SMs that got equal blocks at equal cycles are in the same
// state. One of them is simulated for all, until they get different blocks.

/// An SM with its resident blocks; it may stand for several SMs in the same state.
struct SimulatedSM {
  /// Room for one block, and who has it.
  struct Place {
    var resident: (block: ResidentBlock, profile: BlockProfile)?
    /// Blocks that are assigned to it and wait until it is free, the next one first.
    fileprivate var waiting: [BlockProfile] = []
    /// The work of all blocks that have been assigned to it.
    fileprivate(set) var work = 0.0
    /// The cycle at which its last block left.
    fileprivate var freeSince: Int?
  }

  /// The lowest number of the SMs that it stands for.
  var sm: Int
  /// How many SMs it stands for.
  var multiplicity: Int
  /// What its blocks own, and how many there are.
  private(set) var occupancy = Occupancy()
  var places: [Place]
  /// The place with the least work.
  private(set) var nextPlace = 0
  /// A footprint that did not fit; nil again when a block leaves.
  var rejected: Footprint?
  /// The requests of its blocks, under processor sharing, where each SM has an event queue of its
  /// own.
  var eventQueue = EventQueue()
  /// True if blocks have come or gone since its blocks were told their slowdown.
  var hasChanged = true
  /// Those with which it shares the memories, as its blocks were told last.
  var neighbours = Neighbours(busySMs: 0, blocks: 0)

  init(sm: Int, multiplicity: Int, places: Int) {
    self.sm = sm
    self.multiplicity = multiplicity
    self.places = Array(repeating: Place(), count: places)
  }

  /// The block that a place gets next; nil if none is assigned to it.
  func waiting(at place: Int) -> BlockProfile? { places[place].waiting.first }

  /// Blocks that are on it or assigned to it.
  var unfinished: Int { occupancy.blocks + places.reduce(0) { $0 + $1.waiting.count } }

  /// Assigns a block to the place with the least work.
  mutating func assign(_ profile: BlockProfile, work: Double) {
    places[nextPlace].waiting.append(profile)
    places[nextPlace].work += work
    nextPlace = places.indices.min { places[$0].work < places[$1].work }!
  }

  /// Makes the block resident that waits for a place.
  /// - Returns: its profile; nil if there is none, or no room for it.
  mutating func fill(
    _ place: Int, id: BlockID, on device: Device, from cycle: Int, turnover: Int
  ) -> BlockProfile? {
    guard let profile = waiting(at: place), occupancy.canTake(profile.footprint, on: device)
    else { return nil }
    places[place].waiting.removeFirst()
    take(profile, at: place, id: id, on: device, from: cycle, turnover: turnover)
    return profile
  }

  /// Makes a block of that profile resident.
  /// - Parameters:
  ///   - cycle: when it may start.
  ///   - turnover: cycles for which a place stays empty after a block has left it.
  mutating func take(
    _ profile: BlockProfile, at place: Int, id: BlockID, on device: Device, from cycle: Int,
    turnover: Int
  ) {
    occupancy.add(profile.footprint, on: device)
    hasChanged = true
    if place == places.count { places.append(Place()) }
    let start = places[place].freeSince.map { max(cycle, $0 + turnover) } ?? cycle
    let block = ResidentBlock(
      profile.ops, id: id, sm: Int32(sm), slot: Int32(place),
      isSequential: device.queueDiscipline == .processorSharing, from: start)
    places[place].resident = (block, profile)
  }

  /// Frees the place and the allocation of a block that has ended.
  mutating func release(_ place: Int, at cycle: Int, on device: Device) {
    places[place].freeSince = cycle
    occupancy.remove(places[place].resident!.profile.footprint, on: device)
    places[place].resident = nil
    hasChanged = true
    rejected = nil
  }
}

extension [SimulatedSM] {
  /// Index of the SM with the fewest blocks among those that a block of that footprint fits on, and
  /// of these the one with the lowest number; nil if it fits on none.
  mutating func leastLoaded(for footprint: Footprint, _ device: Device) -> Int? {
    var best: Int?
    for index in indices where self[index].rejected != footprint {
      guard self[index].occupancy.canTake(footprint, on: device) else {
        self[index].rejected = footprint
        continue
      }
      let isBetter = best.map { other in
        let (blocks, most) = (self[index].occupancy.blocks, self[other].occupancy.blocks)
        return blocks < most || (blocks == most && self[index].sm < self[other].sm)
      }
      if isBetter ?? true { best = index }
    }
    return best
  }

  /// Index of the SM whose next place has the least work; of several the first place, and the lowest SM.
  var leastWorked: Int {
    func key(_ index: Int) -> (Double, Int, Int) {
      let sm = self[index]
      return (sm.places[sm.nextPlace].work, sm.nextPlace, sm.sm)
    }
    return indices.min { key($0) < key($1) }!
  }

  /// Splits the SMs that one entry stands for: the first `count` keep it, the others get a new one.
  mutating func split(_ index: Int, after count: Int) {
    var others = self[index]
    others.sm += count
    others.multiplicity -= count
    self[index].multiplicity = count
    append(others)
  }

  /// All that share the memories now.
  var neighbours: Neighbours {
    Neighbours(
      busySMs: reduce(0) { $0 + ($1.occupancy.blocks == 0 ? 0 : $1.multiplicity) },
      blocks: reduce(0) { $0 + $1.occupancy.blocks * $1.multiplicity })
  }
}
