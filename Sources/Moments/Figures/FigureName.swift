// The names of figures. A figure on the screen is called as in the report and in the expressions of a
// lesson, so that it can be hidden by its name until a question is answered.

import Machine

/// The name of a figure of one run.
package enum FigureName: Hashable, Sendable {
  /// A figure of the report by its path: `hbm.bytes`, `tensors.K.readBytes`, `launches.softmax.seconds`.
  case report(String)
  /// How many times as large a figure of the report is in one run as in another.
  case ratio(String)
  /// A value of a tensor or of a tile in the first head: its row and column in the matrix, from 0; nil for
  /// any.
  case value(of: String, row: Int? = nil, column: Int? = nil)
  /// When an op starts or ends, and how long it takes.
  case duration

  /// All figures that must be hidden together with this one: each of a sum and its two parts, and a time
  /// in cycles and in seconds.
  fileprivate var group: [FigureName] {
    guard case .report(let path) = self else { return [self] }
    var parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let last = parts.removeLast()
    let others: [String: [String]] = [
      "bytes": ["readBytes", "writeBytes"], "readBytes": ["bytes"], "writeBytes": ["bytes"],
      "cycles": ["seconds"], "seconds": ["cycles"],
    ]
    return [self] + (others[last] ?? []).map { .report((parts + [$0]).joined(separator: ".")) }
  }

  /// Whether both may name the same figure.
  fileprivate func meets(_ other: FigureName) -> Bool {
    guard case .value(let name, let row, let column) = self,
      case .value(let otherName, let otherRow, let otherColumn) = other
    else { return self == other }
    return name == otherName && (row == nil || otherRow == nil || row == otherRow)
      && (column == nil || otherColumn == nil || column == otherColumn)
  }
}

/// The figures that must not be seen, and how they are hidden.
package struct HiddenFigures: Sendable, Equatable {
  /// How a hidden figure is written: a sign for each of its digits, or words.
  package enum Look: Sendable { case signs, words }

  private var names: [String: Set<FigureName>] = [:]
  /// How a hidden figure is written.
  package var look = Look.signs

  /// The character that takes the place of a digit on the screen.
  package static let sign: Character = "▚"
  /// The words that take the place of a figure in text.
  package static let words = "(hidden until answered)"

  /// Hides nothing.
  package init() {}

  /// Hides one figure of a run.
  package init(_ name: FigureName, of run: String) { hide(name, of: run) }

  /// True if nothing is hidden.
  package var isEmpty: Bool { names.isEmpty }

  /// Hides a figure of a run, and the others that give it away.
  package mutating func hide(_ name: FigureName, of run: String) {
    names[run, default: []].formUnion(name.group)
  }

  /// The figures that are hidden here or there.
  package func union(_ other: HiddenFigures) -> HiddenFigures {
    var both = self
    both.names.merge(other.names) { $0.union($1) }
    return both
  }

  /// Whether a figure of the run of this name is hidden.
  package func hides(_ name: FigureName, of run: String) -> Bool {
    names[run]?.contains { $0.meets(name) } ?? false
  }

  /// Whether any figure that `other` names is hidden here.
  package func meets(_ other: HiddenFigures) -> Bool {
    other.names.contains { run, names in names.contains { hides($0, of: run) } }
  }

  /// The text of a figure, hidden if its name is.
  package func text(_ text: String, _ name: FigureName, of run: String) -> String {
    hides(name, of: run) ? hiding(text) : text
  }

  /// The text of a figure that is hidden: its unit stays.
  package func hiding(_ text: String) -> String {
    let isDigit = { (character: Character) in
      character.isNumber || ",.".contains(character)
    }
    guard look == .words else { return String(text.map { isDigit($0) ? Self.sign : $0 }) }
    guard let first = text.firstIndex(where: \.isNumber) else { return text }
    let rest = text[first...].drop(while: isDigit)
    return text[..<first] + Self.words + rest
  }
}
