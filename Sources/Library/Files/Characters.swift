// Tests and trimming of characters that the readers of text files share.

extension Character {
  /// True for `0` to `9`, and not for the digits of other scripts.
  package var isASCIIDigit: Bool { "0" <= self && self <= "9" }
}

extension StringProtocol {
  /// The text without the characters at either end for which `isOut` is true.
  package func trimming(_ isOut: (Character) -> Bool) -> SubSequence {
    let rest = drop(while: isOut)
    guard let last = rest.lastIndex(where: { !isOut($0) }) else { return self[endIndex...] }
    return self[rest.startIndex...last]
  }
}
