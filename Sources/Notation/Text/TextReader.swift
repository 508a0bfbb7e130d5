// Parses a kernel's text from top to bottom: its head, its tensors, its launches, its closed forms.

extension KernelText {
  /// The text as it is written.
  static func parsed(_ bytes: [UInt8], size: Int) throws(Diagnostic) -> KernelText {
    var reader = TextReader(try SourceLine.lines(of: bytes, size: size))
    return try reader.read()
  }
}

struct TextReader {
  private let lines: [SourceLine]
  /// The lines that are not empty.
  private let full: [SourceLine]
  private var next = 0
  var text = KernelText()
  private var isBackward = false
  /// The index of the first launch that no `moves` section covers yet.
  private var firstWithoutMoves = 0

  private static let mostStatements = 300

  private static let keywords = [
    "kernel", "title", "source", "order", "fault", "approximate", "self-attention", "masks",
    "packs", "size", "option", "in", "out", "hbm", "keep", "sees", "tile", "launch", "or", "moves",
    "backward",
  ]

  init(_ lines: [SourceLine]) {
    self.lines = lines
    full = lines.filter { !$0.text.isEmpty }
  }

  mutating func read() throws(Diagnostic) -> KernelText {
    text.lines = lines
    while next < full.count { try section() }
    guard !text.name.isEmpty else {
      throw Diagnostic(
        full.first?.place ?? SourcePosition(line: 1, column: 1),
        "found no line “kernel NAME”; a text begins with it")
    }
    guard !text.launches.isEmpty else {
      throw Diagnostic(
        SourcePosition(line: lines.count, column: 1),
        "found no launch; expected “launch NAME, a block for each i of N” and lines below it")
    }
    return text
  }

  private mutating func section() throws(Diagnostic) {
    let line = full[next]
    next += 1
    guard line.indent == 0 else {
      throw Diagnostic(
        line.place,
        "found an indented line; expected one at the left margin: "
          + listed(Self.keywords, "or"))
    }
    let word = String(line.text.prefix { $0 != " " && $0 != "," })
    let rest = line.text.dropFirst(word.count)
    let start = SourcePosition(line: line.number, column: word.count + 1)
    switch word {
    case "kernel" where !text.name.isEmpty:
      throw Diagnostic(line.place, "found a second line “kernel”; a file has one kernel")
    case "kernel": text.name = try name(rest, start)
    case "title": text.title = String(rest).trimmed
    case "source": text.source = String(rest).trimmed
    case "fault": text.isFaulty = true
    case "approximate": text.isApproximate = true
    case "self-attention": text.selfAttention = line.place
    case "packs":
      guard rest.split(separator: " ") == ["grouped", "heads"] else {
        throw Diagnostic(
          start, "found “\(String(rest).trimmed)”; expected “packs grouped heads”")
      }
      text.packsGroupedHeads = true
    case "masks":
      let words = rest.split { $0 == " " || $0 == "," }.map(String.init)
      guard !words.isEmpty else {
        throw Diagnostic(start, "found no mask; expected one, as causal")
      }
      text.masks = words
    case "sees":
      var lines = [(rest.drop { $0 == " " }, start)]
      while next < full.count, full[next].indent > 0 {
        lines.append((full[next].text[...], full[next].place))
        next += 1
      }
      for (rest, place) in lines { try sight(rest, place) }
    case "order":
      guard let order = Int(String(rest).trimmed) else {
        throw Diagnostic(start, "found “\(String(rest).trimmed)”; expected a number")
      }
      text.order = order
    case "size":
      try each(rest, start) { reader, tokens throws(Diagnostic) in try reader.size(&tokens) }
    case "option":
      var lines = [(rest, start, line.why)]
      while next < full.count, full[next].indent > 0 {
        lines.append((full[next].text[...], full[next].place, full[next].why))
        next += 1
      }
      for (rest, place, why) in lines { try option(rest, place, why) }
    case "in", "out", "hbm", "keep":
      let role = Declaration.Role(rawValue: word)!
      try each(rest, start) { reader, tokens throws(Diagnostic) in
        try reader.declaration(role, &tokens)
      }
    case "tile":
      try each(rest, start) { reader, tokens throws(Diagnostic) in try reader.tile(&tokens) }
    case "launch": try launch(rest, start)
    case "or": try fallbackBody(line)
    case "moves":
      for (text, place) in pieces(rest, start) { try moves(of: text, place) }
      firstWithoutMoves = text.launches.count
    case "backward":
      isBackward = true
      firstWithoutMoves = text.launches.count
    default:
      throw Diagnostic(
        line.place,
        "found “\(word)”; expected \(listed(Self.keywords, "or"))"
          + suggestion(word, among: Self.keywords))
    }
  }

  func name(_ rest: Substring, _ place: SourcePosition) throws(Diagnostic) -> String {
    let name = String(rest).trimmed
    guard !name.isEmpty, name.count <= 60,
      name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }),
      name.first!.isLetter
    else {
      throw Diagnostic(
        place,
        "found “\(name)”; a kernel's name has small letters, digits and hyphens, as my-kernel")
    }
    return name
  }

  /// Reads a list that begins on this line and goes on in the indented lines below it.
  private mutating func each(
    _ rest: Substring, _ start: SourcePosition,
    _ read: (inout TextReader, inout Tokens) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    for (text, place) in pieces(rest, start) {
      var tokens = try Tokens(text, at: place)
      while !tokens.isAtEnd {
        if tokens.take(",") { continue }
        try read(&self, &tokens)
      }
    }
  }

  /// What stands behind a word of the head, and the indented lines below it.
  private mutating func pieces(
    _ rest: Substring, _ start: SourcePosition
  ) -> [(text: String, place: SourcePosition)] {
    var pieces = [(text: String(rest), place: start)]
    while next < full.count, full[next].indent > 0 {
      pieces.append((full[next].text, full[next].place))
      next += 1
    }
    return pieces
  }

  // MARK: Sizes, tensors, tiles

  private mutating func size(_ tokens: inout Tokens) throws(Diagnostic) {
    let (name, place) = try tokens.word("a size's name")
    try tokens.expect("=", "behind \(name)")
    _ = try standard(of: name, place, &tokens)
  }

  /// `Z[N,Nk]: uint8 with dropout`
  private mutating func declaration(
    _ role: Declaration.Role, _ tokens: inout Tokens
  ) throws(Diagnostic) {
    let (name, place) = try tokens.word("a tensor, as Q[N,d]")
    try tokens.expect("[", "behind \(name), and its axes, as \(name)[N,d]")
    var axes: [String] = []
    repeat { axes.append(try axisOfTensor(&tokens)) } while tokens.take(",")
    try tokens.expect("]", "behind the axes of \(name)")
    guard axes.count <= 3 else {
      throw Diagnostic(place, "\(name) has \(axes.count) axes; expected three at most")
    }
    let type = tokens.take(":") ? try tokens.word("a format, as fp32 or uint8").0 : nil
    let table = tokens.take(words: "in", "pages") ? try tokens.word("a block table, as T").0 : nil
    let isPartial = tokens.take(words: "of", "seen", "tiles")
    let condition = try ConditionReader.condition(&tokens, text.choices)
    text.declarations.append(
      Declaration(
        name: name, axes: axes, role: role, type: type, condition: condition, blockTable: table,
        hasSeenTilesOnly: isPartial, isBackward: isBackward, place: place))
  }

  /// `N`, or `Nk/Bc` for the tiles of Nk, or `b/2`.
  private func axisOfTensor(_ tokens: inout Tokens) throws(Diagnostic) -> String {
    let (axis, _) = try tokens.word("an axis, as N or d")
    guard tokens.take("/") else { return axis }
    if case .number(let value) = tokens.first.kind, let whole = Int(exactly: value), whole > 0 {
      tokens.take()
      return "\(axis)/\(whole)"
    }
    return "\(axis)/\(try tokens.word("the name of a tile's size, or a number").0)"
  }

  private mutating func tile(_ tokens: inout Tokens) throws(Diagnostic) {
    let (axis, place) = try tokens.word("an axis")
    guard tokens.take(words: "by") else {
      throw Diagnostic(
        tokens.first.place,
        "found \(tokens.first.shown); expected “\(axis) by” and a tile's size, as Br")
    }
    let size: String
    if tokens.first.kind == .number(1) {
      size = tokens.take().text
    } else {
      size = try tokens.word("the name of a tile's size, as Br").0
    }
    guard !text.tiles.contains(where: { $0.axis == axis }) else {
      throw Diagnostic(place, "\(axis) is cut twice")
    }
    text.tiles.append(TiledAxis(axis: axis, name: size, place: place))
  }

  // MARK: Launches

  /// `launch scores, a block for each i of N, j of Nk`
  private mutating func launch(_ rest: Substring, _ start: SourcePosition) throws(Diagnostic) {
    let title = rest.prefix { $0 != "," }
    var launch = LaunchText(
      name: String(title).trimmed, axes: [], isBackward: isBackward, place: start)
    guard launch.name.count <= 40 else {
      throw Diagnostic(start, "a launch's name has at most 40 characters")
    }
    guard !launch.name.isEmpty else {
      throw Diagnostic(start, "found no name; expected “launch NAME, a block for each i of N”")
    }
    var tokens = try Tokens(
      rest.dropFirst(title.count),
      at: SourcePosition(line: start.line, column: start.column + title.count))
    guard tokens.take(","), tokens.take(words: "a", "block", "for", "each") else {
      throw Diagnostic(
        tokens.first.place,
        "found \(tokens.first.shown); expected “, a block for each head” or “, a block for each i of N”"
      )
    }
    if !tokens.take(words: "head") { try axis(&tokens, of: &launch) }
    while tokens.take(",") {
      if tokens.take(words: "in") {
        try groups(&tokens, of: &launch)
        continue
      }
      if tokens.take(words: "the", "last", "first") {
        launch.hasReversedGrid = true
        continue
      }
      if tokens.take(words: "each", "line", "a", "launch") {
        launch.isLineByLine = true
        continue
      }
      if tokens.take(words: "as", "many", "rows", "as", "fit") {
        launch.fitsRowsToSRAM = true
        continue
      }
      if let condition = try ConditionReader.condition(&tokens, text.choices) {
        launch.conditions.append(condition)
        continue
      }
      try axis(&tokens, of: &launch)
    }
    try tokens.expectEnd()
    launch.body = try body(of: "launch \(launch.name)", start)
    text.launches.append(launch)
  }

  private func axis(
    _ tokens: inout Tokens, of launch: inout LaunchText
  ) throws(Diagnostic) {
    let (variable, place) = try tokens.word("“head”, or a variable and “of” an axis")
    guard tokens.take(words: "of") else {
      throw Diagnostic(
        place, "found \(variable); expected “head”, or a variable and its axis, as i of N")
    }
    guard launch.axes.count < 4 else {
      throw Diagnostic(place, "found a fifth axis of a launch; expected four at most")
    }
    launch.axes.append((variable, try tokens.word("an axis").0))
  }

  /// `in groups`, or `in 2 groups`.
  private func groups(_ tokens: inout Tokens, of launch: inout LaunchText) throws(Diagnostic) {
    launch.groups = 2
    if case .number(let count) = tokens.first.kind {
      guard (1...8).contains(count), let whole = Int(exactly: count) else {
        throw Diagnostic(tokens.first.place, "found \(tokens.first.text) groups; expected 1 to 8")
      }
      launch.groups = whole
      tokens.take()
    }
    if case .word(let word) = tokens.first.kind, !["groups", "group"].contains(word) {
      launch.groupName = word
      tokens.take()
    }
    guard tokens.take(words: "groups") || tokens.take(words: "group") else {
      throw Diagnostic(tokens.first.place, "found \(tokens.first.shown); expected “groups”")
    }
  }

  private mutating func body(of title: String, _ place: SourcePosition) throws(Diagnostic)
    -> [Statement]
  {
    let first = next
    while next < full.count, full[next].indent > 0 { next += 1 }
    guard next > first else {
      throw Diagnostic(place, "\(title) has no body; expected indented lines below it")
    }
    var reader = StatementReader(full[first..<next], choices: text.choices)
    let body = try reader.all()
    guard body.all.count <= Self.mostStatements else {
      throw Diagnostic(place, "\(title) has more than \(Self.mostStatements) statements")
    }
    return body
  }

  /// `or, where no row fits`
  private mutating func fallbackBody(_ line: SourceLine) throws(Diagnostic) {
    guard let index = text.launches.indices.last, text.launches[index].fitsRowsToSRAM,
      text.launches[index].fallbackBody == nil
    else {
      throw Diagnostic(
        line.place,
        "found “\(line.text)” where there is no launch before it that takes “as many rows as fit”")
    }
    guard line.text == "or, where no row fits" else {
      throw Diagnostic(line.place, "found “\(line.text)”; expected “or, where no row fits”")
    }
    text.launches[index].fallbackBody = try body(of: "“\(line.text)”", line.place)
    firstWithoutMoves = index
  }

  /// `K reads Nk·d   O reads (Tc-1)·N·dv writes Tc·N·dv`, behind a condition that holds for the whole line.
  private mutating func moves(of line: String, _ start: SourcePosition) throws(Diagnostic) {
    var tokens = try Tokens(line, at: start)
    let condition = try ConditionReader.condition(&tokens, text.choices)
    let isOtherwise = tokens.take(words: "where", "no", "row", "fits")
    if condition != nil || isOtherwise { try tokens.expect(":", "behind the condition") }
    while !tokens.isAtEnd {
      if !tokens.take(",") { try move(&tokens, condition, isOtherwise: isOtherwise) }
    }
  }

  /// `O reads (Tc-1)·N·dv writes Tc·N·dv`
  private mutating func move(
    _ tokens: inout Tokens, _ condition: Condition?, isOtherwise: Bool
  ) throws(Diagnostic) {
    let (tensor, place) = try tokens.word("a tensor, and what of it is read or written")
    var move = Move(tensor: tensor, condition: condition, place: place)
    if tokens.take(words: "reads") { move.reads = try Formula(&tokens) }
    if tokens.take(words: "writes") { move.writes = try Formula(&tokens) }
    guard move.reads != nil || move.writes != nil else {
      throw Diagnostic(
        tokens.first.place,
        "found \(tokens.first.shown); expected “reads” or “writes” and a formula")
    }
    guard let index = text.launches.indices.last else {
      throw Diagnostic(place, "moves come behind the launches that they speak of")
    }
    guard firstWithoutMoves <= index else {
      throw Diagnostic(
        place,
        "moves come behind the launches that they speak of, and those above have theirs already")
    }
    text.moves.append((firstWithoutMoves...index, isOtherwise, move))
  }
}

extension String {
  var trimmed: String { String(drop { $0 == " " }).trimmingEnd() }
}
