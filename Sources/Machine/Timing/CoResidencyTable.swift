// Thread blocks that have shared an SM before: how they slow each other down is worked out once.

/// Co-resident blocks, with what they do to each other.
struct CoResidencyTable {
  private struct Key: Hashable {
    let profiles: [ObjectIdentifier]
    let busySMs: Int
  }

  /// The profiles are kept as well, so that their identifiers are not given to others.
  private var known: [Key: (profiles: [BlockProfile], coResidency: [CoResidency])] = [:]

  /// For each of the blocks on an SM, what the others do to it.
  mutating func coResidency(of profiles: [BlockProfile], busySMs: Int) -> [CoResidency] {
    let key = Key(profiles: profiles.map { ObjectIdentifier($0) }, busySMs: busySMs)
    if let known = known[key] { return known.coResidency }
    let coResidency = Machine.coResidency(of: profiles.map(\.load), busySMs: busySMs)
    known[key] = (profiles, coResidency)
    return coResidency
  }
}
