// The functions of the notation, and how many arguments each takes.

enum Functions {
  /// Every function, with the number of its arguments.
  static let all: [(name: String, arguments: ClosedRange<Int>)] = [
    ("exp", 1...2), ("rawexp", 1...1), ("log", 1...1), ("tanh", 1...1), ("max", 2...3),
    ("rowmax", 1...1), ("rowsum", 1...1), ("mask", 1...1), ("slope", 1...1), ("drop", 1...2),
    ("keepmask", 1...1), ("round", 1...1), ("min", 2...2), ("sqrt", 1...1), ("ones", 1...1),
    ("where", 3...3), ("argmax", 1...1), ("layernorm", 1...1), ("sort", 1...1), ("top", 2...2),
    ("seen", 1...1),
  ]

  /// Refuses calls of unknown functions and calls with a wrong number of arguments, nested ones
  /// included.
  static func checkCalls(in term: Term) throws(Diagnostic) {
    if case .call(let name, let terms, let place) = term { try check(name, terms, place) }
    for part in term.parts { try checkCalls(in: part) }
  }

  /// Refuses one call if its function is unknown or its number of arguments wrong.
  static func check(_ name: String, _ terms: [Term], _ place: SourcePosition) throws(Diagnostic) {
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
}
