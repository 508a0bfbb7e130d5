// A problem and a mapping as the flat JSON objects of a report.

import Machine

/// A value of a JSON object.
package enum Field: Sendable, Encodable, Equatable {
  case integer(Int)
  case number(Double)
  case text(String)
  case flag(Bool)
  case missing

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    case .missing: try container.encodeNil()
    }
  }
}

extension Problem {
  /// The problem's sizes and features by JSON name.
  var fields: [String: Field] {
    switch self {
    case .attention(let p):
      [
        "n": .integer(p.queries), "kv": .integer(p.keys), "d": .integer(p.d),
        "dv": .integer(p.dv), "batch": .integer(p.batch), "heads": .integer(p.heads),
        "kvHeads": .integer(p.keyValueHeads), "dtype": .text(p.type.rawValue),
        "scale": .number(p.scale), "softcap": p.softcap.map(Field.number) ?? .missing,
        "mask": .text(p.maskRule.text), "bias": .flag(p.bias != nil),
        "pass": .text(p.pass.rawValue),
        "dropout": .number(p.dropout?.probability ?? 0),
      ]
    case .matmul(let p):
      [
        "m": .integer(p.m), "n": .integer(p.n), "k": .integer(p.k),
        "dtype": .text(p.type.rawValue),
      ]
    }
  }
}

extension Mapping {
  /// Tile sizes and stages by JSON name; depth, warps, groups and splits only if the run has them.
  package func fields(for problem: Problem) -> [String: Int] {
    var fields = ["tileRows": rows, "tileCols": columns, "stages": stages]
    if case .matmul = problem { fields["tileDepth"] = depth }
    if isAsLaunched { fields["warps"] = warps }
    if groups > 1 { fields["warpGroups"] = groups }
    if splits > 1 { fields["splits"] = splits }
    if let backward, case .attention(let problem) = problem, problem.hasBackward {
      fields["backwardTileRows"] = backward.rows
      fields["backwardTileCols"] = backward.columns * backward.groups
      fields["backwardWarps"] = backward.warps
      if splitsKeys { fields["backwardBlocksPerHead"] = tileCount(problem.keys, backward.columns) }
    }
    return fields
  }
}

extension Mask.Rule {
  /// The rule as the command line writes it; `file` for a mask table.
  package var text: String {
    switch self {
    case .none: "none"
    case .causal: "causal"
    case .causalTopLeft: "causal-top-left"
    case .window(let left, let right): "window:\(left),\(right)"
    case .padding(let length): "padding:\(length)"
    case .table: "file"
    case .pattern: "own"
    }
  }
}
