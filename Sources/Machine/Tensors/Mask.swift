// Which query may see which key. Every rule but a table and a pattern gives each row one contiguous range
// of visible keys, so the ends of these ranges tell whether a tile is fully visible, fully hidden or mixed.

/// How much of a tile a mask leaves visible.
package enum Coverage: Sendable, Equatable { case none, some, all }

/// A visibility rule for `queries` × `keys` pairs.
package struct Mask: Sendable, Equatable {
  /// The rule that decides which keys a query sees.
  package enum Rule: Sendable, Equatable {
    case none
    /// Key j ≤ query i + (keys − queries): the last query sees the last key.
    case causal
    /// Key j ≤ query i.
    case causalTopLeft
    /// Keys from i − left to i + right, for query i.
    case window(left: Int, right: Int)
    /// Keys below `length`.
    case padding(length: Int)
    /// A table, non-zero = visible, with one plane, one per head, or one per batch and head.
    case table(Matrix)
    /// The pairs of a kernel's own definition.
    case pattern(PairPattern)

    /// Whether each row sees one contiguous range of keys, whose ends never decrease from row to row.
    package var givesRuns: Bool {
      switch self {
      case .table, .pattern: false
      case .none, .causal, .causalTopLeft, .window, .padding: true
      }
    }
  }

  package var rule: Rule
  package var queries: Int
  package var keys: Int
  /// Query heads per batch entry, to find a head's plane in a table.
  package var heads: Int

  package init(_ rule: Rule, queries: Int, keys: Int, heads: Int = 1) {
    self.rule = rule
    self.queries = queries
    self.keys = keys
    self.heads = heads
  }

  /// The keys that query `row` may see, for every rule that gives runs.
  package func visibleKeys(row: Int) -> Range<Int> {
    let (lower, upper) = ends(row: row)
    let start = min(max(0, lower), keys)
    return start..<max(start, min(keys, upper))
  }

  /// The visible keys of a row before they are limited to the keys there are. From row to row both
  /// ends stay the same or grow by one.
  private func ends(row: Int) -> (lower: Int, upper: Int) {
    switch rule {
    case .none, .table, .pattern: (0, keys)
    case .causal: (0, row + 1 + keys - queries)
    case .causalTopLeft: (0, row + 1)
    case .window(let left, let right): (row - left, row + right + 1)
    case .padding(let length): (0, length)
    }
  }

  /// Whether query `row` sees `key` in a (batch, head) plane.
  package func isVisible(plane: Int, row: Int, key: Int) -> Bool {
    if case .table(let table) = rule {
      return table[planeIndex(of: table, plane), row, key] != 0
    }
    if case .pattern(let pattern) = rule { return pattern.isVisible(row: row, key: key) }
    return visibleKeys(row: row).contains(key)
  }

  /// How much of the tile `rows` × `columns` is visible.
  package func coverage(plane: Int, rows: Range<Int>, columns: Range<Int>) -> Coverage {
    guard rule != .none else { return .all }
    if case .table(let table) = rule {
      return tableCoverage(table, planeIndex(of: table, plane), rows, columns)
    }
    if case .pattern(let pattern) = rule { return pattern.coverage(rows: rows, columns: columns) }
    return runCoverage(rows, columns)
  }

  /// The tile is fully visible if the last row's range begins at or before it and the first row's
  /// range ends at or behind it. It is fully hidden unless the first row whose range ends beyond
  /// the tile's first key sees a key of the tile.
  private func runCoverage(_ rows: Range<Int>, _ columns: Range<Int>) -> Coverage {
    guard let first = rows.first, let last = rows.last, !columns.isEmpty else { return .none }
    if visibleKeys(row: last).lowerBound <= columns.lowerBound,
      visibleKeys(row: first).upperBound >= columns.upperBound
    {
      return .all
    }
    let rowsToGo = max(0, columns.lowerBound + 1 - ends(row: first).upper)
    let row = min(last, first + rowsToGo)
    return visibleKeys(row: row).clamped(to: columns).isEmpty ? .none : .some
  }

  // MARK: Runs

  /// Rows that see at least one key of `keys`, and rows that see all of them. For every rule that gives
  /// runs: there both sets are contiguous, because the ends of the visible ranges never decrease
  /// from row to row.
  package func rows(seeing keys: Range<Int>) -> (some: Range<Int>, all: Range<Int>) {
    guard !keys.isEmpty, isSomethingVisible else { return (0..<0, 0..<0) }
    let begin = firstRow { $0.upper > keys.lowerBound }
    let end = firstRow { $0.lower >= keys.upperBound }
    let full = firstRow { min($0.upper, self.keys) >= keys.upperBound }
    let over = firstRow { $0.lower > keys.lowerBound }
    return (begin..<max(begin, end), full..<max(full, over))
  }

  /// Keys that at least one row of `rows` sees, and keys that all of them see. For every rule
  /// that gives runs.
  package func keys(seenBy rows: Range<Int>) -> (some: Range<Int>, all: Range<Int>) {
    guard let first = rows.first, let last = rows.last, isSomethingVisible else {
      return (0..<0, 0..<0)
    }
    let limit = { (key: Int) in min(max(0, key), self.keys) }
    let (begin, end) = (limit(ends(row: first).lower), limit(ends(row: last).upper))
    let (full, over) = (limit(ends(row: last).lower), limit(ends(row: first).upper))
    return (begin..<max(begin, end), full..<max(full, over))
  }

  /// False for a window whose right end lies left of its left end.
  private var isSomethingVisible: Bool {
    guard case .window(let left, let right) = rule else { return true }
    return left + right >= 0
  }

  /// The first row from which on `holds` is true, found by bisection; `queries` if there is none.
  private func firstRow(where holds: ((lower: Int, upper: Int)) -> Bool) -> Int {
    (0..<queries).partitioningIndex { holds(ends(row: $0)) }
  }

  private func tableCoverage(
    _ table: Matrix, _ plane: Int, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> Coverage {
    var visible = 0
    for row in rows { for key in columns where table[plane, row, key] != 0 { visible += 1 } }
    if visible == 0 { return .none }
    return visible == rows.count * columns.count ? .all : .some
  }

  private func planeIndex(of table: Matrix, _ plane: Int) -> Int {
    headPlane(plane, of: table.planes, heads: heads)
  }
}

/// Index of the plane that (batch, head) `plane` uses in a matrix with one plane for all, one per
/// head, or one per batch and head.
/// - Parameters:
///   - planes: planes of the matrix.
///   - heads: query heads per batch entry.
package func headPlane(_ plane: Int, of planes: Int, heads: Int) -> Int {
  switch planes {
  case 1: 0
  case heads: plane % heads
  default: plane
  }
}
