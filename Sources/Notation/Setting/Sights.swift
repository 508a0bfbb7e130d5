// A kernel's own definition of which key a query sees: its lines `sees`, worked out for whole rows.

import Machine

extension KernelText {
  /// The pattern of the kernel's own definition, for the choices of its options; nil if it has none for them.
  /// - Parameters:
  ///   - mask: the problem's rule, which hides pairs as well if the text applies `mask(…)`.
  ///   - matrix: of rows for groups of queries and columns for groups of keys, non-zero = visible; in place
  ///     of the lines.
  ///   - known: the pattern of that name, if it has been worked out before.
  package func pattern(
    for choices: Set<String>, sizes: [String: Int], mask: Mask, matrix: Matrix?,
    known: (_ name: String) -> PairPattern?
  ) -> PairPattern? {
    let lines = sights.filter { $0.choice == nil || choices.contains($0.choice!) }
    guard matrix != nil || !lines.isEmpty else { return nil }
    let (rows, columns) = (mask.queries, mask.keys)
    let values = sizes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let rule = appliesMask ? mask.rule : .none
    let name = "\(name) \(lines.map(\.term.text)) \(values) \(rule) \(rows) \(columns)"
    if let pattern = known(name) { return pattern }
    let visible = Mask(rule, queries: rows, keys: columns, heads: mask.heads)
    let terms = lines.map(\.term)
    // Neighbouring queries often have the same conditions, as those of one chunk.
    var last: (conditions: [Int], sees: [Bool])?
    return PairPattern(name, rows: rows, columns: columns) { row in
      var sees: [Bool]
      let reader = SightReader(q: row, keys: columns, sizes: sizes)
      let conditions = terms.flatMap(reader.conditions)
      if let matrix {
        sees = matrix.sees(row, of: rows, columns)
      } else if let last, last.conditions == conditions {
        sees = last.sees
      } else {
        sees = reader.sees(terms)
        last = (conditions, sees)
      }
      if rule != .none {
        let range = visible.visibleKeys(row: row)
        for key in 0..<columns where !range.contains(key) { sees[key] = false }
      }
      return sees
    }
  }
}

extension Matrix {
  /// The keys that a query sees where each entry stands for a group of queries and a group of keys.
  fileprivate func sees(_ query: Int, of queries: Int, _ keys: Int) -> [Bool] {
    let row = query / max(1, tileCount(queries, rows))
    let width = max(1, tileCount(keys, columns))
    return (0..<keys).map { self[0, row, $0 / width] != 0 }
  }
}

/// Works out conditions over q and k for one query and all keys. `/` is whole division.
private struct SightReader {
  let q: Int
  let keys: Int
  let sizes: [String: Int]

  /// One number, or one for each key.
  private enum Value {
    case one(Int)
    case each([Int])
  }

  /// The keys for which one of the conditions holds.
  func sees(_ terms: [Term]) -> [Bool] {
    var result = Array(repeating: false, count: keys)
    for term in terms {
      switch value(term) {
      case .one(let value): if value != 0 { result = Array(repeating: true, count: keys) }
      case .each(let values): for key in 0..<keys where values[key] != 0 { result[key] = true }
      }
    }
    return result
  }

  /// The values of the largest parts of a term that do not depend on the key: the same values, the same keys.
  func conditions(_ term: Term) -> [Int] {
    if !term.mentions("k"), case .one(let value) = value(term) {
      return [value]
    }
    return term.parts.flatMap(conditions)
  }

  private func value(_ term: Term) -> Value {
    switch term {
    case .number(let value, _): .one(Int(value))
    case .name("q", _): .one(q)
    case .name("k", _): .each(Array(0..<keys))
    case .name(let name, _): .one(sizes[name] ?? 0)
    case .negative(let a, _): map(value(a)) { -$0 }
    case .binary(let sign, let a, let b, _): combine(value(a), value(b), Self.operation(sign))
    case .call("abs", let terms, _): map(value(terms[0]), abs)
    case .call("bits", let terms, _): map(value(terms[0])) { $0.nonzeroBitCount }
    case .call("xor", let terms, _): combine(value(terms[0]), value(terms[1]), ^)
    case .call("max", let terms, _): combine(value(terms[0]), value(terms[1]), max)
    case .call("min", let terms, _): combine(value(terms[0]), value(terms[1]), min)
    case .call, .product, .transposed: .one(0)
    }
  }

  private static func operation(_ sign: Term.Sign) -> (Int, Int) -> Int {
    switch sign {
    case .plus: { $0 &+ $1 }
    case .minus: { $0 &- $1 }
    case .times: { $0 &* $1 }
    case .over: { $1 == 0 ? 0 : $0 / $1 }
    case .modulo: { $1 == 0 ? 0 : $0 % $1 }
    case .equal: { $0 == $1 ? 1 : 0 }
    case .atMost: { $0 <= $1 ? 1 : 0 }
    case .atLeast: { $0 >= $1 ? 1 : 0 }
    case .less: { $0 < $1 ? 1 : 0 }
    case .greater: { $0 > $1 ? 1 : 0 }
    case .and: { $0 != 0 && $1 != 0 ? 1 : 0 }
    case .or: { $0 != 0 || $1 != 0 ? 1 : 0 }
    }
  }

  private func map(_ value: Value, _ operation: (Int) -> Int) -> Value {
    switch value {
    case .one(let a): .one(operation(a))
    case .each(let a): .each(a.map(operation))
    }
  }

  private func combine(_ a: Value, _ b: Value, _ operation: (Int, Int) -> Int) -> Value {
    switch (a, b) {
    case (.one(let a), .one(let b)): .one(operation(a, b))
    case (.each(let a), .one(let b)): .each(a.map { operation($0, b) })
    case (.one(let a), .each(let b)): .each(b.map { operation(a, $0) })
    case (.each(let a), .each(let b)): .each(zip(a, b).map(operation))
    }
  }
}

extension KernelText {
  /// Refuses conditions of `sees` with a name that is no size, or a function that has no meaning there.
  func checkSights() throws(Diagnostic) {
    let functions = [("abs", 1), ("bits", 1), ("xor", 2), ("max", 2), ("min", 2)]
    func check(_ term: Term) throws(Diagnostic) {
      switch term {
      case .name(let name, let place) where !["q", "k"].contains(name):
        let known = axes.union(sizes.map(\.name)).union(tiles.map(\.name))
        guard known.contains(name) else {
          throw Diagnostic(
            place,
            "\(name.named) is no size; there are q and k, the numbers of query and key, and \(listed(known.sorted()))"
              + suggestion(name, among: known.sorted()))
        }
      case .call(let name, let terms, let place):
        guard functions.contains(where: { $0 == (name, terms.count) }) else {
          throw Diagnostic(
            place,
            "\(name) with \(terms.count) in brackets has no meaning in “sees”; there are abs, bits (how many are 1), xor, max and min"
          )
        }
      case .product(_, _, let place), .transposed(_, let place):
        throw Diagnostic(place, "“sees” takes numbers; found a product of tiles")
      default: break
      }
      for part in term.parts { try check(part) }
    }
    for sight in sights { try check(sight.term) }
  }
}
