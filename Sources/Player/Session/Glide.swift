// A step takes a moment on the screen: the picture glides from the cycle before to the cycle after, forwards
// or back, so that one sees a tile cross the bus. Where the player stands is the cycle after, at once.

/// The way of a step.
struct Glide: Sendable {
  let start: Int
  let end: Int
  /// Seconds that have passed.
  private(set) var seconds = 0.0

  /// Seconds that every glide takes.
  private static let length = 0.25

  init(from start: Int, to end: Int) { (self.start, self.end) = (start, end) }

  /// The cycle to be shown.
  var cycle: Int { start + Int((Double(end - start) * min(1, seconds / Self.length)).rounded()) }
  var isOver: Bool { seconds >= Self.length }

  mutating func advance(bySeconds step: Double) { seconds += step }
}

extension Player {
  /// Lets a step glide, where frames are drawn one after the other.
  mutating func startGlide(_ action: Action, from before: Int) {
    guard animatesSteps, cycle != before else { return }
    if case .step(let step, _) = action, step != .cycle { glide = Glide(from: before, to: cycle) }
  }
}
