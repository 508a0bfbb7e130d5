// What readers of texts ask of characters and pieces of text.

extension Character {
  package var isASCIIDigit: Bool { "0" <= self && self <= "9" }
}

extension StringProtocol {
  /// Without such characters at either end.
  package func trimming(_ isOut: (Character) -> Bool) -> SubSequence {
    let rest = drop(while: isOut)
    guard let last = rest.lastIndex(where: { !isOut($0) }) else { return self[endIndex...] }
    return self[rest.startIndex...last]
  }
}
