// Looks up the values of a run that an expression names: `flash.hbm.bytes`, `flash.now.cycle`,
// `flash.token(3)`.

import Kernels
import Library
import Machine
import Runs

extension Evaluator {
  func figure(
    of index: Int, _ reference: Expression.Reference
  ) throws(ExpressionError) -> Value {
    let run = runs[index]
    guard case .member(let name, let column)? = reference.parts.first else {
      throw ExpressionError(
        column: reference.column,
        message:
          "found the run \(quoted(reference.name)) alone, expected one of its figures, such as "
          + "\(reference.name).cycles")
    }
    let rest = reference.parts.dropFirst()
    switch name {
    case "now":
      let state = try state(of: index, column)
      guard let recording = run.run?.recording else { break }
      let now = FigureTree(state, cycle: cycle, of: recording)
      return try figure(now, rest, path: [name], column)
    case "device" where !rest.isEmpty: return try figure(run.device, rest, path: [name], column)
    case "token": return try token(of: run, rest, column)
    default: break
    }
    if case .level(let figures) = run.report, figures[name] != nil {
      return try figure(run.report, reference.parts[...], path: [], column)
    }
    if run.tileNames.contains(name) { return .grid(try tile(name, of: index, rest, column)) }
    // A timing-only run does not know its tiles; asking for its state gives the error that says so.
    if case .index? = rest.first { _ = try state(of: index, column) }
    guard case .level(let figures) = run.report else { preconditionFailure("a report is a level") }
    throw unknown(
      name, "figure", Array(figures.keys) + run.tileNames + ["now", "device", "token"], column)
  }

  /// The value that the parts of a reference lead to, from the root of `tree`.
  private func figure(
    _ tree: FigureTree, _ parts: ArraySlice<Expression.Part>, path: [String], _ start: Int
  ) throws(ExpressionError) -> Value {
    var (tree, path, column) = (tree, path, start)
    for part in parts {
      switch (tree, part) {
      case (.level(let entries), .member(let name, let place)):
        guard let next = entries[name] else {
          throw unknown(name, "figure", Array(entries.keys), place)
        }
        (tree, column) = (next, place)
        path.append(name)
      case (.list(let items), .index(let indices, let place)):
        let number = try whole(indices, place)
        guard items.indices.contains(number) else {
          throw ExpressionError(
            column: place, message: "found number \(number) of \(items.count), counting from 0")
        }
        tree = items[number]
      case (.list(let items), .member(let name, let place)):
        (tree, column) = (try item(name, of: items, place), place)
      default:
        throw ExpressionError(
          column: column, message: "nothing can follow \(quoted(path.last ?? ""))")
      }
    }
    return try value(tree, path, column)
  }

  /// The item of a list with that name: launches may be named as well as numbered.
  private func item(
    _ name: String, of items: [FigureTree], _ column: Int
  ) throws(ExpressionError) -> FigureTree {
    func label(_ item: FigureTree) -> String? {
      guard case .level(let entries) = item, case .text(let text)? = entries["name"] else {
        return nil
      }
      return text
    }
    if let found = items.first(where: { label($0) == name }) { return found }
    throw unknown(name, "launch", items.compactMap(label), column)
  }

  private func value(
    _ tree: FigureTree, _ path: [String], _ column: Int
  ) throws(ExpressionError) -> Value {
    switch tree {
    case .number(let value): return .quantity(Quantity(value, Dimension(figure: path)))
    case .flag(let flag): return .flag(flag)
    case .text(let text): return .text(text)
    case .missing:
      throw ExpressionError(
        column: column, message: "\(quoted(path.last ?? "")) has no value in this run")
    case .list, .level:
      throw ExpressionError(
        column: column,
        message: "found all of \(quoted(path.last ?? "")), expected one of its figures",
        note: Self.names(in: tree).first)
    }
  }

  private static func names(in tree: FigureTree) -> [String] {
    if case .level(let entries) = tree { return entries.keys.sorted() }
    return []
  }

  private func token(
    of run: RunFigures, _ parts: ArraySlice<Expression.Part>, _ column: Int
  ) throws(ExpressionError) -> Value {
    guard parts.count == 1, case .call(let arguments, let place)? = parts.first else {
      throw ExpressionError(column: column, message: "expected token(NUMBER)")
    }
    let number = try whole(arguments, place)
    guard let word = run.run?.token(number) else {
      throw ExpressionError(
        column: place,
        message: run.run?.tokens.isEmpty ?? true
          ? "the data of \(run.name) has no words"
          : "found word \(number) of \(run.run?.tokens.count ?? 0), counting from 0")
    }
    return .text(visible(word))
  }
}
