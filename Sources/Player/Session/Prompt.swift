// A prompt: one line of text that the viewer types at the bottom of the screen.

import Canvas

/// The line that is being typed, and its purpose.
package struct Prompt: Sendable, Equatable {
  /// What the typed text will be used for.
  package enum Purpose: Sendable, Equatable {
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

  package let purpose: Purpose
  package private(set) var text: String
  /// True if the text was suggested and not typed: the first character replaces it.
  private var isOffered: Bool

  init(_ purpose: Purpose, _ offered: String = "") {
    self.purpose = purpose
    text = offered
    isOffered = !offered.isEmpty
  }

  /// What a key did: the prompt goes on, is complete, or was given up.
  enum Outcome { case typing, done, abandoned }

  /// Takes one key. A backspace in an empty prompt gives it up.
  mutating func type(_ key: Key) -> Outcome {
    switch key {
    case .character("\u{15}"): text = ""
    case .character(let character):
      if isOffered { text = "" }
      if !character.unicodeScalars.contains(where: { $0.value < 0x20 }) { text.append(character) }
    case .backspace:
      if text.isEmpty { return .abandoned }
      text.removeLast()
    case .enter: return .done
    case .escape: return .abandoned
    default: break
    }
    isOffered = false
    return .typing
  }
}
