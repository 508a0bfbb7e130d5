// What messages share: lists of words, and the edit distance of two spellings.

/// Words as a list for a message: `a`; `a and b`; `a, b and c`.
package func listed(_ words: [String], _ conjunction: String = "and") -> String {
  guard words.count > 1, let last = words.last else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
}

/// The least number of characters to insert, delete, replace or swap with the next one to turn `a`
/// into `b` (Damerau 1964, Levenshtein 1966; optimal string alignment).
package func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var twoBack: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      let change = previous[j] + (a[i] == b[j] ? 0 : 1)
      var best = min(change, previous[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, twoBack[j - 1] + 1) }
      row.append(best)
    }
    (twoBack, previous) = (previous, row)
  }
  return previous[b.count]
}
