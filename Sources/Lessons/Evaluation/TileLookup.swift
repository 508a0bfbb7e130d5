// Looks up tiles and tensors that an expression names: `flash.S[0,1](2,3)`, `flash.Q(5)`.

import Machine

extension Evaluator {
  func tile(
    _ name: String, of index: Int, _ parts: ArraySlice<Expression.Part>, _ column: Int
  ) throws(ExpressionError) -> ValueMatrix {
    let run = runs[index]
    let state = try state(of: index, column)
    guard case .index(let indices, let place)? = parts.first else {
      if let tensor = run.plan.program.tensorIndex(name).map({ run.plan.program.tensors[$0] }) {
        try work.add(Double(tensor.rows) * Double(tensor.columns), column)
      }
      guard let tensor = run.tensor(name, in: state, index: index) else {
        throw ExpressionError(
          column: column,
          message: "\(name) is only on chip: name a tile of it, such as \(name)[0]")
      }
      return try element(tensor, parts)
    }
    let numbers = try tileNumbers(indices, place)
    let tile = TileName(name, row: numbers.row, column: numbers.column)
    try work.add(EvaluationBudget.tile, column)
    guard let grid = run.tile(tile, in: state, index: index) else {
      throw ExpressionError(
        column: column,
        message: "\(tile.text) holds nothing at cycle \(grouped(cycle)): it is not on chip, and "
          + "nothing has been written there",
        note: run.tiles(like: tile).first { run.tile($0, in: state, index: index) != nil }?
          .text)
    }
    try work.add(Double(grid.values.count), column)
    return try element(grid, parts.dropFirst())
  }

  /// The row and column index in the brackets of a tile's name.
  func tileNumbers(
    _ indices: [Expression], _ column: Int
  ) throws(ExpressionError) -> (row: Int, column: Int?) {
    let numbers = try numbers(indices, column)
    guard (1...2).contains(numbers.count), numbers.allSatisfy({ $0 >= 0 }) else {
      throw ExpressionError(column: column, message: "expected one or two tile numbers from 0")
    }
    return (numbers[0], numbers.count > 1 ? numbers[1] : nil)
  }

  /// A row or an element of a rectangle, or all of it without an index.
  func element(
    _ grid: ValueMatrix, _ parts: ArraySlice<Expression.Part>
  ) throws(ExpressionError) -> ValueMatrix {
    guard let part = parts.first else { return grid }
    guard case .call(let arguments, let column) = part, parts.count == 1,
      (1...2).contains(arguments.count)
    else {
      throw ExpressionError(
        column: part.column, message: "expected (ROW) or (ROW, COLUMN) after a tile")
    }
    let numbers = try numbers(arguments, column)
    let isIn =
      (0..<grid.rows).contains(numbers[0])
      && (numbers.count == 1 || (0..<grid.columns).contains(numbers[1]))
    guard isIn else {
      throw ExpressionError(
        column: column,
        message: "found \(numbers) in \(grid.rows) × \(grid.columns) values, counting from 0")
    }
    return grid.part(row: numbers[0], column: numbers.count > 1 ? numbers[1] : nil)
  }
}

extension Expression.Part {
  var column: Int {
    switch self {
    case .member(_, let column), .index(_, let column), .call(_, let column): column
    }
  }
}
