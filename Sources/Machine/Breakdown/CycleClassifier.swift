// Starts and ends of spans, residencies and launches on each SM, in the order of time. A sweep over
// them tells what the SM does between any two.

/// Starts and ends, per SM.
struct CycleClassifier {
  /// What the sweep counts, by number. 0 to 5 are the `CycleKind`s of an SM with a block. The
  /// numbers of `idle` and `launchOverhead` count the residencies and the launches, without which those
  /// kinds apply.
  private static let resident = CycleKind.idle.rawValue
  private static let launched = CycleKind.launchOverhead.rawValue
  private static let kinds = CycleKind.allCases.count

  /// The edges of each SM: cycle, kind and whether it is a start, packed into one integer so that
  /// sorting is fast.
  private var edges: [[Int]]
  private let lastCycle: Int
  var smCount: Int { edges.count }

  init(
    _ spans: [Span], blocks: [Block], residencies: [BlockResidency], device: Device, totals: Totals
  ) {
    edges = Array(repeating: [], count: device.smCount)
    lastCycle = totals.cycles
    for launch in totals.launches {
      for sm in edges.indices { add(Self.launched, sm, launch.start, launch.finish) }
    }
    for residency in residencies {
      add(Self.resident, residency.sm, residency.start, residency.finish)
    }
    var occupations = OccupationTable(device)
    for span in spans where !span.isInstant {
      guard let place = span.place else { continue }
      let op = blocks[place.block].ops[place.op]
      let cost = blocks[place.block].cost(of: op)
      add(op, cost, span, residencies[place.block.index].sm, &occupations)
    }
  }

  private mutating func add(
    _ op: Op, _ cost: OpCost, _ span: Span, _ sm: Int, _ occupations: inout OccupationTable
  ) {
    if op.region != nil {
      let kind = op.operation.isStore ? CycleKind.storeStall : .loadStall
      add(kind.rawValue, sm, span.start, span.finish)
      return
    }
    let (kind, latency) = occupations.occupation(of: cost)
    let free = max(span.start + 1, span.finish - latency)
    add(kind.rawValue, sm, span.start, free)
    add(CycleKind.dependencyStall.rawValue, sm, free, span.finish)
  }

  private mutating func add(_ kind: Int, _ sm: Int, _ start: Int, _ finish: Int) {
    guard start < finish else { return }
    edges[sm].append(start << 4 | kind << 1 | 1)
    edges[sm].append(finish << 4 | kind << 1)
  }

  /// Calls `changed` with every cycle at which SM `sm` changes to another kind, from cycle 0 on. An
  /// SM can be swept only once.
  mutating func sweep(_ sm: Int, _ changed: (Int, CycleKind) -> Void) {
    edges[sm].sort()
    let edges = edges[sm]
    self.edges[sm] = []
    var counts = Array(repeating: 0, count: Self.kinds)
    var (index, cycle) = (0, 0)
    var last: CycleKind?
    repeat {
      while index < edges.count, edges[index] >> 4 == cycle {
        counts[edges[index] >> 1 & 7] += edges[index] & 1 == 1 ? 1 : -1
        index += 1
      }
      let now = Self.kind(counts, next: edges[index...])
      if now != last { changed(cycle, now) }
      last = now
      cycle = index < edges.count ? edges[index] >> 4 : lastCycle
    } while cycle < lastCycle
  }

  private static func kind(_ counts: [Int], next edges: ArraySlice<Int>) -> CycleKind {
    if counts[launched] == 0 { return .launchOverhead }
    for kind in 0..<resident where counts[kind] > 0 { return CycleKind(rawValue: kind)! }
    return counts[resident] > 0 ? awaited(edges) : .idle
  }

  /// The stall reason of an SM with blocks whose ops all wait, by the op that starts next. A
  /// transfer that has not started waits for the bus.
  private static func awaited(_ edges: ArraySlice<Int>) -> CycleKind {
    for edge in edges where edge & 1 == 1 && edge >> 1 & 7 < resident {
      let kind = CycleKind(rawValue: edge >> 1 & 7)!
      return kind.isWork ? .dependencyStall : kind
    }
    return .dependencyStall
  }
}
