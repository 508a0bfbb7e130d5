// The slowdown of thread blocks beside others, computed once for each block profile and number of others.

/// Known slowdowns of the blocks of a launch.
struct SlowdownTable {
  private struct Key: Hashable {
    let profile: ObjectIdentifier
    let count: Int
    let neighbours: Neighbours
  }

  /// The load of a block, on average over the launch.
  private let average: Slowdown
  /// Also holds the profiles, so that no other object gets their identifiers.
  private var known: [Key: (profile: BlockProfile, coResidency: CoResidency)] = [:]

  init(average: Slowdown) { self.average = average }

  /// The slowdown of a block on an SM that holds `count`, itself included.
  mutating func coResidency(
    of profile: BlockProfile, among count: Int, _ neighbours: Neighbours
  ) -> CoResidency {
    let key = Key(profile: ObjectIdentifier(profile), count: count, neighbours: neighbours)
    if let known = known[key] { return known.coResidency }
    let coResidency = Contention(profile, among: count, neighbours, other: average).coResidency()
    known[key] = (profile, coResidency)
    return coResidency
  }
}
