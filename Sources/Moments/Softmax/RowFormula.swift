// A line of a kernel with its numbers filled in, for one row: `14.2 = 0.64 · 9.6 + 8.1`.

import Machine

/// The current op of a run as a formula over the numbers of one row.
package struct RowFormula: Sendable {
  /// The written tile's value in the row, or its name while the op runs and for a whole row.
  package let result: String
  /// The formula, with numbers for what is one number per row, and names for the rest.
  package let formula: String
  /// `result = formula`.
  package var text: String { "\(result) = \(formula)" }

  /// Nil where the current op is no formula, or has no number in the row.
  package init?(_ moment: Moment, row: Int, plane: Int) {
    guard let event = moment.current, let place = moment.place(of: event),
      case .compute(let expression) = moment.op(at: place).operation,
      let written = moment.tile(at: place), written.isIndexedByQuery,
      written.place.rows.contains(row), written.place.plane == plane
    else { return nil }
    let op = moment.op(at: place)
    let block = moment.block(at: place)
    let keys = (Array(block.inputs(of: op)) + [op.tile].compactMap { $0 }).map {
      TileKey(block: place.block, tile: $0)
    }
    // Just before the op has finished all of its inputs are there, and none has been changed in place.
    let last = moment.recording.lastEvent(of: moment.recording.span(of: place))
    let found = moment.recording.tiles(
      keys.map { (last, $0) } + [(last + 1, keys[keys.count - 1])])
    let (tiles, after) = (Array(found.dropLast()), found[found.count - 1])
    func values(_ index: Int, _ tile: TileValues?) -> [Float] {
      guard let tile, !tile.values.isEmpty else { return [] }
      let info = block.tiles[keys[index].tile]
      let line = info.isIndexedByQuery ? row - info.place.rows.lowerBound : 0
      guard (0..<tile.rows).contains(line) else { return [] }
      return Array(tile.values[line * tile.columns..<(line + 1) * tile.columns])
    }
    var writer = Writer(
      inputs: keys.indices.dropLast().map { values($0, tiles[$0]) },
      names: keys.map { TileName.shown(block.tiles[$0.tile].name) },
      old: values(keys.count - 1, tiles.last ?? nil))
    guard writer.inputs.allSatisfy({ !$0.isEmpty }) else { return nil }
    formula = writer.text(of: expression)
    let isKnown = event.phase != .started && written.columns == 1
    let value = values(keys.count - 1, after)
    result = isKnown && value.count == 1 ? short(value[0]) : TileName.shown(written.name)
    guard writer.hasNumber else { return nil }
  }

  /// Writes an expression.
  private struct Writer {
    var inputs: [[Float]]
    /// Names of the inputs, then of the written tile.
    var names: [String]
    var old: [Float]
    /// Whether any number of the row has been written.
    var hasNumber = false

    mutating func text(of expression: Expression, within outer: Int = 0) -> String {
      switch expression {
      case .input(let index): return operand(inputs[index], names[index])
      case .itself: return operand(old, names[names.count - 1])
      case .number(let number): return short(number)
      case .add(let a, let b): return joined(a, "+", b, 1, outer)
      case .subtract(let a, let b): return joined(a, "−", b, 1, outer)
      case .multiply(let a, let b), .weigh(let a, let b): return joined(a, "·", b, 2, outer)
      case .divide(let a, let b): return joined(a, "/", b, 2, outer)
      case .maximum(let a, let b): return "max(\(text(of: a)), \(text(of: b)))"
      case .exp(let a): return "e^(\(text(of: a)))"
      case .weights(let a, let b), .splitWeights(let a, let b, _), .factor(let a, let b):
        return "e^(\(text(of: a)) − \(text(of: b, within: 2)))"
      case .log(let a): return "log(\(text(of: a)))"
      case .tanh(let a): return "tanh(\(text(of: a)))"
      case .square(let a): return "\(text(of: a, within: 3))²"
      case .squareRoot(let a): return "√(\(text(of: a)))"
      case .compare(let a, let comparison, let b):
        let sign = comparison == .equal ? "=" : comparison == .less ? "<" : "≤"
        return joined(a, sign, b, 1, outer + 1)
      case .select(let condition, let a, let b):
        return "\(text(of: a)) where \(text(of: condition)), else \(text(of: b))"
      case .asRow(let a): return text(of: a, within: outer)
      case .rowMaximum, .rowArgumentOfMaximum, .rowSum, .rowDot:
        // A number that the row's many values come to.
        hasNumber = true
        return short(expression.rowValue(inputs, old: old).first ?? .nan)
      }
    }

    private mutating func operand(_ values: [Float], _ name: String) -> String {
      guard values.count == 1 else { return name }
      hasNumber = true
      return short(values[0])
    }

    private mutating func joined(
      _ a: Expression, _ sign: String, _ b: Expression, _ strength: Int, _ outer: Int
    ) -> String {
      // What stands behind − or / needs brackets even where it binds as strongly.
      let text =
        "\(text(of: a, within: strength)) \(sign) \(text(of: b, within: strength + ("−/".contains(sign) ? 1 : 0)))"
      return strength < outer ? "(\(text))" : text
    }
  }
}
