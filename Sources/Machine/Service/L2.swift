// What L2 takes off the HBM bus. It is not followed sector by sector: of what a launch reads more
// than once, the later reads come from L2 as far as the tensors in use at one time fit.

/// Which tensors were used last, and the share of a launch's traffic that crosses the HBM bus.
struct L2 {
  /// Bytes that a launch moves between one tensor and the chip.
  struct Use {
    var loaded = 0
    var stored = 0
    /// Different bytes among them, read or written.
    var distinct = 0
    var planes = 1
  }

  /// Shares of a tensor's loads and stores that cross the bus.
  struct Shares: Equatable {
    var loads = 1.0
    var stores = 1.0
  }

  private let capacity: Double
  /// Tensors in the order of their last use, the latest first, with what was used of them.
  private var recent: [(tensor: Int, bytes: Double)] = []

  init(capacity: Int) { self.capacity = Double(capacity) }

  /// The shares for a launch of `blocks` blocks, of which `inFlight` are on the chip at one time.
  mutating func shares(of uses: [Use], blocks: Int, inFlight: Int) -> [Shares] {
    guard capacity > 0 else { return uses.map { _ in Shares() } }
    let kept = keptShare(of: uses, Double(min(inFlight, blocks)) / Double(max(1, blocks)))
    let shares = uses.indices.map { tensor in
      self.shares(of: uses[tensor], kept: kept, isThere: holds(tensor))
    }
    remember(uses)
    return shares
  }

  private func shares(of use: Use, kept: Double, isThere: Bool) -> Shares {
    let distinct = Double(use.distinct)
    // What the launch itself has written before it reads it is no first touch.
    let unseen = distinct - Double(max(0, use.stored - use.loaded))
    let first = isThere ? 0 : min(1, max(0, unseen) / Double(max(1, use.loaded)))
    let written = min(1, distinct / Double(max(1, use.stored)))
    return Shares(
      loads: first + (1 - first) * (1 - kept), stores: written + (1 - written) * (1 - kept))
  }

  /// How much of what is used again still is in L2 then: all of it if the planes that are being
  /// worked on fit, and in proportion if they do not.
  private func keptShare(of uses: [Use], _ inFlight: Double) -> Double {
    var live = 0.0
    for use in uses where use.loaded + use.stored > use.distinct {
      let planes = Double(use.planes)
      live += Double(use.distinct) * min(planes, (inFlight * planes).rounded(.up)) / planes
    }
    return min(1, capacity / max(1, live))
  }

  /// True if all of the tensor that was used before is still there.
  private func holds(_ tensor: Int) -> Bool {
    var bytes = 0.0
    for entry in recent {
      bytes += entry.bytes
      if entry.tensor == tensor { return bytes <= capacity }
    }
    return false
  }

  private mutating func remember(_ uses: [Use]) {
    let used = uses.indices.filter { uses[$0].distinct > 0 }
    recent.removeAll { used.contains($0.tensor) }
    recent.insert(contentsOf: used.map { ($0, Double(uses[$0].distinct)) }, at: 0)
  }
}
