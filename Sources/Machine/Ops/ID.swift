// Typed indices, so that the compiler tells the third block from the third op.

/// The index of an element in the array that holds it.
package struct ID<Element>: Sendable, Hashable, Comparable {
  /// The index, counted from 0; -1 for `none`.
  package var number: Int32

  package init(_ index: Int) { number = Int32(truncatingIfNeeded: index) }

  /// The index as an `Int`.
  package var index: Int { Int(number) }

  package static func < (a: Self, b: Self) -> Bool { a.number < b.number }

  /// No element. It takes less memory than an optional, which matters in long arrays.
  static var none: Self { Self(-1) }
}

extension Array {
  /// The element at the index `id`; it can be changed in place.
  package subscript(id: ID<Element>) -> Element {
    _read { yield self[id.index] }
    _modify { yield &self[id.index] }
  }
}
