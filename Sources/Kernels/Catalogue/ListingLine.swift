// A line of a kernel's text, for the panel that shows the code of a run.

/// One line of a kernel's text, as the code panel shows it.
package struct ListingLine: Sendable, Equatable {
  /// Its number in the text.
  package var number: Int
  package var text: String
  /// Why the algorithm does this: one sentence, true whenever the line is current.
  package var why: String
}
