// The functions of the notation: what each takes, and the shape of what it gives.

import Machine

enum Functions {
  /// Name, number of arguments, and what it does: for messages and for the guide.
  static let all: [(name: String, arguments: ClosedRange<Int>)] = [
    ("exp", 1...1), ("rawexp", 1...1), ("log", 1...1), ("tanh", 1...1), ("max", 2...2),
    ("rowmax", 1...1), ("rowsum", 1...1), ("mask", 1...1), ("slope", 1...1), ("drop", 1...2),
    ("keepmask", 1...1), ("round", 1...1),
  ]

  /// Every call is of a function, with as many terms as it takes.
  static func checkCalls(in term: Term) throws(Diagnostic) {
    if case .call(let name, let terms, let place) = term { try check(name, terms, place) }
    for part in term.parts { try checkCalls(in: part) }
  }

  static func shape(
    of name: String, _ terms: [Term], _ place: Place, in types: TileTypes
  ) throws(Diagnostic) -> TileType? {
    try check(name, terms, place)
    let first = try types.shape(of: terms[0])
    return try shape(of: name, first, terms, place, in: types)
  }

  private static func check(_ name: String, _ terms: [Term], _ place: Place) throws(Diagnostic) {
    guard let function = all.first(where: { $0.name == name }) else {
      let names = all.map(\.name)
      throw Diagnostic(
        place,
        "\(name.named) is no function; there are \(listed(names))\(suggestion(name, among: names))")
    }
    guard function.arguments.contains(terms.count) else {
      let expected =
        function.arguments.count == 1
        ? "\(function.arguments.lowerBound)"
        : "\(function.arguments.lowerBound) or \(function.arguments.upperBound)"
      throw Diagnostic(place, "\(name) takes \(expected); found \(terms.count)")
    }
  }

  private static func shape(
    of name: String, _ first: TileType?, _ terms: [Term], _ place: Place, in types: TileTypes
  ) throws(Diagnostic) -> TileType? {
    switch name {
    case "rowmax", "rowsum": return first.map { TileType(rows: $0.rows, columns: .one) }
    case "max":
      guard let first else { return try types.shape(of: terms[1]) }
      guard let second = try types.shape(of: terms[1]) else { return first }
      guard let (_, type) = Meeting.of(first, second) else {
        throw Diagnostic(
          place,
          "\(first.described(terms[0].text)), \(second.described(terms[1].text)); max takes tiles along the same axes"
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
