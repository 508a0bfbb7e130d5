// Carries out what the viewer has typed at a prompt: a place in time, a search, a breakpoint, or a
// command.

import Library
import Machine
import Views

extension Player {
  /// Carries out a prompt that was ended with Enter.
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

  private mutating func goTo(_ text: String) {
    if go(to: text) { return }
    message =
      "“\(text)” is no place in this run: a cycle to \(grouped(lastCycle)), 50% or event #17."
  }

  /// Goes to a cycle, `1200`, to a share of the run, `50%`, or to an event of the run in focus,
  /// `#17`.
  /// - Returns: false, without a move, if there is no such place.
  package mutating func go(to text: String) -> Bool {
    let digits = text.filter { $0 != "," }
    let events = runs[focus].recording.events
    if let cycle = Int(digits), (0...lastCycle).contains(cycle) {
      move(to: cycle)
    } else if digits.hasSuffix("%"), let percent = Double(digits.dropLast()),
      (0...100).contains(percent)
    {
      move(to: Int(clamping: Double(lastCycle) * percent / 100))
    } else if digits.hasPrefix("#"), let number = Int(digits.dropFirst()),
      (1...max(1, events.count)).contains(number), !events.isEmpty
    {
      move(to: events[number - 1].cycle)
    } else {
      return false
    }
    return true
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
    case "view": show(viewNamed: rest)
    case "row": number(rest) { $0.showRow($1) }
    case "head": number(rest) { $0.show(head: $1) }
    case "sm": number(rest) { $0.show(processor: $1) }
    case "tile": showTile(rest)
    case "speed": number(rest) { $0.setSpeed(Double($1)) }
    case "step", "back": return perform(.step(.event, forward: name == "step"))
    case "help": overlay = .help(page: 0)
    case "q", "quit": return .quit
    default: message = Self.unknown("command", name, Self.commands)
    }
    return .none
  }

  /// An error message: `No view “rase” (did you mean race?); there are …`.
  private static func unknown(_ kind: String, _ name: String, _ names: [String]) -> String {
    let hint = guess(for: name, in: names)
    return "No \(kind) “\(name.cut(40))”\(hint); there are \(names.joined(separator: " "))."
  }

  private mutating func showTile(_ text: String) {
    if let tile = TileName(text), isTile(tile) {
      selection.tile = tile
    } else {
      message = "No tile “\(text)” in \(runs[focus].name); for example K[0] or S[0,1]."
    }
  }

  private mutating func showRow(_ row: Int) {
    if let reason = follow(existingRow: row) { message = "No row \(row): \(reason)." }
  }

  private mutating func number(_ text: String, _ use: (inout Player, Int) -> Void) {
    if let number = Int(text) { use(&self, number) } else { message = "“\(text)” is not a number." }
  }

  /// Shows the view called `name`; an unknown name is answered with a message.
  package mutating func show(viewNamed name: String) {
    if let index = ViewCatalogue.index(of: name) {
      view = index
      zoomStack = []
    } else {
      message = Self.unknown("view", name, ViewCatalogue.views.map(\.name))
    }
  }
}

extension String {
  /// The text without blanks at both ends.
  var trimmed: String {
    let start = drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }
}
