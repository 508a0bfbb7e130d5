// Writes the functions of a formula: exponentials, reductions, choices, and what is computed into a tile of its own.

import Machine

extension Compiler {
  mutating func call(
    _ name: String, _ terms: [Term], _ place: SourcePosition, _ writer: inout FormulaWriter,
    _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) -> CompiledTerm {
    switch name {
    case "exp", "rawexp":
      return try exponential(terms, isGuarded: name == "exp", &writer, statement, &steps)
    case "log", "tanh":
      var piece = try write(terms[0], &writer, statement, &steps)
      piece.expression = name == "log" ? .log(piece.expression) : .tanh(piece.expression)
      if piece.type != nil { piece.exponential.append(per(piece.type, piece.shape)) }
      piece.number = piece.number.map { name == "log" ? logarithm($0) : $0 }
      return piece
    case "sqrt":
      var piece = try write(terms[0], &writer, statement, &steps)
      if let number = piece.number {
        return CompiledTerm(expression: .number(number.squareRoot()), number: number.squareRoot())
      }
      piece.expression = .squareRoot(piece.expression)
      piece.exponential.append(per(piece.type, piece.shape))
      return piece
    case "where": return try choice(terms, place, &writer, statement, &steps)
    case "layernorm": return try layerNorm(terms[0], place, &writer, statement, &steps)
    case "max", "min":
      let a = try write(terms[0], &writer, statement, &steps)
      let b = try write(terms[1], &writer, statement, &steps)
      let (left, right, type, shape) = try meet(a, b, place)
      var expression = name == "max" ? Expression.maximum(left, right) : Self.minimum(left, right)
      var operations = 1
      if terms.count == 3 {
        // A difference, a comparison and a choice more: the first stays unless the other is larger by more than this.
        let most = try number(terms[2], &writer, statement, &steps)
        let difference = Expression.subtract(right, left)
        expression = .select(.compare(difference, .atMost, .number(most)), left, expression)
        operations = 4
      }
      return CompiledTerm(
        expression: expression, type: type,
        elementwise: a.elementwise + b.elementwise + [per(type, shape, times: operations)],
        exponential: a.exponential + b.exponential, shape: shape)
    case "ones":
      guard let type = try types.shape(of: terms[0]) else {
        throw Diagnostic(place, "ones takes a tile; found a number")
      }
      // It reads no tile: only the number of rows matters.
      return CompiledTerm(
        expression: .number(1), type: TileType(rows: type.rows, columns: .one),
        elementwise: [Count(times: 1, of: .target, isPerRow: false)], shape: .target)
    case "rowmax", "rowsum", "argmax":
      return try reduction(name, terms[0], place, &writer, statement, &steps)
    case "slope":
      throw Diagnostic(
        place, "slope stands in x = x * slope(s) alone, where x is the gradient of the scores s")
    default:
      // mask, drop and similar functions are computed into a temporary tile.
      return try read(
        tile(of: .call(name, terms, place), namedAfter: nil, &steps, statement),
        try types.shape(of: .call(name, terms, place)), &writer)
    }
  }

  /// The smaller of both, which is −max(−a, −b).
  private static func minimum(_ a: Expression, _ b: Expression) -> Expression {
    .subtract(.number(0), .maximum(.subtract(.number(0), a), .subtract(.number(0), b)))
  }

  private func logarithm(_ value: Float) -> Float { value == 1 ? 0 : .nan }

  private mutating func number(
    _ term: Term, _ writer: inout FormulaWriter, _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) -> Float {
    guard let number = try write(term, &writer, statement, &steps).number else {
      throw Diagnostic(term.place, "found \(term.text); expected a number")
    }
    return number
  }

  private mutating func exponential(
    _ terms: [Term], isGuarded: Bool, _ writer: inout FormulaWriter, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) -> CompiledTerm {
    var piece = try write(terms[0], &writer, statement, &steps)
    var lanes = 0
    if terms.count > 1 {
      lanes = try columnsOnLanes(terms[1], of: piece, &writer, statement, &steps)
    }
    if case .subtract(let a, let b) = piece.expression, isGuarded, let type = piece.type {
      piece.expression =
        type.isColumn
        ? .factor(a, minus: b)
        : lanes > 0 ? .splitWeights(a, minus: b, lanes: lanes) : .weights(a, minus: b)
    } else {
      piece.expression = .exp(piece.expression)
    }
    let period = PolynomialExponential.period
    var count = per(piece.type, piece.shape, times: period - lanes)
    count.outOf = period
    piece.exponential.append(count)
    if lanes > 0 {
      count.times = lanes * PolynomialExponential.operations
      piece.elementwise.append(count)
    }
    piece.isWeight = isGuarded
    return piece
  }

  /// Of every 32 columns, how many take their exponentials on the FP32 lanes: the second argument of `exp(s - m, f)`.
  private mutating func columnsOnLanes(
    _ term: Term, of piece: CompiledTerm, _ writer: inout FormulaWriter, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) -> Int {
    let number = try number(term, &writer, statement, &steps)
    guard case .subtract = piece.expression, piece.type?.isColumn == false,
      let lanes = Int(exactly: number), 0...PolynomialExponential.period ~= lanes
    else {
      throw Diagnostic(
        term.place,
        "found exp(…, \(term.text)); expected exp(s - m, f) for a matrix of scores, with f from 0 to \(PolynomialExponential.period), the columns of \(PolynomialExponential.period) that take a polynomial"
      )
    }
    return lanes
  }

  /// `where(condition, a, b)`: one choice per element.
  private mutating func choice(
    _ terms: [Term], _ place: SourcePosition, _ writer: inout FormulaWriter,
    _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) -> CompiledTerm {
    var pieces: [CompiledTerm] = []
    for term in terms { pieces.append(try write(term, &writer, statement, &steps)) }
    let both = try meet(pieces[0], pieces[1], place)
    let first = CompiledTerm(expression: both.0, type: both.2, shape: both.3)
    let (_, _, type, shape) = try meet(first, pieces[2], place)
    let parts = pieces.map { aligned($0, to: type) }
    return CompiledTerm(
      expression: .select(parts[0], parts[1], parts[2]), type: type,
      elementwise: pieces.flatMap(\.elementwise) + [per(type, shape)],
      exponential: pieces.flatMap(\.exponential),
      isWeight: pieces[1].isWeight || pieces[2].isWeight, shape: shape)
  }

  /// Layer normalisation without gain and bias (Ba et al. 2016, arXiv 1607.06450, Eq. 4), with 10⁻⁶ below
  /// the root: mean, difference, square, sum and product are five operations per element.
  private mutating func layerNorm(
    _ term: Term, _ place: SourcePosition, _ writer: inout FormulaWriter,
    _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) -> CompiledTerm {
    var piece = try write(term, &writer, statement, &steps)
    guard let type = piece.type, case .whole(let axis) = type.columns,
      let columns = setting.sizes[axis]
    else { throw Diagnostic(place, "layernorm takes a tile of whole rows") }
    let share = Expression.number(1 / Float(columns))
    let mean = Expression.multiply(.rowSum(piece.expression), share)
    let difference = Expression.subtract(piece.expression, mean)
    let variance = Expression.multiply(.rowSum(.square(difference)), share)
    piece.expression = .divide(difference, .squareRoot(.add(variance, .number(1e-6))))
    piece.elementwise.append(Count(times: 5, of: piece.shape, isPerRow: false))
    piece.elementwise.append(Count(times: 2, of: piece.shape, isPerRow: true))
    piece.exponential.append(Count(times: 1, of: piece.shape, isPerRow: true))
    return piece
  }

  private mutating func reduction(
    _ name: String, _ term: Term, _ place: SourcePosition, _ writer: inout FormulaWriter,
    _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) -> CompiledTerm {
    var piece = try write(term, &writer, statement, &steps)
    guard let type = piece.type else {
      throw Diagnostic(place, "\(name) takes a tile; found a number")
    }
    piece.elementwise.append(Count(times: 1, of: piece.shape, isPerRow: false))
    piece.elementwise.append(Count(times: -1, of: piece.shape, isPerRow: true))
    switch piece.expression {
    case .multiply(let a, let b) where name == "rowsum":
      piece.expression = .rowDot(a, b, weighted: false)
    case .weigh(let a, let b) where name == "rowsum":
      piece.expression = .rowDot(a, b, weighted: true)
    default:
      piece.expression =
        switch name {
        case "rowmax": .rowMaximum(piece.expression)
        case "argmax": .rowArgumentOfMaximum(piece.expression)
        default: .rowSum(piece.expression)
        }
    }
    piece.type = TileType(rows: type.rows, columns: .one)
    piece.isWeight = false
    return piece
  }
}
