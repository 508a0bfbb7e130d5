// Numbers that say what they number: the third block and the third op are not to be confused.

/// The place of an element in the list that holds it.
package struct ID<Element>: Sendable, Hashable, Comparable {
  /// Counted from 0.
  package var number: Int32

  package init(_ index: Int) { number = Int32(truncatingIfNeeded: index) }

  package var index: Int { Int(number) }

  package static func < (a: Self, b: Self) -> Bool { a.number < b.number }

  /// In place of an optional, where lists are long and memory counts.
  static var none: Self { Self(-1) }
}

extension Array {
  /// The element that an ID names, in place.
  package subscript(id: ID<Element>) -> Element {
    _read { yield self[id.index] }
    _modify { yield &self[id.index] }
  }
}
