// A stream: the ops of a thread block that start in program order.

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
