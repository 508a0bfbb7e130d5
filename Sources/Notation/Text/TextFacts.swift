// What a text says of itself that others ask for.

import Machine

extension KernelText {
  /// Every axis of its tensors.
  package var axes: Set<String> { Set(declarations.flatMap(\.axes)) }

  /// The names of its inputs, in order.
  package var inputs: [String] { declarations.filter { $0.role == .input }.map(\.name) }

  /// The axes of a tensor, from outer to inner; nil for an unknown name.
  package func axes(of tensor: String) -> [String]? {
    declarations.first { $0.name == tensor }?.axes
  }

  /// The names of tensors with these axes.
  package func tensors(along axes: [String]) -> Set<String> {
    Set(declarations.filter { $0.axes == axes }.map(\.name))
  }

  package var hasBackward: Bool { launches.contains(where: \.isBackward) }

  /// Whether a problem with dropout changes anything in it.
  package var mentionsDropout: Bool { calls("drop") || calls("keepmask") }

  /// Whether a mask, a bias or a cap changes anything in it.
  package var mentionsMask: Bool {
    calls("mask")
      || launches.flatMap(\.allStatements).contains { statement in
        if case .loop(_, _, let sight, _) = statement.kind { sight != .all } else { false }
      }
  }

  private func calls(_ function: String) -> Bool {
    launches.flatMap(\.allStatements).contains { $0.term?.calls(function) ?? false }
  }

  /// Warp groups that share a block at least; nil where none do.
  package var groups: Int? { launches.compactMap(\.groups).max() }

  /// A block has a head for itself, so that its rows can be split among several.
  package var canSplitRows: Bool {
    launches.contains { launch in
      !launch.isBackward && launch.axes.isEmpty
        && launch.body.all.contains {
          if case .loop(_, AxisName.queries, _, _) = $0.kind { true } else { false }
        }
    }
  }

  /// What runs, without reasons, headings and empty lines: two texts with the same code are one kernel.
  package var code: [String] {
    let headings: Set = ["kernel", "title", "source", "order", "fault"]
    return lines.filter { line in
      !line.text.isEmpty
        && !(line.indent == 0 && headings.contains(String(line.text.prefix { $0 != " " })))
    }.map { line in
      String(repeating: " ", count: line.indent)
        + line.text.split(separator: " ").joined(separator: " ")
    }
  }

  /// Sizes beyond those of a problem: as the text gives them, or the default.
  package func ownSizes(default size: Int) -> [String: Int] {
    var result = Dictionary(sizes.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    for axis in unsizedAxes { result[axis] = size }
    return result
  }

  /// Axes that no problem has, and that the text gives no size.
  package var unsizedAxes: [String] {
    let known: Set = ["N", "Nk", "d", "dv", "m", "n", "k"]
    return axes.subtracting(known).subtracting(sizes.map(\.name)).sorted()
  }
}

extension KernelText {
  /// Where a tensor is declared.
  package func declarationPlace(of tensor: String) -> Place {
    declarations.first { $0.name == tensor }?.place ?? Place(line: 1, column: 1)
  }

  /// Where `moves` speaks of a tensor, or of anything.
  package func movesPlace(of tensor: String) -> Place {
    (moves.first { $0.move.tensor == tensor } ?? moves.first)?.move.place
      ?? Place(line: 1, column: 1)
  }

  /// The first word of a line.
  package func place(ofLine number: Int) -> Place {
    guard lines.indices.contains(number - 1) else { return Place(line: 1, column: 1) }
    return Place(line: number, column: lines[number - 1].indent + 1)
  }
}

extension KernelText {
  package var launchCount: Int { launches.count }

  /// Lines with statements.
  package var shownLineCount: Int { Set(launches.flatMap { $0.allStatements.map(\.line) }).count }

  package var statesMoves: Bool { !moves.isEmpty }
}

extension KernelText {
  /// Where a launch is written.
  package func launchPlace(_ name: String) -> Place {
    launches.first { $0.name == name }?.place ?? Place(line: 1, column: 1)
  }

  /// The first loop of the text.
  package var firstLoopPlace: Place {
    launches.lazy.flatMap(\.allStatements).first { !$0.body.isEmpty }?.place
      ?? Place(line: 1, column: 1)
  }

  /// Whether it computes what a problem of attention is: O from Q, K and V, and their gradients from those.
  package var computesAttention: Bool {
    axes(of: "Q") == ["N", "d"] && axes(of: "K") == ["Nk", "d"] && axes(of: "V") == ["Nk", "dv"]
      && axes(of: "O") == ["N", "dv"] && Set(inputs).isSubset(of: ["Q", "K", "V", "dO"])
  }

  /// Whether it computes C = A·B.
  package var computesProduct: Bool {
    Set(inputs) == ["A", "B"] && axes(of: "C") == ["m", "n"]
  }
}
