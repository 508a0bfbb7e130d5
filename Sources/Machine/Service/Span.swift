// A span: when an op ran, or when a launch began or ended, which takes no time.

/// An op of a run: its block, and its index there.
package struct OpPlace: Sendable, Hashable {
  package var block: BlockID
  package var op: OpID

  package init(block: BlockID, op: OpID) {
    self.block = block
    self.op = op
  }
}

/// The time from the start to the finish of an op, or the start or end of a launch, in cycles.
package struct Span: Sendable, Equatable {
  /// The op or the launch that a span belongs to.
  package enum Subject: Sendable, Equatable {
    case op(OpPlace)
    /// The start or the end of the launch with this index in the program.
    case launchStart(Int32)
    case launchEnd(Int32)
  }

  package var subject: Subject
  /// True for a transfer that L2 serves for the larger part.
  package var inL2 = false
  package var start: Int
  package var finish: Int

  init(_ subject: Subject, start: Int, finish: Int, inL2: Bool = false) {
    self.subject = subject
    self.start = start
    self.finish = finish
    self.inL2 = inL2
  }

  /// The op; nil for the start or the end of a launch.
  package var place: OpPlace? {
    if case .op(let place) = subject { return place }
    return nil
  }

  /// True for a span that takes no time: the start or end of a launch, or housekeeping.
  package var isInstant: Bool { start == finish }
}

/// Index of a span in a recording, in the order of issue.
package typealias SpanID = ID<Span>
