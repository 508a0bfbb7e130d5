// "Did you mean …?": the valid name that takes the fewest single-letter edits to reach.

import Notation

/// The entry of `names` closest to `name`, or nil where none is close enough to be a slip.
///
/// Close means at most one edit (a letter added, dropped, changed, or two neighbours swapped) for
/// every three letters, or that one of the two begins with the other.
package func nearest(_ name: String, in names: [String]) -> String? {
  let wanted = name.lowercased()
  guard (1...80).contains(wanted.count) else { return nil }
  // Who wrote the beginning of a name meant that name.
  if let whole = names.first(where: { isLongPrefix(wanted, of: $0) }) { return whole }
  let distances = names.map { ($0, editDistance(Array(wanted), Array($0.lowercased()))) }
  if let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= max(1, wanted.count / 3) {
    return best.0
  }
  return names.first { isLongPrefix($0, of: wanted) }
}

/// ` (did you mean 'x'?)`, or nothing.
package func suggestion(for name: String, in names: [String]) -> String {
  nearest(name, in: names).map { " (did you mean '\($0)'?)" } ?? ""
}

private func isLongPrefix(_ beginning: String, of name: String) -> Bool {
  beginning.count >= 3 && name.lowercased().hasPrefix(beginning.lowercased())
}
