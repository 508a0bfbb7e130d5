// What is in L2: the most recently touched sectors of 64 × 64 elements, as many as fit. A transfer
// that finds all its sectors here does not occupy the HBM bus.

import DequeModule

/// A least-recently-used set of sectors.
struct L2Cache {
  private struct Sector: Hashable {
    var tensor: Int
    var plane: Int
    var row: Int
    var column: Int
  }
  private static let edge = 64
  private let capacity: Int
  private var stamps: [Sector: (stamp: Int, bytes: Int)] = [:]
  private var order: Deque<(sector: Sector, stamp: Int)> = []
  private var bytes = 0
  private var clock = 0

  init(capacity: Int) { self.capacity = capacity }

  /// Brings a region in. Returns whether all of it was there already.
  mutating func touch(_ region: Region, elementBytes: Int) -> Bool {
    guard capacity > 0 else { return false }
    var isHit = true
    for row in region.rows.lowerBound / Self.edge...(region.rows.upperBound - 1) / Self.edge {
      for column in region.columns.lowerBound / Self.edge...(region.columns.upperBound - 1)
        / Self.edge
      {
        let sector = Sector(tensor: region.tensor, plane: region.plane, row: row, column: column)
        isHit = touch(sector, bytes: Self.edge * Self.edge * elementBytes) && isHit
      }
    }
    evict()
    return isHit
  }

  private mutating func touch(_ sector: Sector, bytes added: Int) -> Bool {
    clock += 1
    order.append((sector, clock))
    if stamps.updateValue((clock, added), forKey: sector) != nil { return true }
    bytes += added
    return false
  }

  private mutating func evict() {
    while bytes > capacity, let oldest = order.popFirst() {
      guard let entry = stamps[oldest.sector], entry.stamp == oldest.stamp else { continue }
      stamps[oldest.sector] = nil
      bytes -= entry.bytes
    }
  }
}
