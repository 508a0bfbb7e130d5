// The statements of a launch, as they are written.

import Machine

/// A tile of a tensor in HBM: `S[i,:]`; without indices the whole tensor.
struct Reference: Equatable, Sendable {
  var tensor: String
  /// One for each axis: a loop's variable, or nil for all of it; empty for the whole tensor.
  var indices: [String?]
  var place: Place
}

/// Words behind a statement.
struct Modifiers: OptionSet, Equatable, Sendable {
  var rawValue: UInt8
  /// `not waited for`: a product that runs beside what follows.
  static let notWaitedFor = Modifiers(rawValue: 1)
  /// `each thread for itself`: nothing is shared.
  static let eachThread = Modifiers(rawValue: 2)
  /// `always`: also where nobody uses it.
  static let always = Modifiers(rawValue: 4)
  /// `at every element`: without a look at what the mask leaves of the tile.
  static let everyElement = Modifiers(rawValue: 8)

  static let words: [(String, Modifiers)] = [
    ("not waited for", .notWaitedFor), ("each thread for itself", .eachThread),
    ("always", .always), ("at every element", .everyElement),
  ]
}

/// What a problem or a run may have, and some lines of a kernel are there for.
package enum Feature: String, Sendable, CaseIterable {
  case dropout, bias, softcap, mask
  /// Tiles and costs are those of the released implementation.
  case released
  /// As the paper prints it, where its kernels do otherwise.
  case printed
}

/// When statements run.
enum Condition: Equatable, Sendable {
  /// `with a or b`, `as released`; `without a`, `not as released`.
  case features([Feature], isThere: Bool)
  /// `after the first`: where what they read is left from an iteration before.
  case leftOver
  /// `first visit`, `later visits`: whether the block meets these rows for the first time.
  case visit(isFirst: Bool)
}

/// Which tiles a loop goes over.
enum Sight: Equatable, Sendable {
  case all
  /// `that i sees`: keys.
  case seenBy(String)
  /// `that sees j`: queries.
  case seeing(String)
}

/// One statement.
struct Statement: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case load(String, Reference, or: Float?, Modifiers)
    case store(Reference, Term)
    case add(Reference, Term)
    case keep(Reference, Term)
    case assign(String, Term, Modifiers)
    case loop(String, axis: String, Sight, [Statement])
    case groups(inTurn: Bool, [Statement])
    case when(Condition, [Statement])
    case free(String)
  }

  var kind: Kind
  var place: Place

  var line: Int { place.line }

  /// The statements inside.
  var body: [Statement] {
    switch kind {
    case .loop(_, _, _, let body), .groups(_, let body), .when(_, let body): body
    default: []
    }
  }

  /// What stands right of its sign.
  var term: Term? {
    switch kind {
    case .store(_, let term), .add(_, let term), .keep(_, let term), .assign(_, let term, _): term
    default: nil
    }
  }

  /// The tensor that it touches.
  var tensor: String? {
    switch kind {
    case .load(_, let reference, _, _), .store(let reference, _), .add(let reference, _),
      .keep(let reference, _):
      reference.tensor
    default: nil
    }
  }

  /// It runs only with what is left from an iteration before.
  var isLeftOver: Bool {
    if case .when(.leftOver, _) = kind { true } else { false }
  }

  /// It masks, and what it costs depends on what the mask leaves of its tile.
  var masksByTile: Bool {
    guard case .assign(_, let term, let modifiers) = kind else { return false }
    return !modifiers.contains(.everyElement) && term.calls("mask")
  }
}

extension [Statement] {
  /// All of them, and those inside, in the order of the text.
  var all: [Statement] { flatMap { [$0] + $0.body.all } }
}
