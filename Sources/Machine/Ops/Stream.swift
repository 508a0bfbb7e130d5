// A stream: the ops of a thread block that start in program order.

/// The ops of one stream start in the order in which they were recorded. Streams run ahead of each
/// other as far as data and SRAM allow: this gives double buffering, and warp groups that work side
/// by side.
package struct Stream: Sendable, Hashable {
  var index: Int8

  static let load = Stream(index: 0)
  static let compute = Stream(index: 1)
  static let store = Stream(index: 2)
  /// Housekeeping ops belong to no stream.
  static let none = Stream(index: -1)

  /// True for every stream but loads, stores and `none`.
  package var isArithmetic: Bool { index > 0 && self != .store }

  /// True for the stream of a warp group's asynchronous products.
  package var isAsynchronous: Bool { index > 3 && index.isMultiple(of: 2) }

  /// Who the ops belong to where units are shared: 0 for the transfers of the block, then a number for each warp
  /// group.
  package var party: Int { isArithmetic ? 1 + max(0, (Int(index) - 3) / 2) : 0 }

  /// The stream of the same warp group's other ops, and the other way round; nil for transfers.
  var partner: Stream? {
    guard isArithmetic else { return nil }
    return .compute(of: party - 1, asynchronous: !isAsynchronous)
  }

  /// The arithmetic stream of a warp group. Its asynchronous products have a stream of their own.
  static func compute(of group: Int, asynchronous: Bool) -> Stream {
    group == 0 && !asynchronous
      ? .compute : Stream(index: Int8(3 + 2 * group + (asynchronous ? 1 : 0)))
  }
}
