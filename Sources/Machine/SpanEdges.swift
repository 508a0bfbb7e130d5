// The moments at which something begins or ends on an SM, in their order: a sweep over them tells
// what the SM does between any two.

/// Beginnings and ends, per SM.
struct SpanEdges {
  /// What is counted while sweeping; the first seven are `Spending`s of an SM with a block.
  private static let resident = Spending.empty.rawValue
  private static let launched = Spending.launch.rawValue
  private static let kinds = Spending.allCases.count

  /// A cycle, a kind and whether it begins, in one number, so that sorting is quick.
  private var edges: [[Int]]
  private let lastCycle: Int
  var smCount: Int { edges.count }

  init(_ spans: [Span], blocks: [Block], stays: [Stay], device: Device, totals: Totals) {
    edges = Array(repeating: [], count: device.smCount)
    lastCycle = totals.cycles
    for launch in totals.launches {
      for sm in edges.indices { add(Self.launched, sm, launch.start, launch.finish) }
    }
    for stay in stays { add(Self.resident, stay.sm, stay.start, stay.finish) }
    var occupations = Occupations(device)
    for span in spans where span.block >= 0 && !span.isInstant {
      let block = blocks[Int(span.block)]
      let op = block.ops[Int(span.op)]
      add(op, block.work(of: op), span, stays[Int(span.block)].sm, &occupations)
    }
  }

  private mutating func add(
    _ op: Op, _ work: Work, _ span: Span, _ sm: Int, _ occupations: inout Occupations
  ) {
    if op.region != nil {
      let kind = op.operation.isStore ? Spending.store : .load
      add(kind.rawValue, sm, span.start, span.finish)
      return
    }
    let (spending, latency) = occupations.occupation(of: work)
    let free = max(span.start + 1, span.finish - latency)
    add(spending.rawValue, sm, span.start, free)
    add(Spending.onChip.rawValue, sm, free, span.finish)
  }

  private mutating func add(_ kind: Int, _ sm: Int, _ start: Int, _ finish: Int) {
    guard start < finish else { return }
    edges[sm].append(start << 4 | kind << 1 | 1)
    edges[sm].append(finish << 4 | kind << 1)
  }

  /// Calls `changed` with every cycle at which SM `sm` turns to something else, from cycle 0 on.
  mutating func sweep(_ sm: Int, _ changed: (Int, Spending) -> Void) {
    edges[sm].sort()
    let edges = edges[sm]
    self.edges[sm] = []
    var counts = Array(repeating: 0, count: Self.kinds)
    var (index, cycle) = (0, 0)
    var last: Spending?
    repeat {
      while index < edges.count, edges[index] >> 4 == cycle {
        counts[edges[index] >> 1 & 7] += edges[index] & 1 == 1 ? 1 : -1
        index += 1
      }
      let now = Self.spending(counts, next: edges[index...])
      if now != last { changed(cycle, now) }
      last = now
      cycle = index < edges.count ? edges[index] >> 4 : lastCycle
    } while cycle < lastCycle
  }

  private static func spending(_ counts: [Int], next edges: ArraySlice<Int>) -> Spending {
    if counts[launched] == 0 { return .launch }
    for kind in 0..<resident where counts[kind] > 0 { return Spending(rawValue: kind)! }
    return counts[resident] > 0 ? awaited(edges) : .empty
  }

  /// What blocks that do nothing are about to do: a transfer that has not begun waits its turn.
  private static func awaited(_ edges: ArraySlice<Int>) -> Spending {
    for edge in edges where edge & 1 == 1 && edge >> 1 & 7 < resident {
      let spending = Spending(rawValue: edge >> 1 & 7)!
      return spending.isWork ? .onChip : spending
    }
    return .onChip
  }
}
