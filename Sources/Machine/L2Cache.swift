// What is in L2: the most recently touched sectors of 64 × 64 elements, as many as fit. A transfer
// that finds all its sectors here does not occupy the HBM bus.

/// A least-recently-used set of sectors: a list from the newest to the oldest, threaded through an
/// array, and a dictionary that finds each in it.
struct L2Cache {
  /// A sector in the list. Entry 0 is where the list begins and ends.
  private struct Entry {
    var sector = 0
    var bytes = 0
    var newer: Int32 = 0
    var older: Int32 = 0
  }

  /// How a tensor is numbered: its sectors begin at `first`, `columns` in a row.
  private struct Numbering {
    var first: Int
    var rows: Int
    var columns: Int
    var bytes: Int
  }

  private static let edge = 64
  private let capacity: Int
  private var numbering: [Numbering] = []
  private var entries = [Entry()]
  private var freeEntries: [Int32] = []
  private var entryOfSector: [Int: Int32] = [:]
  private var bytes = 0

  init(capacity: Int, for tensors: [Tensor]) {
    self.capacity = capacity
    var first = 0
    for tensor in tensors {
      let rows = tileCount(tensor.rows, Self.edge)
      let columns = tileCount(tensor.columns, Self.edge)
      numbering.append(
        Numbering(
          first: first, rows: rows, columns: columns,
          bytes: Self.edge * Self.edge * tensor.type.bytes))
      first += tensor.planes * rows * columns
    }
  }

  /// Brings a transfer's rectangle in; true for a load that found it there.
  mutating func touch(_ transfer: Operation) -> Bool {
    switch transfer {
    case .load(let region, _): return touch(region)
    case .store(let region):
      _ = touch(region)
      return false
    default: return false
    }
  }

  /// Brings a region in. Returns whether all of it was there already.
  mutating func touch(_ region: Region) -> Bool {
    guard capacity > 0 else { return false }
    let tensor = numbering[region.tensor]
    var isHit = true
    for row in Self.sectors(region.rows) {
      let first = tensor.first + (region.plane * tensor.rows + row) * tensor.columns
      for column in Self.sectors(region.columns) {
        isHit = touch(first + column, bytes: tensor.bytes) && isHit
      }
    }
    while bytes > capacity { removeOldest() }
    return isHit
  }

  private static func sectors(_ elements: Range<Int>) -> ClosedRange<Int> {
    elements.lowerBound / edge...(elements.upperBound - 1) / edge
  }

  private mutating func touch(_ sector: Int, bytes added: Int) -> Bool {
    if let entry = entryOfSector[sector] {
      unlink(Int(entry))
      linkAsNewest(Int(entry))
      return true
    }
    let entry = freeEntries.popLast() ?? Int32(entries.count)
    if Int(entry) == entries.count { entries.append(Entry()) }
    entries[Int(entry)].sector = sector
    entries[Int(entry)].bytes = added
    entryOfSector[sector] = entry
    linkAsNewest(Int(entry))
    bytes += added
    return false
  }

  private mutating func linkAsNewest(_ entry: Int) {
    let newest = entries[0].older
    entries[entry].newer = 0
    entries[entry].older = newest
    entries[Int(newest)].newer = Int32(entry)
    entries[0].older = Int32(entry)
  }

  private mutating func unlink(_ entry: Int) {
    let (newer, older) = (entries[entry].newer, entries[entry].older)
    entries[Int(newer)].older = older
    entries[Int(older)].newer = newer
  }

  private mutating func removeOldest() {
    let oldest = entries[0].newer
    unlink(Int(oldest))
    entryOfSector[entries[Int(oldest)].sector] = nil
    bytes -= entries[Int(oldest)].bytes
    freeEntries.append(oldest)
  }
}
