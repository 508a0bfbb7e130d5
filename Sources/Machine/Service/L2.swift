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
    /// The largest part that a block moves at once.
    var tile = 0
    /// Whether a block comes back to parts that it has moved before.
    var isRevisited = false
  }

  /// The shares of a tensor's loads and stores that miss L2 and cross the HBM bus.
  struct MissRates: Equatable {
    var loads = 1.0
    var stores = 1.0
  }

  private let capacity: Double
  /// What a launch can count on.
  private let effective: Double
  /// The tensors in the order of their last use, the latest first, with the bytes that were used.
  private var recent: [(tensor: Int, bytes: Double)] = []

  init(_ device: Device) {
    capacity = Double(device.l2Bytes)
    effective = capacity * device.l2EffectiveShare
  }

  /// The shares per tensor for a launch of `blocks` blocks, of which `inFlight` are resident at one
  /// time. Its tensors count as used afterwards.
  mutating func shares(of uses: [Traffic], blocks: Int, inFlight: Int) -> [MissRates] {
    guard capacity > 0 else { return uses.map { _ in MissRates() } }
    let window = uses.reduce(0) { $0 + liveBytes($1, blocks, min(inFlight, blocks)) }
    let shares = uses.indices.map { tensor in
      self.shares(
        of: uses[tensor], kept: uses[tensor].isRevisited ? cyclicHits(window) : sharedHits(window),
        there: shareThere(of: tensor))
    }
    remember(uses, endTogether: blocks <= inFlight)
    return shares
  }

  /// - Parameters:
  ///   - kept: the share of repeated accesses that hit.
  ///   - there: the share of the tensor that earlier launches have left in L2.
  private func shares(of use: Traffic, kept: Double, there: Double) -> MissRates {
    let distinct = Double(use.distinct)
    // What the launch writes before it reads it is in L2 already.
    let unseen = distinct - Double(max(0, use.stored - use.loaded))
    let first = (1 - there) * min(1, max(0, unseen) / Double(max(1, use.loaded)))
    let written = min(1, distinct / Double(max(1, use.stored)))
    return MissRates(
      loads: first + (1 - first) * (1 - kept), stores: written + (1 - written) * (1 - kept))
  }

  // MARK: What stays

  /// Bytes of a tensor that must stay so that its repeated accesses hit. A block that comes back to its parts needs all
  /// of them. Blocks that go through a plane side by side need a part each, and no more than the plane.
  private func liveBytes(_ use: Traffic, _ blocks: Int, _ inFlight: Int) -> Double {
    guard use.loaded + use.stored > use.distinct else { return 0 }
    let planes = Double(use.planes)
    let inUse = min(planes, (Double(inFlight) * planes / Double(max(1, blocks))).rounded(.up))
    let plane = Double(use.distinct) / planes
    if use.isRevisited { return inUse * plane }
    return inUse * min(plane, Double(inFlight) / max(1, inUse) * Double(use.tile))
  }

  /// The share of accesses by others that hit, of blocks that are spread over `bytes`.
  private func sharedHits(_ bytes: Double) -> Double { min(1, effective / max(1, bytes)) }

  /// The share of accesses that hit in going round `bytes` again and again. What was used least recently goes first, so
  /// going round more than there is hits nothing.
  private func cyclicHits(_ bytes: Double) -> Double {
    if bytes <= effective { return 1 }
    return max(0, (capacity - bytes) / max(1, capacity - effective))
  }

  /// The share of what was used of the tensor before that is still there for a launch that goes through it again.
  private func shareThere(of tensor: Int) -> Double {
    var bytes = 0.0
    for entry in recent {
      bytes += entry.bytes
      if entry.tensor == tensor { return cyclicHits(bytes) }
    }
    return 0
  }

  /// - Parameter endTogether: whether all blocks are resident at one time, so that what they store at their end is what
  ///   was used last.
  private mutating func remember(_ uses: [Traffic], endTogether: Bool) {
    var used = uses.indices.filter { uses[$0].distinct > 0 }
    if endTogether {
      used = used.filter { uses[$0].stored > 0 } + used.filter { uses[$0].stored == 0 }
    }
    recent.removeAll { used.contains($0.tensor) }
    recent.insert(contentsOf: used.map { ($0, Double(uses[$0].distinct)) }, at: 0)
  }
}
