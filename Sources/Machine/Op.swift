// An op as a block has recorded it, its word, and the stream in which it waits for its turn.

/// One recorded request of a block.
public struct Op: Sendable {
  public var operation: Operation
  /// The word for it in logs, cues and on the screen.
  public var verb: Verb
  /// What it uses up, as an index into its block's different works.
  var work: Int16
  /// The tile written, or for `store`, `free` and `keep` the tile concerned.
  public var tile: Int32
  /// Range of the block's `inputPool`: the tiles read.
  public var inputs: Range<Int32>
  /// Line of the kernel's text; 0 for none.
  public var line: Int16

  /// The rectangle of HBM that a transfer touches.
  public var region: Region? {
    switch operation {
    case .load(let region, _), .store(let region), .add(let region): region
    default: nil
    }
  }

  /// Housekeeping waits for its tiles only, not for its turn.
  var isHousekeeping: Bool {
    switch operation {
    case .free, .keep: true
    default: false
    }
  }
}

/// The words for ops.
public enum Verb: UInt8, Sendable, CaseIterable {
  case load, store, add, fill, multiply, accumulate, scale, mask, rowmax, exp, rowsum, max, factor
  case rescale, divide, logsumexp, copy, rowdot, gradient, drop, draw, convert, sync, prepare, lap
  case skip, free, keep, subtract, log, combine

  /// `rowmax`: as logs and cues have it.
  public var text: String { Self.texts[Int(rawValue)] }

  private static let texts = allCases.map { "\($0)" }
}

/// Ops of one stream of a block run in the order in which they were recorded; streams run ahead of
/// each other as far as data and SRAM allow. That is double buffering, and it is how the warp groups
/// of a block work side by side.
struct Stream: Sendable, Equatable {
  var index: Int8

  static let load = Stream(index: 0)
  static let compute = Stream(index: 1)
  static let store = Stream(index: 2)
  /// Housekeeping.
  static let none = Stream(index: -1)

  var isArithmetic: Bool { index > 0 && self != .store }

  /// The arithmetic of a warp group; its asynchronous products have a queue of their own.
  static func compute(of group: Int, asynchronous: Bool) -> Stream {
    group == 0 && !asynchronous
      ? .compute : Stream(index: Int8(3 + 2 * group + (asynchronous ? 1 : 0)))
  }
}
