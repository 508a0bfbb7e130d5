// A span: when and where one op ran; or an end of a launch, which takes no time.

/// An op of a thread block of a run.
package struct OpPlace: Sendable, Hashable {
  package var block: BlockID
  package var op: OpID

  package init(block: BlockID, op: OpID) {
    self.block = block
    self.op = op
  }
}

/// The time that something took, in cycles.
package struct Span: Sendable, Equatable {
  /// What took the time.
  package enum Subject: Sendable, Equatable {
    case op(OpPlace)
    /// A launch began, or ended: its index in the program.
    case launchStart(Int32)
    case launchEnd(Int32)
  }

  package var subject: Subject
  /// A transfer that L2 served.
  package var inL2 = false
  package var start: Int
  package var finish: Int

  init(_ subject: Subject, start: Int, finish: Int, inL2: Bool = false) {
    self.subject = subject
    self.start = start
    self.finish = finish
    self.inL2 = inL2
  }

  /// The op; nil for an end of a launch.
  package var place: OpPlace? {
    if case .op(let place) = subject { return place }
    return nil
  }

  /// It takes no time: a launch, or housekeeping.
  package var isInstant: Bool { start == finish }
}

/// A span of a recording, in the order of issue.
package typealias SpanID = ID<Span>
