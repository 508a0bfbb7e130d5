// Static checks of a kernel's text, with and without every feature that it reacts to: names and
// shapes, stores of two blocks to the same place, reads before writes, closed forms.

import Machine

extension KernelText {
  /// Checks the text without running it.
  /// - Parameter setting: a small problem of the kernel's family; its passes and features are
  ///   varied.
  /// - Returns: warnings, in the order of the text.
  /// - Throws: `Diagnostic` for the first error.
  package func check(_ setting: Setting) throws(Diagnostic) -> [Diagnostic] {
    try checkDeclarations()
    try checkSights()
    try checkTensors()
    for variant in variants(of: setting) {
      for launch in launches(for: variant) { _ = try TileTypes(self, launch) }
    }
    try checkStores()
    try checkReads()
    var warnings = unsizedAxes.map { axis in
      Diagnostic(
        declarations.first { $0.axes.contains(axis) }?.place ?? SourcePosition(line: 1, column: 1),
        "no problem has a size \(axis): it is taken as long as d or k; a line “size \(axis) = 16” gives it one"
          + suggestion(axis, among: ["N", "Nk", "d", "dv", "m", "n", "k"]),
        isWarning: true)
    }
    for variant in variants(of: setting) {
      for warning in try lowered(for: variant).warnings where !warnings.contains(warning) {
        warnings.append(warning)
      }
      // The second body is compiled here, since on a small problem it never runs.
      for launch in launches(for: variant) {
        guard let other = launch.fallbackBody(variant) else { continue }
        var compiler = Compiler(
          self, try TypedLaunch(self, other), variant,
          tensors: try lowered(for: variant).program.tensors, repeated: [])
        _ = try compiler.compiledLaunch()
      }
    }
    try checkMoves(setting)
    return warnings.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
  }

  /// The setting in each pass, with and without the features that conditions test.
  private func variants(of setting: Setting) -> [Setting] {
    let asked = Set(launches.flatMap { $0.features } + moves.flatMap { $0.move.condition.features })
    let passes = hasBackward ? [(true, false), (false, true), (true, true)] : [(true, false)]
    var settings: [Setting] = []
    for (forward, backward) in passes {
      for number in 0..<(asked.contains(.split) ? 1 << 4 : 1 << 3) {
        var variant = setting
        (variant.hasForward, variant.hasBackward) = (forward, backward)
        variant.features = []
        if number & 1 != 0 {
          variant.features.insert(.dropout)
          variant.dropout = Dropout(probability: 0.5, seed: 1, heads: variant.heads)
        }
        if number & 2 != 0 {
          variant.features.formUnion([.softcap, .bias, .mask])
          (variant.softcap, variant.biasPlanes) = (2, 1)
        }
        if number & 4 != 0 {
          variant.features.insert(
            asked.contains(.printed) && number & 1 != 0 ? .printed : .released)
          variant.type = .fp16
        }
        if number & 8 != 0 {
          variant.features.formUnion([.released, .split])
          variant.features.remove(.printed)
          variant.type = .fp16
        }
        settings.append(variant)
      }
    }
    return settings
  }

  // MARK: Declarations

  private func checkDeclarations() throws(Diagnostic) {
    for (index, declared) in declarations.enumerated() {
      if let first = declarations[..<index].first(where: { $0.name == declared.name }) {
        throw Diagnostic(
          declared.place, "\(declared.name) is declared twice, first in line \(first.place.line)")
      }
      guard declared.name.first?.isLetter == true, !SimpleStatementReader.isReserved(declared.name),
        !["bias", "mask"].contains(declared.name)
      else {
        throw Diagnostic(
          declared.place, "\(declared.name) is no name for a tensor: it has a meaning of its own")
      }
    }
    try checkInputs()
    try checkOptions()
    guard declarations.contains(where: { $0.role == .output }) else {
      throw Diagnostic(
        declarations.first?.place ?? SourcePosition(line: 1, column: 1),
        "this kernel has no result; expected a line “out” with a tensor, as out O[N,dv]")
    }
    for tiled in tiles where !axes.contains(tiled.axis) {
      throw Diagnostic(
        tiled.place,
        "no tensor has the axis \(tiled.axis)\(suggestion(tiled.axis, among: axes.sorted()))")
    }
    for (index, tiled) in tiles.enumerated() {
      let others = tiles[..<index].map(\.name) + axes + ["Tr", "Tc", "splits"]
      guard tiled.name == "1" || !others.contains(tiled.name) else {
        throw Diagnostic(
          tiled.place,
          "\(tiled.name) is the name of another size; expected one of its own, as B\(tiled.axis)")
      }
    }
    let isMixed =
      !axes.isDisjoint(with: ["N", "Nk", "d", "dv"]) && !axes.isDisjoint(with: ["m", "n", "k"])
    if isMixed,
      let odd = declarations.first(where: { !Set($0.axes).isDisjoint(with: ["m", "n", "k"]) })
    {
      throw Diagnostic(
        odd.place,
        "\(odd.name) has axes of a matrix product (m, n, k), and others those of attention (N, Nk, d, dv); expected one kind"
      )
    }
    for (index, launch) in launches.enumerated()
    where launches[..<index].contains(where: { $0.name == launch.name }) {
      throw Diagnostic(
        launch.place, "there are two launches \(launch.name); expected a name for each")
    }
  }

  /// Inputs that a problem fills (Q, K, V, dO, A, B) must be declared with their axes.
  private func checkInputs() throws(Diagnostic) {
    let usual: [String: [[String]]] = [
      "Q": [["N", "d"]], "K": [["Nk", "d"]], "V": [["Nk", "dv"]], "dO": [["N", "dv"]],
      "A": [["m", "k"], ["k", "m"]], "B": [["k", "n"], ["n", "k"]],
    ]
    for declared in declarations {
      if declared.axes.count == 2, declared.axes[0] == declared.axes[1] {
        throw Diagnostic(declared.place, "\(declared.name) has the axis \(declared.axes[0]) twice")
      }
      guard declared.role == .input, let choices = usual[declared.name],
        !choices.contains(declared.axes)
      else { continue }
      let shapes = choices.map { "[\($0.joined(separator: ","))]" }
      throw Diagnostic(
        declared.place,
        "\(declared.name) is \(listed(shapes, "or")) in every problem; found [\(declared.axes.joined(separator: ","))]"
      )
    }
  }

  /// Refuses options of what the kernel does not have.
  private func checkOptions() throws(Diagnostic) {
    for option in options {
      switch option.meaning {
      case .size(let axis, _, _, _):
        guard mentions(size: axis) else {
          throw Diagnostic(
            option.place,
            "no tensor has the axis \(axis) of the option \(option.name), and nothing else names it"
          )
        }
      case .choice: continue
      case .matrix(let tensor, let filling):
        let own = inputs.filter { !["Q", "K", "V", "dO", "A", "B"].contains($0) }
        guard own.contains(tensor) else {
          throw Diagnostic(
            option.place,
            "\(tensor) is no input of the kernel's own; "
              + (own.isEmpty ? "there is none" : "there are \(listed(own))"))
        }
        if case .normal(let root?) = filling, !axes.contains(root) {
          throw Diagnostic(option.place, "no tensor has the axis \(root)")
        }
      }
    }
  }

  /// Whether a tensor has the axis, perhaps in parts, or a formula of the text names the size.
  private func mentions(size: String) -> Bool {
    axes.contains { $0 == size || $0.hasPrefix(size + "/") }
      || sights.contains { $0.term.mentions(size) }
      || launches.flatMap(\.allStatements).contains { $0.term?.mentions(size) ?? false }
  }

  /// Refuses references to unknown tensors, and “or” for an input, which is always filled.
  private func checkTensors() throws(Diagnostic) {
    for statement in launches.flatMap(\.allStatements) {
      switch statement.kind {
      case .load(_, let reference, let start, _):
        _ = try declaration(of: reference)
        if start != nil,
          declarations.contains(where: { $0.name == reference.tensor && $0.role == .input })
        {
          throw Diagnostic(
            reference.place, "\(reference.tensor) is an input and always filled; expected no “or”")
        }
      case .store(let reference, _), .add(let reference, _), .keep(let reference, _):
        _ = try declaration(of: reference)
      default: break
      }
    }
  }

  /// The declaration of the tensor that a reference names.
  /// - Throws: `Diagnostic` if there is none.
  func declaration(of reference: Reference) throws(Diagnostic) -> Declaration {
    if let declared = declarations.first(where: { $0.name == reference.tensor }) { return declared }
    let names = declarations.map(\.name)
    throw Diagnostic(
      reference.place,
      "\(reference.tensor.named) is no tensor of this kernel: in, out, hbm and keep name \(listed(names))"
        + suggestion(reference.tensor, among: names))
  }

  // MARK: Stores

  /// Refuses an output that nothing stores, and stores of two blocks to the same place.
  private func checkStores() throws(Diagnostic) {
    for declared in declarations where declared.role == .output {
      let isStored = launches.contains { launch in
        launch.allStatements.contains { $0.writes(declared.name) }
      }
      guard isStored else {
        throw Diagnostic(
          declared.place,
          "\(declared.name) is a result, and nothing stores it; expected “store \(declared.name)[…] = …”"
        )
      }
    }
    for launch in launches {
      for statement in launch.allStatements {
        guard case .store(let reference, _) = statement.kind,
          let declared = declarations.first(where: { $0.name == reference.tensor })
        else { continue }
        // Rows that a tile of numbers names are those of the block where the tile is.
        let indices =
          reference.indices
          + (reference.gather.map { launch.indices(loading: $0.name) } ?? [])
        for axis in launch.axes where !indices.contains(axis.variable) {
          // Without this index, all blocks along the axis store the same elements.
          throw Diagnostic(
            reference.place,
            "blocks of different \(axis.variable) store the same part of \(reference.tensor) at once (a race); "
              + "expected \(axis.variable) among its indices, or “add \(reference.text) += …”"
              + (declared.axes.contains(axis.axis)
                ? ", or “a block for each head” and a loop along \(axis.axis)" : ""))
        }
      }
    }
  }

  // MARK: Loads

  /// Refuses a load of a tensor that neither an earlier launch nor an earlier line of this one has
  /// written.
  private func checkReads() throws(Diagnostic) {
    var written = Set(declarations.filter { $0.role == .input }.map(\.name))
    for launch in launches {
      for body in [launch.body, launch.fallbackBody ?? []] {
        var own: Set<String> = []
        for statement in body.all {
          switch statement.kind {
          case .load(_, let reference, let start, _):
            let name = reference.tensor
            guard declarations.contains(where: { $0.name == name }) else { continue }
            if let kept = declarations.first(where: { $0.name == name && $0.role == .kept }) {
              throw Diagnostic(
                reference.place,
                "\(name) is only noted for the report (keep, line \(kept.place.line)) and cannot be loaded"
              )
            }
            guard start == nil, !written.contains(name), !own.contains(name) else { continue }
            let isLater = body.all.contains { $0.writes(name) }
            throw Diagnostic(
              reference.place,
              isLater
                ? "\(name) is read before anything is in it; expected “\(reference.text) or 0”, for a first visit"
                : "\(name) is read, and no launch before has written it")
          case .store(let reference, _), .add(let reference, _): own.insert(reference.tensor)
          default: break
          }
        }
      }
      written.formUnion(
        launch.allStatements.filter { statement in
          declarations.contains { statement.writes($0.name) }
        }.compactMap(\.tensor))
    }
  }

  // MARK: Closed forms

  private func checkMoves(_ setting: Setting) throws(Diagnostic) {
    for (_, _, move) in moves {
      guard declarations.contains(where: { $0.name == move.tensor }) else {
        let names = declarations.map(\.name)
        throw Diagnostic(
          move.place,
          "\(move.tensor) is no tensor of this kernel\(suggestion(move.tensor, among: names))")
      }
      let known = formulaSizes(setting, isBackward: false)
      for formula in [move.reads, move.writes].compactMap({ $0 }) {
        for size in formula.sizes.sorted() where known[size] == nil {
          let names = known.keys.sorted()
          throw Diagnostic(
            move.place,
            "\(size) is no size; there are \(listed(names))\(suggestion(size, among: names))")
        }
      }
    }
  }
}

extension LaunchText {
  /// The indices with which it loads a tile.
  fileprivate func indices(loading name: String) -> [String?] {
    allStatements.flatMap { statement -> [String?] in
      if case .load(name, let reference, _, _) = statement.kind { reference.indices } else { [] }
    }
  }

  /// The features that its conditions test.
  fileprivate var features: [Feature] {
    conditions.flatMap(\.features)
      + allStatements.flatMap { statement -> [Feature] in
        if case .when(let condition, _) = statement.kind { return condition.features }
        return []
      }
  }
}

extension Condition {
  fileprivate var features: [Feature] {
    if case .features(let features, _) = self { return features }
    return []
  }
}

extension Condition? {
  fileprivate var features: [Feature] { self?.features ?? [] }
}

extension Statement {
  fileprivate func writes(_ tensor: String) -> Bool {
    switch kind {
    case .store(let reference, _), .add(let reference, _): reference.tensor == tensor
    default: false
    }
  }
}
