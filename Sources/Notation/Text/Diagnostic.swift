// What is wrong with a kernel's text, and where.

/// A place in a text, both counted from 1.
package struct Place: Sendable, Equatable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// One thing that is wrong: what was found, what was expected, the nearest valid thing.
package struct Diagnostic: Error, Sendable, Equatable {
  package var place: Place
  package var message: String
  /// The text still runs.
  package var isWarning = false

  package init(_ place: Place, _ message: String, isWarning: Bool = false) {
    self.place = place
    self.message = message
    self.isWarning = isWarning
  }
}

/// The one of `candidates` that is spelled most like `word`, if it is near enough; a name that differs in
/// its capitals alone is nearest.
func nearest(_ word: String, among candidates: [String]) -> String? {
  if let same = candidates.first(where: { $0 != word && $0.lowercased() == word.lowercased() }) {
    return same
  }
  // Every name of one letter is near to every other.
  guard word.count > 1 else { return nil }
  let near = candidates.map { ($0, editDistance(Array(word.prefix(40)), Array($0.prefix(40)))) }
    .filter { $0.1 <= max(1, word.count / 3) && $0.1 < max($0.0.count, 2) }
  return near.min { $0.1 < $1.1 }?.0
}

/// `; did you mean m?`, or nothing.
func suggestion(_ word: String, among candidates: [String]) -> String {
  nearest(word, among: candidates).map { "; did you mean \($0)?" } ?? ""
}

extension String {
  /// As it is shown in a message: not longer than a line, and with the number of a letter that only looks
  /// like a Latin or Greek one.
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
