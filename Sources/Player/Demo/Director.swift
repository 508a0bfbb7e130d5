// The director's cut of a race: slow where something is to be seen for the first time, fast between. The
// places are found by rules, in any two runs.

import Kernels
import Machine
import Moments

/// A race cut into pieces, each with a caption, a piece of the run and a length.
package struct Director: Sendable {
  /// A piece of the cut. Where it starts and ends at one cycle, the picture stands still.
  struct Cut: Sendable, Equatable {
    var caption: String
    var cycles: ClosedRange<Int>
    var seconds: Double
  }

  let cuts: [Cut]

  /// Seconds of the whole cut.
  package var seconds: Double { cuts.reduce(0) { $0 + $1.seconds } }

  /// Seconds for everything between the places that are shown slowly.
  private static let secondsBetween = 9.0

  /// - Parameters:
  ///   - runs: one or two.
  ///   - traces: the softmax of the followed row of each.
  init(_ runs: [CompletedRun], traces: [SoftmaxTrace]) {
    let places = Self.places(runs, traces).sorted { $0.cycles.lowerBound < $1.cycles.lowerBound }
    let end = runs.map(\.recording.lastCycle).max() ?? 0
    var now = places.first?.cycles.lowerBound ?? 0
    let shown = places.reduce(0) { $0 + $1.cycles.count }
    let perCycle = Self.secondsBetween / Double(max(1, end - now - shown))
    var cuts: [Cut] = []
    for place in places {
      cuts += Self.between(now, place.cycles.lowerBound, perCycle)
      // What began while the piece before was shown is shown from where that ended.
      let start = max(now, place.cycles.lowerBound)
      let finish = max(start, place.cycles.upperBound)
      cuts.append(Cut(caption: place.caption, cycles: start...finish, seconds: place.seconds))
      now = finish
    }
    let last = runs.count > 1 && places.last?.cycles.lowerBound == now
    cuts += Self.between(
      now, end, perCycle, last ? "The other one still moves tiles." : "On it goes, to the end.")
    self.cuts = cuts
  }

  private static func between(
    _ start: Int, _ end: Int, _ perCycle: Double,
    _ caption: String = "On it goes, tile by tile. Watch the bytes at the bottom."
  ) -> [Cut] {
    guard end > start else { return [] }
    return [
      Cut(
        caption: caption, cycles: start...end,
        seconds: max(0.5, Double(end - start) * perCycle))
    ]
  }

  /// The cycle and the caption after some seconds.
  func moment(at seconds: Double) -> (cycle: Int, caption: String) {
    var left = seconds
    for cut in cuts {
      if left < cut.seconds {
        let length = Double(cut.cycles.upperBound - cut.cycles.lowerBound)
        let passed = Int(length * left / cut.seconds)
        return (cut.cycles.lowerBound + passed, cut.caption)
      }
      left -= cut.seconds
    }
    return (cuts.last?.cycles.upperBound ?? 0, cuts.last?.caption ?? "")
  }

  // MARK: Places

  /// What is shown slowly.
  private static func places(_ runs: [CompletedRun], _ traces: [SoftmaxTrace]) -> [Cut] {
    var places: [Cut] = []
    func show(_ cycles: ClosedRange<Int>?, _ seconds: Double, _ caption: String) {
      guard let cycles else { return }
      places.append(Cut(caption: caption, cycles: cycles, seconds: seconds))
    }
    let flash = runs.lastIndex { !$0.facts.chipMatrices.isEmpty }
    let standard = runs.firstIndex { $0.firstTransfer(of: .scores, isStore: true) != nil }
    let lead = runs[flash ?? 0]
    // Where each stands on the screen.
    func side(_ run: Int) -> String { runs.count == 1 ? "Here" : run == 0 ? "Left" : "Right" }
    show(
      lead.first { op, _ in op.region != nil && !op.operation.isStore }, 4,
      "All data waits in HBM, the slow memory. A tile crosses the bus to the chip.")
    show(
      lead.first { op, tile in op.isProduct && tile?.kind.columns == .keys }, 4,
      "On chip a tile of Q meets a tile of K: their product is a tile of scores, S.")
    if let standard {
      let name = side(standard)
      show(
        runs[standard].firstTransfer(of: .scores, isStore: true), 5,
        "\(name): every tile of S goes back out. HBM must hold all of S.")
      show(
        runs[standard].firstTransfer(of: .scores, isStore: false), 5,
        "\(name): now all of S comes back in, only to be turned into weights P.")
    }
    if let flash {
      show(
        runs[flash].firstDrop, 5,
        "\(side(flash)): the tile of S was used at once and is dropped: S is stored nowhere.")
      show(
        runs[flash].firstTransfer(of: .output, isStore: true), 3,
        "\(side(flash)): only rows of O and their sums go out, never a tile of S.")
    }
    places += firstKeys(runs, traces) + rise(runs, traces)
    if let first = runs.min(by: { $0.recording.lastCycle < $1.recording.lastCycle }), runs.count > 1
    {
      let end = first.recording.lastCycle
      show(end...end, 3, "\(first.capitalizedName) is done.")
    }
    return places
  }

  /// The first keys that the followed row meets.
  private static func firstKeys(_ runs: [CompletedRun], _ traces: [SoftmaxTrace]) -> [Cut] {
    for (run, trace) in zip(runs, traces).reversed() where !run.facts.chipMatrices.isEmpty {
      guard let cycles = trace.firstKeys else { continue }
      return [
        Cut(
          caption:
            "Row \(trace.row) (▸) meets its first keys: a bar e^(s − m) for each; l is their sum.",
          cycles: cycles, seconds: 5)
      ]
    }
    return []
  }

  /// The rise of the maximum in which most is to be seen, before it and while it happens.
  private static func rise(_ runs: [CompletedRun], _ traces: [SoftmaxTrace]) -> [Cut] {
    for (run, trace) in zip(runs, traces).reversed() {
      guard let rise = trace.greatestRise else { continue }
      let word = run.token(trace.row).map { " (“\($0)”)" } ?? ""
      return [
        Cut(
          caption:
            "Bars: weights e^(s − m) of row \(trace.row)\(word). m is its largest score so far.",
          cycles: rise.cycles.lowerBound...rise.known, seconds: 4),
        Cut(
          caption:
            "A larger score turns up: all that was summed so far shrinks, times \(short(rise.alpha)).",
          cycles: rise.known...rise.cycles.upperBound, seconds: 6),
      ]
    }
    return []
  }
}

extension Op {
  fileprivate var isProduct: Bool {
    if case .product = operation { true } else { false }
  }
}

extension CompletedRun {
  /// The name with a capital, to begin a sentence.
  fileprivate var capitalizedName: String { name.prefix(1).uppercased() + name.dropFirst() }

  /// The cycles of the first load or store of a tensor of this role.
  fileprivate func firstTransfer(of role: TileRole, isStore: Bool) -> ClosedRange<Int>? {
    first { op, _ in
      guard let region = op.region, op.operation.isStore == isStore else { return false }
      return plan.program.tensors[region.tensor].tileRole == role
    }
  }

  /// The cycles of the first op that is wanted.
  fileprivate func first(_ isWanted: (Op, TileInfo?) -> Bool) -> ClosedRange<Int>? {
    for span in recording.spans where !span.isInstant {
      guard let place = span.place else { continue }
      let block = recording.blocks[place.block]
      let op = block.ops[place.op]
      if isWanted(op, block.tile(of: op)) { return span.start...span.finish }
    }
    return nil
  }

  /// The cycles from the first time on that a tile of scores is dropped.
  fileprivate var firstDrop: ClosedRange<Int>? {
    guard let scores = facts.chipMatrices.first,
      let cycle = scores.firstDropped.min(), cycle < .max
    else { return nil }
    return cycle...min(recording.lastCycle, cycle + max(10, recording.lastCycle / 200))
  }
}
