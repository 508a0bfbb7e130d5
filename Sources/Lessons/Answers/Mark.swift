// Marks what was typed as an answer. Many notations are accepted: `155,648`, `155.6 KB`, `64*64*4`,
// `b`, `2 1 3`, `o[1]`.

import Library
import Machine

extension Question {
  /// The correct answer as text.
  package var expected: String {
    switch kind {
    case .number(let value, _, let unit): value.text(in: unit, digits: nil)
    case .choice(let texts, let right): texts[right]
    case .order(let shown, let truth): truth.map { shown[$0] }.joined(separator: " → ")
    case .tile(_, _, let tile): tile.text
    }
  }

  /// Marks `typed` as right, wrong, or not readable as an answer.
  package func mark(_ typed: String) -> Mark {
    let text = String(typed.trimming { $0.isWhitespace })
    guard text.utf8.count <= 1000, text.count <= 200 else {
      return .unreadable("That is too long to be read.")
    }
    guard isPlain(text) else {
      return .unreadable("That has a character in it that cannot be seen.")
    }
    switch kind {
    case .number(let value, let tolerance, let unit):
      return mark(text, against: value, tolerance, unit)
    case .choice(let texts, let right): return mark(text, among: texts, right)
    case .order(let shown, let truth): return mark(text, order: shown, truth)
    case .tile(_, let run, let tile): return mark(text, run, tile)
    }
  }

  private func mark(
    _ text: String, against value: Quantity, _ tolerance: Double, _ unit: DisplayUnit?
  ) -> Mark {
    let number: TypedNumber
    do { number = try TypedNumber(text) } catch { return .unreadable(error.reason) }
    guard let typed = number.quantity else {
      return .unreadable("Type a number, such as \(Self.example(value, unit)).")
    }
    var answer = typed
    if typed.dimension == .plain, value.dimension != .plain || unit != nil,
      !number.text.hasSuffix("%")
    {
      answer = Quantity(typed.value * (unit?.size ?? 1), value.dimension)
    }
    guard answer.dimension == value.dimension else {
      return .unreadable("That is \(typed.dimension.name); type \(value.dimension.name).")
    }
    let shown = answer.text(in: unit, digits: nil)
    // An answer may be rounded to the digits that were typed, if they are three or more.
    let allowed = max(tolerance, number.rounding * abs(answer.value))
    let isRight = abs(answer.value - value.value) <= allowed + abs(value.value) * 1e-9
    return isRight ? .right(shown: shown) : .wrong(shown: shown)
  }

  private static func example(_ value: Quantity, _ unit: DisplayUnit?) -> String {
    if let unit { return Quantity(12 * unit.size, unit.dimension).text(in: unit, digits: nil) }
    return Quantity(1200, value.dimension).text
  }

  private func mark(_ text: String, among texts: [String], _ right: Int) -> Mark {
    guard let index = Self.choice(text, among: texts) else {
      let letters = "Type a letter from a to \(Self.letter(texts.count - 1))"
      return .unreadable(
        Int(text) == nil
          ? letters + "." : letters + ": a number could be a choice's place or its text.")
    }
    return index == right ? .right(shown: texts[index]) : .wrong(shown: texts[index])
  }

  /// The letter of a choice, from its index: a, b, c …
  package static func letter(_ index: Int) -> String {
    let letters = Array("abcdefghi")
    return letters.indices.contains(index) ? String(letters[index]) : ""
  }

  /// Index of the choice that the text names: by letter, by text, or by number from 1, unless that
  /// number occurs in a choice's text. Nil where it names none.
  static func choice(_ text: String, among texts: [String]) -> Int? {
    let wanted = text.lowercased()
    let letter = wanted.trimming { "(). ".contains($0) }
    if let index = texts.indices.first(where: { Self.letter($0) == letter }) { return index }
    if let index = texts.firstIndex(where: { $0.lowercased() == wanted }) { return index }
    guard let place = Int(text), (1...texts.count).contains(place) else { return nil }
    let isText = texts.contains { $0.split { !$0.isASCIIDigit }.contains { Int($0) == place } }
    return isText ? nil : place - 1
  }

  private func mark(_ text: String, order shown: [String], _ truth: [Int]) -> Mark {
    // The items themselves, in the form in which the correct answer is shown.
    let items = text.split(separator: "→").map { $0.trimming { $0 == " " }.lowercased() }
    let places = items.compactMap { item in shown.firstIndex { $0.lowercased() == item } }
    var numbers =
      places.count == shown.count
      ? places.map { $0 + 1 } : text.split { ", >→;".contains($0) }.compactMap { Int($0) }
    // Digits without spaces: 213.
    if numbers.count == 1, shown.count > 1 { numbers = text.compactMap(\.wholeNumberValue) }
    guard numbers.sorted() == Array(1...shown.count) else {
      return .unreadable(
        "Type all the numbers from 1 to \(shown.count), in the true order, with blanks between.")
    }
    let text = numbers.map { shown[$0 - 1] }.joined(separator: " → ")
    return numbers.map { $0 - 1 } == truth ? .right(shown: text) : .wrong(shown: text)
  }

  /// Marks a tile: `O[1]`, with or without the run's name before it.
  private func mark(_ text: String, _ run: String, _ tile: TileName) -> Mark {
    let words = text.split(separator: " ").map(String.init)
    guard (1...2).contains(words.count), let typed = TileName(ofFirstHead: words.last ?? "") else {
      return .unreadable(
        "Move to a tile and press Enter, or type its name, such as K[0].")
    }
    let isRight =
      (words.count == 1 || words[0].lowercased() == run.lowercased())
      && typed.name.lowercased() == tile.name.lowercased()
      && typed.isSame(as: TileName(typed.name, row: tile.row, column: tile.column))
    return isRight
      ? .right(shown: tile.text)
      : .wrong(shown: words.count == 1 ? typed.text : "\(words[0]) \(typed.text)")
  }
}
