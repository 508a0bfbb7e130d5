// Suggestions for misspelt names (“did you mean …?”): the valid name at the smallest edit distance.

import Notation

/// The entry of `names` that `name` is most likely a misspelling of, ignoring case; nil where none
/// is close.
///
/// Close means that one name is a prefix, of at least three letters, of the other, or that the edit
/// distance (letters added, dropped or changed, and adjacent letters swapped) is at most a third of
/// the length of `name`.
package func nearest(_ name: String, in names: [String]) -> String? {
  let wanted = name.lowercased()
  guard (1...80).contains(wanted.count) else { return nil }
  // A prefix of a valid name counts as an abbreviation of it, whatever the edit distance.
  if let whole = names.first(where: { isLongPrefix(wanted, of: $0) }) { return whole }
  let distances = names.map { ($0, editDistance(Array(wanted), Array($0.lowercased()))) }
  if let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= max(1, wanted.count / 3) {
    return best.0
  }
  return names.first { isLongPrefix($0, of: wanted) }
}

/// ` (did you mean x?)`, as command lines have it, or an empty text where no name is close.
package func guess(for name: String, in names: [String]) -> String {
  nearest(name, in: names).map { " (did you mean \($0)?)" } ?? ""
}

/// The same with quotation marks, as texts have it: ` (did you mean 'x'?)`.
package func suggestion(for name: String, in names: [String]) -> String {
  nearest(name, in: names).map { " (did you mean '\($0)'?)" } ?? ""
}

private func isLongPrefix(_ beginning: String, of name: String) -> Bool {
  beginning.count >= 3 && name.lowercased().hasPrefix(beginning.lowercased())
}
