// What the viewer has typed: a place in time, something to look for, or a command.

import Kernels
import Machine
import Views

extension Player {
  mutating func answer(_ prompt: Prompt) -> Effect {
    let text = prompt.text.trimmed
    switch prompt.purpose {
    case .goTo: goTo(text)
    case .search: search(text, forward: true)
    case .searchBack: search(text, forward: false)
    case .breakpoint: toggleBreakpoint(text)
    case .watch: watch(text)
    case .command: return command(text)
    }
    return .none
  }

  /// `1200`, `50%` or `#17`, the 17th event of the run in focus.
  mutating func goTo(_ text: String) {
    let digits = text.filter { $0 != "," }
    if let cycle = Int(digits) {
      move(to: cycle)
    } else if digits.hasSuffix("%"), let percent = Double(digits.dropLast()), percent.isFinite {
      move(to: Int(Double(lastCycle) * min(max(percent, 0), 100) / 100))
    } else if digits.hasPrefix("#"), let number = Int(digits.dropFirst()) {
      let events = runs[focus].recording.events
      move(to: events[min(max(0, number - 1), events.count - 1)].cycle)
    } else if !text.isEmpty {
      message = "“\(text)” is no place in time: a cycle (1200), a share (50%) or an event (#17)."
    }
  }

  private static var commands: [String] {
    [
      "goto", "find", "break", "watch", "view", "row", "head", "sm", "tile", "speed", "step",
      "back", "help", "quit",
    ]
  }

  private mutating func command(_ text: String) -> Effect {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    guard let name = words.first else { return .none }
    let rest = words.count > 1 ? words[1].trimmed : ""
    if name.allSatisfy(\.isNumber) {
      goTo(name)
      return .none
    }
    switch name {
    case "goto": goTo(rest)
    case "find": search(rest, forward: true)
    case "break": toggleBreakpoint(rest)
    case "watch": watch(rest)
    case "view": show(view: rest)
    case "row": number(rest) { $0.follow(row: $1) }
    case "head": number(rest) { $0.show(head: $1) }
    case "sm": number(rest) { $0.show(processor: $1) }
    case "tile": selection.tile = TileName(rest)
    case "speed": number(rest) { $0.setSpeed(Double($1)) }
    case "step", "back": return perform(.step(.event, forward: name == "step"))
    case "help": overlay = .help
    case "q", "quit": return .quit
    default: message = "No command “\(name)”; there are \(Self.commands.joined(separator: " "))."
    }
    return .none
  }

  private mutating func number(_ text: String, _ use: (inout Player, Int) -> Void) {
    if let number = Int(text) { use(&self, number) } else { message = "“\(text)” is not a number." }
  }

  private mutating func show(view name: String) {
    if let index = ViewCatalogue.index(of: name) {
      view = index
    } else {
      let names = ViewCatalogue.views.map(\.name).joined(separator: " ")
      message = "No view “\(name)”; there are \(names)."
    }
  }
}

extension String {
  var trimmed: String {
    let start = drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }
}
