// A diagnostic: what is wrong with a kernel's text, and where. Messages suggest the nearest valid
// name.

/// A position in a text; line and column count from 1.
package struct SourcePosition: Sendable, Equatable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// One error or warning: what was found, what was expected, the nearest valid name.
package struct Diagnostic: Error, Sendable, Equatable {
  package var place: SourcePosition
  package var message: String
  /// True for a warning: the text can still run.
  package var isWarning = false

  package init(_ place: SourcePosition, _ message: String, isWarning: Bool = false) {
    self.place = place
    self.message = message
    self.isWarning = isWarning
  }
}

/// The candidate that is spelled most like `word`; nil if none is near enough. A candidate that
/// differs only in capitals is nearest.
func nearest(_ word: String, among candidates: [String]) -> String? {
  if let same = candidates.first(where: { $0 != word && $0.lowercased() == word.lowercased() }) {
    return same
  }
  // All names of one letter are one edit apart, so none of them is a good suggestion.
  guard word.count > 1 else { return nil }
  let near = candidates.map { ($0, editDistance(Array(word.prefix(40)), Array($0.prefix(40)))) }
    .filter { $0.1 <= max(1, word.count / 3) && $0.1 < max($0.0.count, 2) }
  return near.min { $0.1 < $1.1 }?.0
}

/// `; did you mean m?` for the nearest candidate; empty if there is none.
package func suggestion(_ word: String, among candidates: [String]) -> String {
  nearest(word, among: candidates).map { "; did you mean \($0)?" } ?? ""
}

extension String {
  /// The name as a message shows it: at most 40 characters, and with the code point of a Cyrillic
  /// or full-width letter, which only looks like a Latin one.
  var named: String {
    let short = count > 40 ? "\(prefix(37))…" : self
    guard
      let odd = unicodeScalars.first(where: {
        0x400...0x52F ~= $0.value || 0xFF00...0xFFEF ~= $0.value
      })
    else { return short }
    return "\(short) (U+0\(String(odd.value, radix: 16).uppercased()))"
  }
}
