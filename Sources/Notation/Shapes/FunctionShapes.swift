// The shape of a function call's result, from the shapes of its arguments.

extension Functions {
  /// The shape of a call's result; nil for a number, or if it is not known yet.
  /// - Throws: `Diagnostic` for a wrong call or arguments of the wrong shape.
  static func shape(
    of name: String, _ terms: [Term], _ place: SourcePosition, in types: TileTypes
  ) throws(Diagnostic) -> TileType? {
    try check(name, terms, place)
    let first = try types.shape(of: terms[0])
    return try shape(of: name, first, terms, place, in: types)
  }

  private static func shape(
    of name: String, _ first: TileType?, _ terms: [Term], _ place: SourcePosition,
    in types: TileTypes
  ) throws(Diagnostic) -> TileType? {
    switch name {
    case "rowmax", "rowsum", "ones", "argmax":
      return first.map { TileType(rows: $0.rows, columns: .one) }
    case "top":
      guard case .name(let axis, _) = terms[1], types.kernel.axes.contains(axis) else {
        throw Diagnostic(
          terms[1].place,
          "found \(terms[1].text); expected the name of an axis, as long as there are entries to take"
        )
      }
      try requireColumn(first, name, terms[0])
      return first.map { _ in TileType(rows: .whole(axis), columns: .one) }
    case "sort":
      try requireColumn(first, name, terms[0])
      return first
    case "where":
      var type = first
      for term in terms {
        guard let other = try types.shape(of: term), other != type else { continue }
        guard let before = type else {
          type = other
          continue
        }
        guard let (_, wider) = Broadcast.of(before, other) else {
          throw Diagnostic(
            term.place,
            "\(other.described(term.text)), and what stands before it is \(before.text); where takes tiles along the same axes"
          )
        }
        type = wider
      }
      return type
    case "max", "min":
      guard let first else { return try types.shape(of: terms[1]) }
      guard let second = try types.shape(of: terms[1]) else { return first }
      guard let (_, type) = Broadcast.of(first, second) else {
        throw Diagnostic(
          place,
          "\(first.described(terms[0].text)), \(second.described(terms[1].text)); \(name) takes tiles along the same axes"
        )
      }
      return type
    case "mask", "seen", "slope", "drop", "keepmask":
      if let first, !first.isScores {
        throw Diagnostic(
          place,
          "\(first.described(terms[0].text)); \(name) is for tiles along queries and keys, [N,Nk]")
      }
      return first
    default: return first
    }
  }

  private static func requireColumn(
    _ type: TileType?, _ name: String, _ term: Term
  ) throws(Diagnostic) {
    guard let type, !type.isColumn else { return }
    throw Diagnostic(
      term.place, "\(type.described(term.text)); \(name) takes one number per row")
  }
}
