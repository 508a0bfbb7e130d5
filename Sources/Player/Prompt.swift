// One line of text that the viewer types at the bottom of the screen.

import Canvas

public struct Prompt: Sendable, Equatable {
  public enum Purpose: Sendable, Equatable {
    case goTo, search, searchBack, breakpoint, watch, command

    var label: String {
      switch self {
      case .goTo: "go to cycle: "
      case .search: "/"
      case .searchBack: "\\"
      case .breakpoint: "break at: "
      case .watch: "watch tile: "
      case .command: ":"
      }
    }
  }

  public let purpose: Purpose
  public private(set) var text: String

  init(_ purpose: Purpose, _ text: String = "") {
    self.purpose = purpose
    self.text = text
  }

  enum Outcome { case typing, done, abandoned }

  /// Takes one key; a backspace beyond the beginning gives up.
  mutating func type(_ key: Key) -> Outcome {
    switch key {
    case .character(let character): text.append(character)
    case .backspace:
      if text.isEmpty { return .abandoned }
      text.removeLast()
    case .enter: return .done
    case .escape: return .abandoned
    default: break
    }
    return .typing
  }
}
