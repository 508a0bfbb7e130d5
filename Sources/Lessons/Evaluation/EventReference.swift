// Finds a cycle by an event: `naive finished store S[0,0]`, or with `next`, `3rd` or `last` before
// it.

import Library
import Machine

/// A pattern for events of one run, and which of the matching events is meant.
struct EventReference {
  enum Occurrence: Equatable {
    case first, last
    /// The first event after the cycle of the previous beat.
    case next
    /// The event with this number, from 1.
    case nth(Int)
  }

  var occurrence: Occurrence
  /// Index of the run in the lesson.
  var run: Int
  var pattern: String

  /// Reads `[next|last|3rd] RUN EVENT`.
  init(_ text: String, runs: [String], column: Int) throws(ExpressionError) {
    var words = normalizingSpaces(text).split(separator: " ").map(String.init)
    occurrence = .first
    if let word = words.first, let occurrence = Self.occurrence(word), !runs.contains(word) {
      self.occurrence = occurrence
      words.removeFirst()
    }
    guard let name = words.first else {
      throw ExpressionError(column: column, message: "found nothing, expected a run and its event")
    }
    guard let run = runs.firstIndex(of: name) else {
      throw ExpressionError(
        column: column,
        message: "found \(quoted(name)) where a run's name belongs; the runs are "
          + runs.joined(separator: ", "), note: nearest(name, in: runs))
    }
    self.run = run
    pattern = words.dropFirst().joined(separator: " ")
    guard !pattern.isEmpty else {
      throw ExpressionError(
        column: column,
        message: "found only a run, expected its event, such as "
          + "\(name) finished store O[0]")
    }
  }

  private static func occurrence(_ word: String) -> Occurrence? {
    switch word {
    case "next": return .next
    case "last": return .last
    case "first": return .first
    default:
      let digits = word.prefix { $0.isASCIIDigit }
      guard let number = Int(digits), number > 0,
        ["st", "nd", "rd", "th"].contains(word.dropFirst(digits.count))
      else { return nil }
      return .nth(number)
    }
  }

  /// The cycle of the event.
  /// - Parameter previous: the cycle of the previous beat.
  /// - Throws: where the event does not happen.
  func cycle(in lines: [EventLines], names: [String], after previous: Int, column: Int)
    throws(ExpressionError) -> Int
  {
    let cycles = lines[run].cycles(matching: pattern)
    guard let first = cycles.first, let last = cycles.last else {
      guard lines[run].count > 0 else {
        throw ExpressionError(
          column: column,
          message: "found an event of \(names[run]), which is timing-only and has none")
      }
      throw ExpressionError(
        column: column,
        message: "found the event \(quoted(pattern)), which never happens in \(names[run])",
        note: lines[run].nearestLine(to: pattern).map { "\(names[run]) \($0)" })
    }
    switch occurrence {
    case .first: return first
    case .last: return last
    case .next:
      if let next = cycles.first(where: { $0 > previous }) { return next }
      throw ExpressionError(
        column: column,
        message: "found next \(quoted(pattern)), but in \(names[run]) it happens for the last time "
          + "at cycle \(grouped(last)), and the beat before stops at \(grouped(previous))")
    case .nth(let number):
      if number <= cycles.count { return cycles[number - 1] }
      throw ExpressionError(
        column: column,
        message: "found number \(number) of \(quoted(pattern)), but in \(names[run]) it happens "
          + (cycles.count == 1 ? "once" : "\(cycles.count) times"))
    }
  }
}
