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
    case "rowmax", "rowsum", "ones": return first.map { TileType(rows: $0.rows, columns: .one) }
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
    case "mask", "slope", "drop", "keepmask":
      if let first, !first.isScores {
        throw Diagnostic(
          place,
          "\(first.described(terms[0].text)); \(name) is for tiles along queries and keys, [N,Nk]")
      }
      return first
    default: return first
    }
  }
}
