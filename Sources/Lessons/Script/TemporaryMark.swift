// Stands in for the marking of answers until the reader of lessons brings its own.

import Machine

extension Question {
  public func mark(_ typed: String) -> Mark {
    switch kind {
    case .number(let value, let tolerance, let unit):
      let digits = typed.filter { $0.isNumber || $0 == "." || $0 == "-" }
      guard let number = Double(digits) else { return .unreadable("A number is asked for.") }
      let base = number * (unit?.size ?? 1)
      return abs(base - value.value) <= tolerance ? .right(shown: typed) : .wrong(shown: typed)
    case .choice(let texts, let right):
      guard let number = Int(typed), texts.indices.contains(number - 1) else {
        return .unreadable("A number from 1 to \(texts.count) is asked for.")
      }
      let shown = texts[number - 1]
      return number - 1 == right ? .right(shown: shown) : .wrong(shown: shown)
    case .order(_, let truth):
      let numbers = typed.split { !$0.isNumber }.compactMap { Int($0) }
      guard numbers.count == truth.count else { return .unreadable("All numbers, in order.") }
      return numbers == truth.map { $0 + 1 } ? .right(shown: typed) : .wrong(shown: typed)
    case .tile(_, let tile):
      guard let name = TileName(typed) else { return .unreadable("A tile, such as S[0,1].") }
      return name == tile ? .right(shown: name.text) : .wrong(shown: name.text)
    }
  }

  public var expected: String {
    switch kind {
    case .number(let value, _, _): grouped(Int(value.value))
    case .choice(let texts, let right): texts[right]
    case .order(let shown, let truth): truth.map { shown[$0] }.joined(separator: ", ")
    case .tile(_, let tile): tile.text
    }
  }
}
