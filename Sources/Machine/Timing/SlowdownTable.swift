// The slowdown of co-resident thread blocks, computed once for each set of block profiles.

/// Known slowdowns, by block profiles and how many share the memories.
struct SlowdownTable {
  private struct Key: Hashable {
    let profiles: [ObjectIdentifier]
    let neighbours: Neighbours
  }

  /// Also holds the profiles, so that no other object gets their identifiers.
  private var known: [Key: (profiles: [BlockProfile], coResidency: [CoResidency])] = [:]

  /// The slowdown of each of the blocks on an SM, in the order of `profiles`.
  mutating func coResidency(
    of profiles: [BlockProfile], _ neighbours: Neighbours
  ) -> [CoResidency] {
    let key = Key(profiles: profiles.map { ObjectIdentifier($0) }, neighbours: neighbours)
    if let known = known[key] { return known.coResidency }
    let coResidency = Residents(profiles, neighbours).coResidencies()
    known[key] = (profiles, coResidency)
    return coResidency
  }
}
