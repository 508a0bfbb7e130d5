// The names of the figures that an expression tells: while a question is open, those of its answer are
// hidden wherever they are drawn.

import Machine
import Moments

extension Evaluator {
  /// The figures that the value of an expression gives away: one figure, or the terms of a sum. Any other
  /// calculation leaves its figures to be seen, because the viewer must work it out from them.
  func figureNames(_ expression: Expression) -> HiddenFigures {
    switch expression {
    case .reference(let reference): return figureNames(reference)
    case .binary(.add, let left, let right, _):
      return figureNames(left).union(figureNames(right))
    case .binary(.subtract, .reference(let left), .reference(let right), _)
    where left.name == "cycle" && right.name == "cycle":
      return figureNames(left).union(figureNames(right))
    case .binary(.divide, let left, let right, _): return quotient(left, right)
    case .number, .text, .unary, .binary: return HiddenFigures()
    }
  }

  private func figureNames(_ reference: Expression.Reference) -> HiddenFigures {
    if let index = names.firstIndex(of: reference.name) { return figureNames(of: index, reference) }
    guard case .call(let arguments, _)? = reference.parts.first else { return HiddenFigures() }
    switch (reference.name, arguments.count) {
    case ("ratio", 2): return quotient(arguments[0], arguments[1])
    // Of one value both are the value itself.
    case ("sum", 1), ("exact", 1): return figureNames(arguments[0])
    case ("cycle", 1):
      guard case .text(let text) = arguments[0],
        let run = names.first(where: { text.split(separator: " ").first == $0[...] })
      else { return HiddenFigures() }
      return HiddenFigures(.duration, of: run)
    default: return HiddenFigures()
    }
  }

  /// A quotient of the same figure of two runs has a name of its own.
  private func quotient(_ left: Expression, _ right: Expression) -> HiddenFigures {
    guard case .reference(let a) = left, case .reference(let b) = right,
      let path = reportPath(a), path == reportPath(b)
    else { return HiddenFigures() }
    return HiddenFigures(.ratio(path), of: a.name).union(HiddenFigures(.ratio(path), of: b.name))
  }

  private func figureNames(of index: Int, _ reference: Expression.Reference) -> HiddenFigures {
    if let path = reportPath(reference) { return HiddenFigures(.report(path), of: names[index]) }
    var hidden = HiddenFigures()
    // The expression has been evaluated, so this gives what it gave then.
    guard let grid = try? figure(of: index, reference).grid, let origin = grid.origin else {
      return hidden
    }
    let isWholeRow = origin.columns.count > 1
    for row in origin.rows {
      hidden.hide(
        .value(
          of: origin.name, row: row, column: isWholeRow ? nil : origin.columns.lowerBound),
        of: names[index])
    }
    return hidden
  }

  /// The path of a figure of a run's report, now or at the end, with launches by their names; nil for what
  /// is known beforehand, and for values of tiles.
  private func reportPath(_ reference: Expression.Reference) -> String? {
    guard let index = names.firstIndex(of: reference.name) else { return nil }
    var path: [String] = []
    for part in reference.parts {
      switch part {
      case .member("now", _) where path.isEmpty: continue
      case .member(let name, _): path.append(name)
      case .index(let indices, let column):
        // The expression has been evaluated: its index is that of a launch.
        guard path == ["launches"], let number = try? whole(indices, column) else { return nil }
        path.append(runs[index].plan.program.launches[number].name)
      case .call: return nil
      }
    }
    guard let first = path.first, !["device", "problem", "mapping"].contains(first),
      !runs[index].tileNames.contains(first)
    else { return nil }
    return path.joined(separator: ".")
  }
}
