// A model of the L2 cache: which share of the traffic it takes off the HBM bus. It has no cache
// lines. Of what a launch reads more than once, the later reads hit as far as the tensors in use at
// one time fit into L2.

/// The tensors that were used last, and from these the hits of the next launch.
struct L2 {
  /// What a launch moves between one tensor and the SMs, bytes.
  struct Traffic {
    var loaded = 0
    var stored = 0
    /// Distinct bytes that are loaded or stored.
    var distinct = 0
    /// Planes of the tensor.
    var planes = 1
  }

  /// The shares of a tensor's loads and stores that miss L2 and cross the HBM bus.
  struct MissRates: Equatable {
    var loads = 1.0
    var stores = 1.0
  }

  private let capacity: Double
  /// The tensors in the order of their last use, the latest first, with the bytes that were used.
  private var recent: [(tensor: Int, bytes: Double)] = []

  init(capacity: Int) { self.capacity = Double(capacity) }

  /// The shares per tensor for a launch of `blocks` blocks, of which `inFlight` are resident at one
  /// time. Its tensors count as used afterwards.
  mutating func shares(of uses: [Traffic], blocks: Int, inFlight: Int) -> [MissRates] {
    guard capacity > 0 else { return uses.map { _ in MissRates() } }
    let kept = keptShare(of: uses, Double(min(inFlight, blocks)) / Double(max(1, blocks)))
    let shares = uses.indices.map { tensor in
      self.shares(of: uses[tensor], kept: kept, there: shareThere(of: tensor))
    }
    remember(uses)
    return shares
  }

  /// - Parameter there: the share of the tensor that earlier launches have left in L2.
  private func shares(of use: Traffic, kept: Double, there: Double) -> MissRates {
    let distinct = Double(use.distinct)
    // What the launch writes before it reads it is in L2 already.
    let unseen = distinct - Double(max(0, use.stored - use.loaded))
    let first = (1 - there) * min(1, max(0, unseen) / Double(max(1, use.loaded)))
    let written = min(1, distinct / Double(max(1, use.stored)))
    return MissRates(
      loads: first + (1 - first) * (1 - kept), stores: written + (1 - written) * (1 - kept))
  }

  /// The share of repeated accesses that hit: 1 if the planes in use at one time fit into L2, and
  /// in proportion if they do not.
  /// - Parameter inFlight: the share of the launch's blocks that are resident at one time.
  private func keptShare(of uses: [Traffic], _ inFlight: Double) -> Double {
    var allocatedTiles = 0.0
    for use in uses where use.loaded + use.stored > use.distinct {
      let planes = Double(use.planes)
      allocatedTiles +=
        Double(use.distinct) * min(planes, (inFlight * planes).rounded(.up)) / planes
    }
    return min(1, capacity / max(1, allocatedTiles))
  }

  /// The share of what was used of the tensor before that is still in L2: what was used least recently goes first.
  private func shareThere(of tensor: Int) -> Double {
    var newer = 0.0
    for entry in recent {
      if entry.tensor == tensor { return max(0, min(1, (capacity - newer) / max(1, entry.bytes))) }
      newer += entry.bytes
    }
    return 0
  }

  private mutating func remember(_ uses: [Traffic]) {
    let used = uses.indices.filter { uses[$0].distinct > 0 }
    recent.removeAll { used.contains($0.tensor) }
    recent.insert(contentsOf: used.map { ($0, Double(uses[$0].distinct)) }, at: 0)
  }
}
