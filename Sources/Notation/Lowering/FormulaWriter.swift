// Writes a term as a formula over tiles and counts its operations: + - * / max take one per element
// of the result, exp, log and tanh one on the SFU, rowmax and rowsum one less per row than there
// are columns.

import Machine

/// The state while one formula is written: its target, and its inputs so far.
struct FormulaWriter {
  let target: String
  let targetType: TileType
  /// The target has a tile, which the formula changes in place.
  var isMade = false
  /// The operands of the product that has made the target's tile; nil for none.
  var product: (Term, Term)?
  /// The slots that it reads; an input's number is its index here.
  var inputs: [Slot] = []

  mutating func input(_ slot: Slot) -> Int {
    if let index = inputs.firstIndex(of: slot) { return index }
    inputs.append(slot)
    return inputs.count - 1
  }
}

extension Compiler {
  mutating func write(
    _ term: Term, _ writer: inout FormulaWriter, _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) -> CompiledTerm {
    switch term {
    case .number(let value, _): return CompiledTerm(expression: .number(value), number: value)
    case .name("scale", _):
      let scale = Float(setting.scale)
      return CompiledTerm(expression: .number(scale), number: scale, isProblemsScale: true)
    case .name("dropout", _):
      let rate = Float(setting.dropout?.probability ?? 0)
      return CompiledTerm(expression: .number(rate), number: rate)
    case .name(let name, _) where !launch.body.given.contains(name) && setting.sizes[name] != nil:
      let size = Float(setting.sizes[name]!)
      return CompiledTerm(expression: .number(size), number: size)
    case .name(let name, let place): return try read(name, place, &writer)
    case .negative(let a, let place):
      return try write(
        .binary(.minus, .number(0, place), a, place), &writer, statement, &steps)
    case .product(let a, let b, _):
      if let product = writer.product, product.0 == a, product.1 == b {
        return CompiledTerm(expression: .itself, type: writer.targetType, shape: .target)
      }
      return try read(
        tile(of: term, namedAfter: nil, &steps, statement), try types.shape(of: term), &writer)
    case .transposed(let a, let place):
      var piece = try write(a, &writer, statement, &steps)
      guard let type = piece.type, type.isColumn else {
        throw Diagnostic(
          place, "found .T outside a product; expected it in an operand of @, or behind a column")
      }
      (piece.expression, piece.type) = (.asRow(piece.expression), type.transposed)
      return piece
    case .binary(.over, let a, let b, _):
      return try quotient(a, b, &writer, statement, &steps)
    case .binary(let sign, let a, let b, let place):
      let left = try write(a, &writer, statement, &steps)
      let right = try write(b, &writer, statement, &steps)
      return try combine(sign, left, right, place)
    case .call(let name, let terms, let place):
      return try call(name, terms, place, &writer, statement, &steps)
    }
  }

  private mutating func read(
    _ name: String, _ place: SourcePosition, _ writer: inout FormulaWriter
  ) throws(Diagnostic) -> CompiledTerm {
    let slot = try slot(reading: name, at: place)
    let type = types.types[name]
    if name == writer.target, writer.isMade {
      return CompiledTerm(
        expression: .itself, type: type, isWeight: weights.contains(name), shape: .target)
    }
    var piece = read(slot, type, &writer)
    piece.isWeight = weights.contains(name)
    return piece
  }

  func read(_ slot: Slot, _ type: TileType?, _ writer: inout FormulaWriter) -> CompiledTerm {
    let index = writer.input(slot)
    return CompiledTerm(expression: .input(index), type: type, shape: .input(index))
  }

  // MARK: Signs

  private func combine(
    _ sign: Term.Sign, _ a: CompiledTerm, _ b: CompiledTerm, _ place: SourcePosition
  ) throws(Diagnostic) -> CompiledTerm {
    if let x = a.number, let y = b.number { return try constant(sign, x, y, place) }
    // A scale of exactly 1 is left out, as a kernel's author would do.
    if sign == .times, isScale(a) { return b }
    if sign == .times, isScale(b) { return a }
    let (left, right, type, shape) = try meet(a, b, place)
    var piece = CompiledTerm(
      expression: left, type: type, elementwise: a.elementwise + b.elementwise,
      exponential: a.exponential + b.exponential, shape: shape)
    piece.elementwise.append(per(type, shape))
    switch sign {
    case .plus: piece.expression = .add(left, right)
    case .minus: piece.expression = .subtract(left, right)
    case .over: piece.expression = .divide(left, right)
    case .equal: piece.expression = .compare(left, .equal, right)
    case .atMost: piece.expression = .compare(left, .atMost, right)
    case .atLeast: piece.expression = .compare(right, .atMost, left)
    case .less: piece.expression = .compare(left, .less, right)
    case .greater: piece.expression = .compare(right, .less, left)
    case .and: piece.expression = .multiply(left, right)
    case .or: piece.expression = .maximum(left, right)
    case .modulo: throw Diagnostic(place, "found %; it stands in lines “sees” alone")
    case .times:
      piece.isWeight = a.isWeight || b.isWeight
      let isMatrix = type?.isColumn == false
      if isMatrix, a.isWeight, a.number == nil {
        piece.expression = .weigh(left, right)
      } else if isMatrix, b.isWeight, b.number == nil, a.number == nil {
        piece.expression = .weigh(right, left)
      } else {
        piece.expression = .multiply(left, right)
      }
    }
    return piece
  }

  private func constant(
    _ sign: Term.Sign, _ x: Float, _ y: Float, _ place: SourcePosition
  ) throws(Diagnostic) -> CompiledTerm {
    let value: Float
    switch sign {
    case .plus: value = x + y
    case .minus: value = x - y
    case .times: value = x * y
    case .over: value = x / y
    default: throw Diagnostic(place, "found two numbers at “\(sign.rawValue)”; expected a tile")
    }
    return CompiledTerm(expression: .number(value), number: value)
  }

  /// Whether it is the problem's scale, with value 1.
  private func isScale(_ piece: CompiledTerm) -> Bool {
    piece.number == 1 && piece.isProblemsScale
  }

  /// Both operands after broadcasting, the type of the result, and the tile that has its shape.
  func meet(
    _ a: CompiledTerm, _ b: CompiledTerm, _ place: SourcePosition
  ) throws(Diagnostic) -> (Expression, Expression, TileType?, Count.Of) {
    guard let left = a.type else { return (a.expression, b.expression, b.type, b.shape) }
    guard let right = b.type else { return (a.expression, b.expression, left, a.shape) }
    guard let (meeting, type) = Broadcast.of(left, right) else {
      throw Diagnostic(place, "found \(left.text) and \(right.text), which do not fit")
    }
    switch meeting {
    case .alike, .rightVector: return (a.expression, b.expression, type, a.shape)
    case .leftVector: return (a.expression, b.expression, type, b.shape)
    case .rightRow: return (a.expression, .asRow(b.expression), type, a.shape)
    case .leftRow: return (.asRow(a.expression), b.expression, type, b.shape)
    case .outer:
      let (column, row) = left.isColumn ? (a.shape, b.shape) : (b.shape, a.shape)
      return (a.expression, b.expression, type, .outer(column, row))
    }
  }

  /// The operand of a tile of shape `type`: a column that fits its columns becomes a row.
  func aligned(_ piece: CompiledTerm, to type: TileType?) -> Expression {
    guard let own = piece.type, let type, let (meeting, _) = Broadcast.of(own, type) else {
      return piece.expression
    }
    if case .leftRow = meeting { return .asRow(piece.expression) }
    return piece.expression
  }

  /// `times` operations for each element of a shape.
  func per(_ type: TileType?, _ shape: Count.Of, times: Int = 1) -> Count {
    Count(times: times, of: shape, isPerRow: type?.isColumn ?? false)
  }

  // MARK: Quotients

  /// A matrix divided by a column vector. Per summand this costs one division or reciprocal per
  /// row; a summand without a column vector as a factor also costs one multiplication per element.
  private mutating func quotient(
    _ a: Term, _ b: Term, _ writer: inout FormulaWriter, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) -> CompiledTerm {
    let dividend = try write(a, &writer, statement, &steps)
    let divisor = try write(b, &writer, statement, &steps)
    guard let type = dividend.type, !type.isColumn, divisor.type?.isColumn == true else {
      return try combine(.over, dividend, divisor, b.place).keeping(weight: dividend.isWeight)
    }
    var piece = try combine(.over, dividend, divisor, b.place)
    piece.elementwise.removeLast()
    piece.isWeight = dividend.isWeight
    let rows = Count(times: 1, of: dividend.shape, isPerRow: true)
    for summand in a.summands {
      piece.elementwise.append(rows)
      if try !hasColumnFactor(summand) {
        piece.elementwise.append(Count(times: 1, of: dividend.shape, isPerRow: false))
      }
    }
    return piece
  }

  private func hasColumnFactor(_ term: Term) throws(Diagnostic) -> Bool {
    guard case .binary(.times, let a, let b, _) = term else {
      return try types.shape(of: term)?.isColumn ?? false
    }
    let isLeft = try hasColumnFactor(a)
    return try isLeft ? true : hasColumnFactor(b)
  }
}

extension CompiledTerm {
  fileprivate func keeping(weight: Bool) -> CompiledTerm {
    var piece = self
    piece.isWeight = weight
    return piece
  }
}

extension Term {
  /// The terms of a sum.
  fileprivate var summands: [Term] {
    switch self {
    case .binary(.plus, let a, let b, _), .binary(.minus, let a, let b, _): a.summands + b.summands
    default: [self]
    }
  }
}
