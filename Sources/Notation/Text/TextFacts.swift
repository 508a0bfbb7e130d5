// Facts about a kernel's text that need no problem: its axes and inputs, the features that it
// reacts to, the positions of its parts.

import Machine

extension KernelText {
  /// The names of all axes of its tensors.
  package var axes: Set<String> { Set(declarations.flatMap(\.axes)) }

  /// Whether tiles along an axis have one element, so that an index picks one of its entries.
  func isUnit(_ axis: String) -> Bool {
    axisOfIndex(axis) != axis || tiles.contains { $0.axis == axis && $0.name == "1" }
  }

  /// The axes whose tiles have one element.
  package var unitAxes: [String] { axes.filter { isUnit($0) }.sorted() }

  /// The axis along which a variable must go to be an index of this one: Nk for `Nk/Bc`, the tiles of Nk.
  func axisOfIndex(_ axis: String) -> String {
    guard let slash = axis.firstIndex(of: "/") else { return axis }
    let whole = String(axis[..<slash])
    let edge = axis[axis.index(after: slash)...]
    return tiles.contains { $0.axis == whole && $0.name == edge } ? whole : axis
  }

  /// Whether a variable along one axis may be an index of the other.
  func goes(_ variable: String, along axis: String) -> Bool {
    variable == axis
      || selfAttention != nil && Set([variable, axis]) == [AxisName.queries, AxisName.keys]
  }

  /// Whether the kernel has a definition of its own of which key a query sees.
  package var hasSights: Bool { !sights.isEmpty }

  /// The tensor that says where each tile of a tensor lies; nil for one that lies in order.
  package func blockTable(of tensor: String) -> String? {
    declarations.first { $0.name == tensor }?.blockTable
  }

  /// Whether it gathers rows by number, so that a row of a tile need not be the token of that number.
  package var gathersRows: Bool {
    launches.flatMap(\.allStatements).contains { statement in
      if case .rows? = statement.gather { true } else { false }
    }
  }

  /// Whether queries and keys are the same tokens.
  package var isSelfAttention: Bool { selfAttention != nil }

  /// Whether it exponentiates differences from a maximum, as a softmax does.
  package var hasSoftmax: Bool { calls("exp") }

  /// Whether it applies `mask(…)`.
  package var appliesMask: Bool { calls("mask") }

  /// Whether the blocks of a head may share its keys: an axis `splits` says how many.
  package var splitsKeys: Bool { axes.contains("splits") }

  /// The names of its inputs, in order.
  package var inputs: [String] { declarations.filter { $0.role == .input }.map(\.name) }

  /// The axes of a tensor, from outer to inner; nil for an unknown name.
  package func axes(of tensor: String) -> [String]? {
    declarations.first { $0.name == tensor }?.axes
  }

  /// The names of the tensors with exactly these axes.
  package func tensors(along axes: [String]) -> Set<String> {
    Set(declarations.filter { $0.axes == axes }.map(\.name))
  }

  /// Whether the kernel has a backward pass.
  package var hasBackward: Bool { launches.contains(where: \.isBackward) }

  /// Whether dropout changes what the kernel computes: it calls `drop` or `keepmask`.
  package var mentionsDropout: Bool { calls("drop") || calls("keepmask") }

  /// Whether a mask, a bias or a softcap changes what the kernel does.
  package var mentionsMask: Bool {
    calls("mask")
      || launches.flatMap(\.allStatements).contains { statement in
        switch statement.kind {
        case .loop(_, _, let filter, _, _): filter != .all
        case .when(let condition, _): condition.tests(.mask)
        default: false
        }
      } || launches.contains { $0.conditions.contains { $0.tests(.mask) } }
  }

  private func calls(_ function: String) -> Bool {
    launches.flatMap(\.allStatements).contains { $0.term?.calls(function) ?? false }
  }

  /// The least number of warp groups that share a block; nil if blocks are not divided.
  package var groups: Int? { launches.compactMap(\.groups).max() }

  /// Whether the query rows of a head can be split among blocks: a forward launch has one block per
  /// head and a loop over query tiles.
  package var canSplitRows: Bool {
    launches.contains { launch in
      !launch.isBackward && launch.axes.isEmpty
        && launch.body.all.contains {
          if case .loop(_, AxisName.queries, _, _, _) = $0.kind { true } else { false }
        }
    }
  }

  /// The lines that run, with single spaces and without reasons, title lines and empty lines. Texts
  /// with equal code are the same kernel.
  package var code: [String] {
    let headings: Set = ["kernel", "title", "source", "order", "fault", "approximate", "masks"]
    return lines.filter { line in
      !line.text.isEmpty
        && !(line.indent == 0 && headings.contains(String(line.text.prefix { $0 != " " })))
    }.map { line in
      String(repeating: " ", count: line.indent)
        + line.text.split(separator: " ").joined(separator: " ")
    }
  }

  /// The lengths of the kernel's own axes, in elements: as the text gives them, else `size`.
  package func ownSizes(default size: Int) -> [String: Int] {
    var result = Dictionary(sizes.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    for axis in unsizedAxes { result[axis] = size }
    return result
  }

  /// The largest error against exact attention, in fp32, that its arithmetic explains: a polynomial in place of an
  /// exponential is right to 8.8·10⁻⁵ in the dividend, and again in the divisor.
  package var largestExpectedError: Double { hasPolynomials ? 2e-4 : 1e-5 }

  private var hasPolynomials: Bool { calls("exp", arguments: 2) }

  /// Whether a running maximum stays until a larger one exceeds it by a threshold: `max(m, rowmax(s), t)`.
  package var keepsMaxima: Bool { calls("max", arguments: 3) }

  private func calls(_ function: String, arguments: Int) -> Bool {
    launches.contains { launch in
      launch.body.all.contains { $0.term?.calls(function, arguments: arguments) ?? false }
    }
  }

  /// The axes that get a length neither from a problem nor from a line `size`, sorted.
  package var unsizedAxes: [String] {
    let known: Set = ["N", "Nk", "d", "dv", "m", "n", "k", "splits"]
    return axes.subtracting(known).subtracting(sizes.map(\.name)).filter { !$0.contains("/") }
      .sorted()
  }

  /// The lengths of axes that are parts of others, as `Nk/Bc` and `b/2`: ⌈length / part⌉.
  package func lengthsOfParts(_ sizes: [String: Int], tiles: [String: Int]) -> [String: Int] {
    var result: [String: Int] = [:]
    for axis in axes {
      guard let slash = axis.firstIndex(of: "/") else { continue }
      let whole = String(axis[..<slash])
      let part = String(axis[axis.index(after: slash)...])
      let edge =
        Int(part) ?? self.tiles.first { $0.name == part }.flatMap { tiles[$0.axis] } ?? sizes[part]
      result[axis] = tileCount(sizes[whole] ?? 0, max(1, edge ?? 1))
    }
    return result
  }
}

extension KernelText {
  /// Where a tensor is declared; the start of the text for an unknown name.
  package func declarationPlace(of tensor: String) -> SourcePosition {
    declarations.first { $0.name == tensor }?.place ?? SourcePosition(line: 1, column: 1)
  }

  /// Where `moves` states the traffic of a tensor; else where its first line is; else the start of
  /// the text.
  package func movesPlace(of tensor: String) -> SourcePosition {
    (moves.first { $0.move.tensor == tensor } ?? moves.first)?.move.place
      ?? SourcePosition(line: 1, column: 1)
  }

  /// Where the first word of a line stands; the start of the text for an unknown line.
  package func place(ofLine number: Int) -> SourcePosition {
    guard lines.indices.contains(number - 1) else { return SourcePosition(line: 1, column: 1) }
    return SourcePosition(line: number, column: lines[number - 1].indent + 1)
  }
}

extension KernelText {
  /// How many launches the text has, in both passes.
  package var launchCount: Int { launches.count }

  /// How many lines of the text hold statements.
  package var shownLineCount: Int { Set(launches.flatMap { $0.allStatements.map(\.line) }).count }

  /// Whether the text states closed forms.
  package var statesMoves: Bool { !moves.isEmpty }
}

extension KernelText {
  /// Where a launch is declared; the start of the text for an unknown name.
  package func launchPlace(_ name: String) -> SourcePosition {
    launches.first { $0.name == name }?.place ?? SourcePosition(line: 1, column: 1)
  }

  /// Where the first statement with a body stands, as a loop; the start of the text if there is
  /// none.
  package var firstLoopPlace: SourcePosition {
    launches.lazy.flatMap(\.allStatements).first { !$0.body.isEmpty }?.place
      ?? SourcePosition(line: 1, column: 1)
  }

  /// Whether it computes attention: O from Q, K and V, with the axes of an attention problem and no inputs
  /// beside these and dO.
  package var computesAttention: Bool {
    !isApproximate && axes(of: "Q") == ["N", "d"] && axes(of: "K") == ["Nk", "d"]
      && axes(of: "V") == ["Nk", "dv"]
      && axes(of: "O") == ["N", "dv"]
      && Set(inputs).subtracting(declarations.compactMap(\.blockTable)).subtracting(numberTensors)
        .isSubset(of: ["Q", "K", "V", "dO"])
  }

  /// The tensors from which nothing is taken but the numbers of rows or tiles.
  private var numberTensors: Set<String> {
    let statements = launches.flatMap(\.allStatements)
    let names = Set(statements.compactMap { $0.gather?.name })
    return Set(
      statements.compactMap { statement in
        if case .load(let name, let reference, _, _) = statement.kind, names.contains(name) {
          return reference.tensor
        }
        return nil
      })
  }

  /// Whether it computes C = A·B, with no other inputs.
  package var computesProduct: Bool {
    Set(inputs) == ["A", "B"] && axes(of: "C") == ["m", "n"]
  }
}

extension LaunchText {
  /// The statements of both bodies, nested ones included.
  var allStatements: [Statement] { (body + (fallbackBody ?? [])).all }
}

extension Term {
  /// Whether a function is called in it with so many arguments.
  fileprivate func calls(_ function: String, arguments: Int) -> Bool {
    if case .call(function, let terms, _) = self, terms.count == arguments { return true }
    return parts.contains { $0.calls(function, arguments: arguments) }
  }
}
