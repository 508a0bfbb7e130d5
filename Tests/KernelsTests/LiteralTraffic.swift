// The table of traffic, written out a second time and from the other end: tiles are counted by
// looking at every pair of a query and a key, and the formulas stand here as the papers have them.

import Kernels

@testable import Library

/// What one tensor moves, in elements.
struct Elements: Equatable {
  var reads = 0
  var writes = 0
}

/// Tiles of Br × Bc that hold a visible pair, for one head.
struct SeenTiles {
  /// Rows and columns of every seen tile, and whether a hidden pair is in it.
  var tiles: [(row: Int, column: Int, rows: Int, columns: Int, isMixed: Bool)] = []

  init(_ p: AttentionProblem, _ mapping: Mapping, plane: Int, sees: (Int, Int, Int) -> Bool) {
    for top in stride(from: 0, to: p.queries, by: mapping.rows) {
      for left in stride(from: 0, to: p.keys, by: mapping.columns) {
        let rows = min(mapping.rows, p.queries - top)
        let columns = min(mapping.columns, p.keys - left)
        var visible = 0
        for row in top..<top + rows {
          for key in left..<left + columns where sees(plane, row, key) { visible += 1 }
        }
        if visible > 0 { tiles.append((top, left, rows, columns, visible < rows * columns)) }
      }
    }
  }

  /// Σ rows over seen tiles, and Σ columns.
  var rows: Int { tiles.map(\.rows).reduce(0, +) }
  var columns: Int { tiles.map(\.columns).reduce(0, +) }
  /// Rows in row blocks that are seen at all; columns likewise.
  var someRows: Int {
    Dictionary(tiles.map { ($0.row, $0.rows) }) { a, _ in a }.values.reduce(0, +)
  }
  var someColumns: Int {
    Dictionary(tiles.map { ($0.column, $0.columns) }) { a, _ in a }.values.reduce(0, +)
  }
  var area: Int { tiles.map { $0.rows * $0.columns }.reduce(0, +) }
  var mixedArea: Int { tiles.filter(\.isMixed).map { $0.rows * $0.columns }.reduce(0, +) }
}

/// Who sees whom, in the words of the command line's documentation.
func literalVisibility(_ p: AttentionProblem) -> (Int, Int, Int) -> Bool {
  let (n, nk) = (p.queries, p.keys)
  switch p.maskRule {
  case .none: return { _, _, _ in true }
  case .causal: return { _, i, j in n - 1 - i <= nk - 1 - j }
  case .causalTopLeft: return { _, i, j in j <= i }
  case .window(let left, let right): return { _, i, j in i - left <= j && j <= i + right }
  case .padding(let length): return { _, _, j in j < length }
  case .table(let table):
    return { plane, i, j in
      let own = table.planes == 1 ? 0 : table.planes == p.heads ? plane % p.heads : plane
      return table.values[(own * n + i) * nk + j] != 0
    }
  case .pattern(let pattern): return { _, i, j in pattern.isVisible(row: i, key: j) }
  }
}

/// The table's row for one attention kernel, per tensor, in elements.
func literalTraffic(
  _ kernel: String, _ p: AttentionProblem, _ mapping: Mapping, softmaxPasses: Int = 1
) -> [String: Elements] {
  let (n, nk, d, dv) = (p.queries, p.keys, p.d, p.dv)
  let heads = p.batch * p.heads
  let tr = (n + mapping.rows - 1) / mapping.rows
  let tc = (nk + mapping.columns - 1) / mapping.columns
  let sees = literalVisibility(p)
  let seen = (0..<heads).map { SeenTiles(p, mapping, plane: $0, sees: sees) }
  func sum(_ figure: (SeenTiles) -> Int) -> Int { seen.map(figure).reduce(0, +) }
  let isPlain = p.maskRule == .none
  var result: [String: Elements] = [:]
  switch kernel {
  case "standard-attention":
    result["Q"] = Elements(reads: heads * tc * n * d)
    result["K"] = Elements(reads: heads * tr * nk * d)
    result["V"] = Elements(reads: heads * tr * nk * dv)
    result["S"] = Elements(reads: softmaxPasses * heads * n * nk, writes: heads * n * nk)
    result["P"] = Elements(reads: heads * n * nk, writes: heads * n * nk)
    result["O"] = Elements(writes: heads * n * dv)
  case "flash-attention":
    let visits = isPlain ? heads * tc * n : sum(\.rows)
    let back = isPlain ? heads * (tc - 1) * n : sum(\.rows) - sum(\.someRows)
    let out = visits + heads * n - (isPlain ? heads * n : sum(\.someRows))
    let keys = isPlain ? heads * nk : sum(\.someColumns)
    result["Q"] = Elements(reads: visits * d)
    result["K"] = Elements(reads: keys * d)
    result["V"] = Elements(reads: keys * dv)
    result["O"] = Elements(reads: back * dv, writes: out * dv)
    result["l"] = Elements(reads: back, writes: out)
    result["m"] = Elements(reads: back, writes: out)
  default:
    result["Q"] = Elements(reads: (isPlain ? heads * n : sum(\.someRows)) * d)
    result["K"] = Elements(reads: (isPlain ? heads * tr * nk : sum(\.columns)) * d)
    result["V"] = Elements(reads: (isPlain ? heads * tr * nk : sum(\.columns)) * dv)
    result["O"] = Elements(writes: heads * n * dv)
    result["L"] = Elements(writes: heads * n)
  }
  let isTextbook = kernel == "standard-attention"
  if p.bias != nil {
    result["bias"] = Elements(reads: isTextbook || isPlain ? heads * n * nk : sum(\.area))
  }
  if case .table = p.maskRule {
    // The textbook kernel computes hidden tiles too, and must read the table to hide them.
    let hidden = isTextbook ? heads * n * nk - sum(\.area) : 0
    result["mask"] = Elements(reads: sum(\.mixedArea) + hidden)
  }
  return result
}
