// Evaluates the calls of an expression: functions of numbers, of events and of tiles.

import Library
import Machine

extension Evaluator {
  func call(
    _ name: String, _ arguments: [Expression], column: Int
  ) throws(ExpressionError) -> Value {
    switch name {
    case "cycle", "events": return try event(name, arguments, column)
    case "exact", "reads", "writes": return try ofTile(name, arguments, column)
    default: break
    }
    guard let function = Function.named(name) else {
      let own = ["cycle", "events", "exact", "reads", "writes"]
      throw unknown(name, "function", Function.all.map(\.name) + own, column)
    }
    guard function.arguments.contains(arguments.count) else {
      let wanted = function.arguments
      throw ExpressionError(
        column: column,
        message: "found \(arguments.count) arguments of \(name), expected "
          + (wanted.count == 1 ? "\(wanted.lowerBound)" : "\(wanted)"))
    }
    var grids: [ValueMatrix] = []
    for argument in arguments {
      let value = try value(argument)
      guard let grid = value.grid else {
        throw ExpressionError(column: column, message: "found \(name) of \(value.kind)")
      }
      grids.append(grid)
    }
    try work.add(function.work(grids), column)
    return try function.apply(grids, column)
  }

  func event(
    _ name: String, _ arguments: [Expression], _ column: Int
  ) throws(ExpressionError) -> Value {
    guard arguments.count == 1, case .text(let text) = arguments[0] else {
      throw ExpressionError(
        column: column, message: "expected \(name)(\"RUN EVENT\"), with quotation marks")
    }
    let reference = try EventReference(text, runs: names, column: column)
    _ = try state(of: reference.run, column)
    try work.add(Double(runs[reference.run].events.count), column)
    if name == "events" {
      let count = runs[reference.run].events.cycles(matching: reference.pattern).count
      return .quantity(Quantity(Double(count)))
    }
    let cycle = try reference.cycle(
      in: runs.map(\.events), names: names, after: previous, column: column)
    return .quantity(Quantity(Double(cycle), .cycles))
  }

  /// The value of `exact(TILE)`, `reads(TILE)` or `writes(TILE)`.
  func ofTile(
    _ name: String, _ arguments: [Expression], _ column: Int
  ) throws(ExpressionError) -> Value {
    if name != "exact", arguments.count == 1, let visits = try visits(arguments[0]) {
      return .quantity(
        Quantity(Double(name == "reads" ? visits.reads : visits.writes)))
    }
    guard name == "exact", arguments.count == 1, case .grid(let grid) = try value(arguments[0]),
      let origin = grid.origin
    else {
      throw ExpressionError(column: column, message: "expected \(name)(TILE), such as flash.O[0]")
    }
    try work.add(runs[origin.run].exactWork(origin), column)
    guard let exact = runs[origin.run].exact(origin) else {
      throw ExpressionError(
        column: column,
        message: "no formula gives \(quoted(origin.name)); "
          + "exact() knows O, m, l, L, S, P, D, dQ, dK, dV and C")
    }
    return .grid(exact)
  }

  /// How often the named tile crossed the bus, even if it holds no values at this cycle; nil where
  /// the expression is no tile.
  func visits(_ expression: Expression) throws(ExpressionError) -> TileTransferCounts? {
    if case .reference(let reference) = expression, reference.name == "tile",
      reference.parts.isEmpty, let origin = tile?.origin, let name = origin.tile
    {
      return runs[origin.run].visits(name, try state(of: origin.run, reference.column))
    }
    guard case .reference(let reference) = expression, reference.parts.count == 2,
      let index = names.firstIndex(of: reference.name),
      case .member(let name, let column) = reference.parts[0],
      case .index(let indices, let place) = reference.parts[1]
    else { return nil }
    let numbers = try tileNumbers(indices, place)
    let tile = TileName(name, row: numbers.row, column: numbers.column)
    guard let visits = runs[index].visits(tile, try state(of: index, column))
    else {
      throw unknown(tile.text, "tile", runs[index].tiles(like: tile).map(\.text), column)
    }
    return visits
  }
}
