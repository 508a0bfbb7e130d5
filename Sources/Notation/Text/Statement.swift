// The syntax tree of a launch: statements, the conditions around them, the modifiers behind them.

/// A reference to a tile of a tensor in HBM: `S[i,:]`; without indices the whole tensor.
struct Reference: Equatable, Sendable {
  var tensor: String
  /// One per axis: a loop's variable, or nil for the whole axis; empty for the whole tensor.
  var indices: [String?]
  /// Which of its rows, if they are not those of the first index.
  var gather: Gather?
  var place: SourcePosition
}

/// Rows that a tile of numbers names.
enum Gather: Equatable, Sendable {
  /// `K[rows t]`: a row for each number in t.
  case rows(String)
  /// `K[j at t]`: the rows of tile j lie where those of tile t would lie in order.
  case tile(String)

  /// The tile of numbers.
  var name: String {
    switch self {
    case .rows(let name), .tile(let name): name
    }
  }
}

/// Modifiers behind a statement, each after a comma.
struct Modifiers: OptionSet, Equatable, Sendable {
  var rawValue: UInt8
  /// `not waited for`: an asynchronous product, which overlaps what follows.
  static let notWaitedFor = Modifiers(rawValue: 1)
  /// `each thread for itself`: threads load and multiply without sharing operands in SRAM.
  static let eachThread = Modifiers(rawValue: 2)
  /// `always`: a load that runs even if the mask leaves nothing that uses it.
  static let always = Modifiers(rawValue: 4)
  /// `at every element`: the mask is applied to every tile, wholly visible ones included.
  static let everyElement = Modifiers(rawValue: 8)

  static let words: [(String, Modifiers)] = [
    ("not waited for", .notWaitedFor), ("each thread for itself", .eachThread),
    ("always", .always), ("at every element", .everyElement),
  ]
}

/// A property of a problem or a run that conditions of a kernel's text test: `with dropout`.
package enum Feature: String, Sendable, CaseIterable {
  case dropout, bias, softcap, mask
  /// The run has the tiles and costs of the released implementation.
  case released
  /// The run follows the paper's printed algorithm where the paper's own kernels differ.
  case printed
  /// The backward pass has a block for each tile of keys, as a released build has it where heads are few.
  case split
}

/// The condition under which a body runs.
enum Condition: Equatable, Sendable {
  /// `with a or b`, `as released`; `without a`, `not as released`.
  case features([Feature], isThere: Bool)
  /// `with literal`: a choice of one of the kernel's own options.
  case choices([String], isThere: Bool)
  /// `after the first`: an earlier iteration has made the tiles that the body reads.
  case loopCarried
  /// `first visit`, `later visits`: whether the block processes these rows for the first time.
  case visit(isFirst: Bool)
}

extension Condition {
  func tests(_ feature: Feature) -> Bool {
    if case .features(let features, _) = self { features.contains(feature) } else { false }
  }

  /// Whether problem and options alone decide it, before anything runs.
  var isDecidedBefore: Bool {
    switch self {
    case .features, .choices: true
    case .loopCarried, .visit: false
    }
  }
}

/// Which tiles of its axis a loop visits: all, or those that the mask leaves visible.
enum TileFilter: Equatable, Sendable {
  case all
  /// `that i sees`: the key tiles visible to query tile i.
  case seenBy(String)
  /// `that sees j`: the query tiles that see key tile j.
  case seeing(String)
}

/// A statement, with its position in the text.
struct Statement: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case load(String, Reference, or: Float?, Modifiers)
    case store(Reference, Term)
    case add(Reference, Term)
    case keep(Reference, Term)
    case assign(String, Term, Modifiers)
    case loop(String, axis: String, TileFilter, part: String?, [Statement])
    case groups(GroupOrder, [Statement])
    case when(Condition, [Statement])
    /// `by correction`: the warps of this role run the body, beside the others.
    case by(String, [Statement])
    case free(String)
  }

  var kind: Kind
  var place: SourcePosition

  var line: Int { place.line }

  /// The statements of its body; empty if it has none.
  var body: [Statement] {
    switch kind {
    case .loop(_, _, _, _, let body), .groups(_, let body), .when(_, let body), .by(_, let body):
      body
    default: []
    }
  }

  /// The term on its right-hand side; nil for a load and for a statement with a body.
  var term: Term? {
    switch kind {
    case .store(_, let term), .add(_, let term), .keep(_, let term), .assign(_, let term, _): term
    default: nil
    }
  }

  /// The tensor that it loads, stores, adds to or keeps; nil for none.
  var tensor: String? {
    switch kind {
    case .load(_, let reference, _, _), .store(let reference, _), .add(let reference, _),
      .keep(let reference, _):
      reference.tensor
    default: nil
    }
  }

  /// The tile of numbers that says which rows of a tensor it reads or writes; nil for none.
  var gather: Gather? {
    switch kind {
    case .load(_, let reference, _, _), .store(let reference, _), .add(let reference, _):
      reference.gather
    default: nil
    }
  }

  /// The role that runs its body; nil for other statements.
  var role: String? {
    if case .by(let role, _) = kind { role } else { nil }
  }

  /// Whether it is a body under `after the first`.
  var isLoopCarried: Bool {
    if case .when(.loopCarried, _) = kind { true } else { false }
  }

  /// Whether it applies the mask at a cost that depends on the coverage of its tile.
  var masksByTile: Bool {
    guard case .assign(_, let term, let modifiers) = kind else { return false }
    return !modifiers.contains(.everyElement) && (term.calls("mask") || term.calls("seen"))
  }
}

extension [Statement] {
  /// These statements and all nested ones, in the order of the text.
  var all: [Statement] { flatMap { [$0] + $0.body.all } }
}

/// How the warp groups of a block run the body of `each group` beside each other: when one may begin it.
package enum GroupOrder: Sendable {
  /// As soon as it has come to it.
  case free
  /// `in turn`: when the group before has done so.
  case inTurn
  /// `together`: when all groups have come to it.
  case together
}
