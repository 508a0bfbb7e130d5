// Mask rules as the command line and lessons write them: `window:64,0`.

import Machine

extension Mask.Rule {
  /// The spellings of all mask rules, for messages.
  package static let names = [
    "none", "causal", "causal-top-left", "window:LEFT,RIGHT", "padding:LEN",
  ]

  /// The rule that `text` names; nil for anything else, and for a padding length over `keys`.
  package init?(_ text: String, keys: Int) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers =
      parts.count == 2
      ? parts[1].split(separator: ",", omittingEmptySubsequences: false).map { Int($0) } : []
    switch (parts[0], numbers.count) {
    case ("none", 0): self = .none
    case ("causal", 0): self = .causal
    case ("causal-top-left", 0): self = .causalTopLeft
    case ("window", 2):
      guard let left = numbers[0], let right = numbers[1], left >= 0, right >= 0 else { return nil }
      self = .window(left: min(left, 1 << 24), right: min(right, 1 << 24))
    case ("padding", 1):
      guard let length = numbers[0], (0...keys).contains(length) else { return nil }
      self = .padding(length: length)
    default: return nil
    }
  }
}
