// Parses what a kernel's text says of itself alone: its options, and which key a query sees.

extension TextReader {
  /// `rank r = 16`, or `linformer-e E = normal / √r`
  mutating func option(
    _ rest: Substring, _ start: SourcePosition, _ why: String
  ) throws(Diagnostic) {
    let trimmed = rest.drop { $0 == " " }
    let word = trimmed.prefix { $0 != " " }
    let name = try name(word, start)
    let column = start.column + rest.count - trimmed.count + word.count
    guard !text.options.contains(where: { $0.name == name }) else {
      throw Diagnostic(start, "the option \(name) is given twice")
    }
    var tokens = try Tokens(
      trimmed.dropFirst(word.count), at: SourcePosition(line: start.line, column: column))
    if tokens.take("=") {
      let meaning = try choice(&tokens)
      text.options.append(KernelOption(name: name, meaning: meaning, help: why, place: start))
      return
    }
    let (target, place) = try tokens.word("a size or an input, as option rank r = 16")
    try tokens.expect("=", "behind \(target): a number, normal or permutation for a matrix")
    let meaning: KernelOption.Meaning
    if tokens.take(words: "normal") {
      let root = tokens.take("/") ? try self.root(&tokens) : nil
      meaning = .matrix(tensor: target, .normal(root: root))
    } else if tokens.take(words: "permutation") {
      meaning = .matrix(tensor: target, .permutation)
    } else if tokens.take(words: "order") {
      meaning = .matrix(tensor: target, .order)
    } else {
      let number = tokens.first
      let standard = try standard(of: target, place, &tokens, atLeast: 0)
      var most: String?
      var range = KernelOption.sizes
      if tokens.first.kind == .sign(","), case .word("from") = tokens.second.kind {
        tokens.take()
        tokens.take()
        range = try self.range(&tokens)
      } else if tokens.take(",") {
        guard tokens.take(words: "at", "most") else {
          throw Diagnostic(
            tokens.first.place, "found \(tokens.first.shown); expected “at most” and an axis")
        }
        let (axis, _) = try tokens.word("an axis, as N, or a part of it, as N/4")
        var parts = 1
        if tokens.take("/"), case .number(let value) = tokens.first.kind,
          let whole = Int(exactly: value), whole > 0
        {
          tokens.take()
          parts = whole
        }
        text.limits[target] = (axis, parts)
        most = parts == 1 ? axis : "\(axis)/\(parts)"
      }
      guard range.contains(standard) else {
        throw Diagnostic(
          number.place,
          "found \(number.shown); expected a number from \(range.lowerBound) to \(range.upperBound)"
        )
      }
      meaning = .size(axis: target, standard: standard, atMost: most, range: range)
    }
    try tokens.expectEnd()
    text.options.append(KernelOption(name: name, meaning: meaning, help: why, place: place))
  }

  /// Reads and notes the length of an axis of the kernel's own.
  mutating func standard(
    of name: String, _ place: SourcePosition, _ tokens: inout Tokens, atLeast least: Int = 1
  ) throws(Diagnostic) -> Int {
    guard case .number(let value) = tokens.first.kind, let whole = Int(exactly: value),
      whole >= least, whole < 1 << 24
    else {
      throw Diagnostic(
        tokens.first.place, "found \(tokens.first.shown); expected a number from 1 to 16777215")
    }
    tokens.take()
    guard !text.sizes.contains(where: { $0.name == name }) else {
      throw Diagnostic(place, "\(name) is given twice")
    }
    guard !["N", "Nk", "d", "dv", "m", "n", "k"].contains(name) else {
      throw Diagnostic(place, "\(name) is a size of the problem, which the command line gives")
    }
    text.sizes.append((name, whole))
    return whole
  }

  /// `0 to 32`, behind `from`
  private func range(_ tokens: inout Tokens) throws(Diagnostic) -> ClosedRange<Int> {
    let place = tokens.first.place
    func whole() -> Int? {
      guard case .number(let value) = tokens.first.kind else { return nil }
      tokens.take()
      return Int(exactly: value)
    }
    guard let least = whole(), tokens.take(words: "to"), let most = whole(), least >= 0,
      least <= most, most <= KernelOption.sizes.upperBound
    else { throw Diagnostic(place, "expected a range behind “from”, as from 0 to 32") }
    return least...most
  }

  /// `strided or fixed`, `butterfly or window or FILE`
  private func choice(_ tokens: inout Tokens) throws(Diagnostic) -> KernelOption.Meaning {
    var words: [String] = []
    repeat {
      words.append(try tokens.word("a choice, as strided or fixed").0)
    } while tokens.take(
      words: "or")
    try tokens.expectEnd()
    let takesMatrix = words.last == "FILE"
    return .choice(takesMatrix ? words.dropLast() : words, takesMatrix: takesMatrix)
  }

  /// `strided: k <= q and (q - k) % L == 0`
  mutating func sight(_ rest: Substring, _ start: SourcePosition) throws(Diagnostic) {
    var tokens = try Tokens(rest, at: start)
    var choice: String?
    if case .word(let word) = tokens.first.kind, tokens.second.kind == .sign(":") {
      guard text.choices.contains(word) else {
        throw Diagnostic(
          start,
          "\(word.named) is no choice of an option above; there are \(listed(text.choices.sorted()))"
            + suggestion(word, among: text.choices.sorted()))
      }
      tokens.take()
      tokens.take()
      choice = word
    }
    var reader = TermReader(tokens)
    let term = try reader.term()
    try reader.tokens.expectEnd()
    text.sights.append(Sight(choice: choice, term: term))
  }

  /// `√r`
  private func root(_ tokens: inout Tokens) throws(Diagnostic) -> String {
    try tokens.expect("√", "and an axis, as normal / √r")
    return try tokens.word("an axis, as r").0
  }
}
