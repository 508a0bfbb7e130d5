// The labels of a launch's tiles on the screen and in the log, and their roles in a softmax.

import Machine

/// The labels and softmax roles of the tiles of a launch, from its text alone.
struct Labels {
  private let kernel: KernelText
  private let launch: ResolvedLaunch
  private let types: TileTypes
  /// Renamings, from the old name to the new: `m = n` gives n the label of m.
  private var renamed: [String: String] = [:]
  /// For each matrix that is stored, the tensor it is stored to.
  private var stored: [String: String] = [:]
  private(set) var roles: [String: TileRole] = [:]
  /// The labels of temporary tiles.
  private var given: [String: String] = [:]

  init(_ kernel: KernelText, _ launch: ResolvedLaunch, _ types: TileTypes) {
    self.kernel = kernel
    self.launch = launch
    self.types = types
    let statements = launch.body.all
    for statement in statements {
      switch statement.kind {
      case .assign(let name, .name(let other, _), _): renamed[other] = name
      case .store(let reference, .name(let name, _)):
        if types.types[name]?.isColumn == false { stored[name] = reference.tensor }
      default: break
      }
    }
    findRoles(statements)
  }

  mutating func call(_ name: String, _ label: String) { given[name] = label }

  /// The kind of a tile that is made under `name`.
  func kind(of name: String, _ type: TileType) -> TileKind {
    let label = label(of: name, type)
    return TileKind(
      label, rows: Axis(named: type.rows.axis), columns: Axis(named: type.columns.axis),
      role: roles[name] ?? renamed[name].flatMap { roles[$0] } ?? .other,
      isGradient: label.isGradientName)
  }

  /// The kind of a tile of a tensor.
  func kind(ofTensor tensor: Tensor, loadedAs name: String?) -> TileKind {
    TileKind(
      tensor.name, rows: tensor.rowAxis, columns: tensor.columnAxis,
      role: name.flatMap { roles[$0] } ?? tensor.tileRole, isGradient: tensor.name.isGradientName)
  }

  /// The label of a tile: the tensor that it is named after (a matrix in any case of letters) or
  /// stored to; else its own name with Greek letters spelled out, for a matrix with a capital.
  func label(of name: String, _ type: TileType) -> String {
    if let given = given[name] { return given }
    var name = renamed[name] ?? name
    while name.last == "'" { name.removeLast() }
    let tensors = kernel.declarations.map(\.name)
    if tensors.contains(name) { return name }
    if !type.isColumn {
      if let tensor = tensors.first(where: { $0.lowercased() == name.lowercased() }) {
        return tensor
      }
      if let tensor = stored[name] { return tensor }
      return name.spelled.capitalizedAsMatrix
    }
    return name.spelled
  }

  // MARK: Roles

  private mutating func findRoles(_ statements: [Statement]) {
    // Scores are what is exponentiated; the other roles follow from them.
    for statement in statements {
      guard case .assign(let name, let term, _) = statement.kind else { continue }
      for (score, _) in term.exponentials where types.types[score]?.isColumn == false {
        roles[score] = .scores
        roles[name] = .weights
      }
    }
    // Two rounds: the role of a sum depends on factors that may be found after it.
    for _ in 0..<2 {
      for statement in statements {
        if case .assign(let name, let term, _) = statement.kind { note(name, term, statements) }
      }
    }
  }

  private mutating func note(_ name: String, _ term: Term, _ statements: [Statement]) {
    switch term {
    case .call("rowmax", _, _):
      // If it is compared with a running maximum, it is that of this tile alone; else that of the
      // row.
      let isCompared = statements.contains { statement in
        guard case .assign(_, let term, _) = statement.kind else { return false }
        return term.calls("max") && term.mentions(name)
      }
      roles[name] = isCompared ? .tileMaximum : .maximum
    case .call("max", let terms, _):
      roles[name] =
        renamed[name] == nil && !terms.contains(where: { $0.isName(name) }) ? .newMaximum : .maximum
      for case .name(let old, _) in terms where roles[old] != .tileMaximum { roles[old] = .maximum }
    case .call("exp", _, _), .call("rawexp", _, _):
      guard types.types[name]?.isColumn == true, let (old, _) = term.exponentials.first else {
        return
      }
      roles[name] = roles[old] == .tileMaximum ? .tileFactor : .factor
    case .call("rowsum", let terms, _):
      guard case .name(let summed, _) = terms[0], roles[summed] == .weights else { return }
      let isAdded = statements.contains { statement in
        guard case .assign(let other, let term, _) = statement.kind else { return false }
        return other != name && term.mentions(name)
          && term.names.contains { roles[$0.name] == .factor }
      }
      roles[name] = isAdded ? .tileSum : .sum
    case .call("keepmask", _, _): roles[name] = .keepMask
    case .call("drop", let terms, _):
      guard case .name(let other, _) = terms[0] else { return }
      let isOfWeights = isWeights(other) && !other.hasPrefix("d")
      roles[name] = isOfWeights ? .weights : .weightGradient
      roles[other] = roles[name]
    case .binary(.plus, _, _, _):
      if term.names.contains(where: { roles[$0.name] == .tileSum }) {
        roles[name] = term.mentions(name) ? .sum : .newSum
        for (old, _) in term.names where types.types[old]?.isColumn == true && roles[old] == nil {
          roles[old] = .sum
        }
      } else if term.calls("rowsum"), types.types[name]?.isColumn == true {
        roles[name] = .sum
      } else if term.sumsValues(name, weights: { isWeights($0) }) {
        roles[name] = .output
      }
    case .binary(.over, let a, _, _):
      if case .binary = a, types.types[name]?.isColumn == false, term.mentions(name),
        term.names.contains(where: { roles[$0.name] == .factor || roles[$0.name] == .tileFactor })
      {
        roles[name] = .output
      }
    default: break
    }
  }

  private func isWeights(_ name: String) -> Bool {
    roles[name] == .weights
      || types.sources[name].map { source in
        types.declaration(source)?.axes == [AxisName.queries, AxisName.keys]
      } ?? false
  }
}

extension TileRole {
  /// The role of the value once it is stored: for a later visit, a new maximum is the old one.
  var inHBM: TileRole {
    switch self {
    case .newMaximum: .maximum
    case .newSum: .sum
    default: self
    }
  }
}

extension Term {
  func isName(_ name: String) -> Bool {
    if case .name(name, _) = self { true } else { false }
  }

  /// The names in `exp(a - b)`, wherever it stands.
  fileprivate var exponentials: [(String, String)] {
    let inside = parts.flatMap(\.exponentials)
    guard case .call(let function, let terms, _) = self, ["exp", "rawexp"].contains(function),
      case .binary(.minus, .name(let a, _), .name(let b, _), _)? = terms.first
    else { return inside }
    return [(a, b)] + inside
  }

  /// Whether it is `o + p @ v` with o as `name`, and p is a tile of weights.
  fileprivate func sumsValues(_ name: String, weights: (String) -> Bool) -> Bool {
    guard case .binary(.plus, let a, .product(let left, _, _), _) = self, a.mentions(name) else {
      return false
    }
    if case .transposed = left { return false }
    return left.names.contains { weights($0.name) }
  }
}

extension String {
  /// Whether it names a gradient, as `dQ`: a d before a capital.
  var isGradientName: Bool {
    hasPrefix("d") && dropFirst().first.map { $0.isUppercase } ?? false
  }

  /// The name as any terminal can show it: Greek letters by their names, a tilde behind its letter.
  fileprivate var spelled: String {
    var result = ""
    for scalar in decomposed {
      if let name = Self.greek[scalar] {
        result += name
      } else if scalar == "\u{303}" {
        result += "~"
      } else if !scalar.properties.isDiacritic || scalar.isASCII {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Its Unicode scalars; a letter with a tilde becomes the letter and a combining tilde.
  private var decomposed: [Unicode.Scalar] {
    let composed: [Unicode.Scalar: [Unicode.Scalar]] = [
      "\u{F1}": ["n", "\u{303}"], "\u{E3}": ["a", "\u{303}"], "\u{F5}": ["o", "\u{303}"],
      "\u{1EBD}": ["e", "\u{303}"], "\u{129}": ["i", "\u{303}"], "\u{169}": ["u", "\u{303}"],
      "\u{1E7D}": ["v", "\u{303}"], "\u{1EF9}": ["y", "\u{303}"],
    ]
    return unicodeScalars.flatMap { composed[$0] ?? [$0] }
  }

  private static let greek: [Unicode.Scalar: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
  ]

  /// The label of a matrix whose name has one or two letters: S for `s`, dP for `dp`, PV for `pV`.
  fileprivate var capitalizedAsMatrix: String {
    guard count <= 2 else { return self }
    if count == 2, hasPrefix("d"), last!.isLetter { return "d" + dropFirst().uppercased() }
    return prefix(1).uppercased() + dropFirst()
  }
}
