// The events of one run as lines of text, which cues search with patterns.

import Library
import Machine
import Synchronization

/// The events of a run as text, written out when they are first asked for.
final class EventLines: Sendable {
  private let recording: Recording?
  private let written = Mutex<[String]?>(nil)

  /// - Parameter recording: nil for a timing-only run, which has no events.
  init(_ recording: Recording?) { self.recording = recording }

  var lines: [String] {
    written.withLock { written in
      let lines = written ?? recording.map { all in all.events.map { all.text(of: $0) } } ?? []
      written = lines
      return lines
    }
  }

  var count: Int { recording?.events.count ?? 0 }

  /// The cycles of all events that match, in order. In a pattern `*` stands for any text.
  func cycles(matching pattern: String) -> [Int] {
    let pieces = pattern.utf8.split(
      separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
    return zip(lines, recording?.events ?? [])
      .filter { Self.matches($0.0.utf8[...], pieces[...]) }.map(\.1.cycle)
  }

  /// Whether a line is made up of the pieces between the asterisks, in order.
  private static func matches(
    _ line: Substring.UTF8View, _ pieces: ArraySlice<Substring.UTF8View>
  ) -> Bool {
    guard let first = pieces.first, line.starts(with: first) else { return false }
    var rest = line.dropFirst(first.count)
    let others = pieces.dropFirst()
    guard let last = others.last else { return rest.isEmpty }
    for piece in others.dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.suffix(last.count).elementsEqual(last)
  }

  /// The event line closest to a text that matches none; nil where none is close.
  func nearestLine(to text: String) -> String? {
    // Prefers lines with the same first two words; compares at most 2,000 lines, to bound the time.
    let words = text.split(separator: " ").prefix(2).joined(separator: " ")
    let all = Set(lines).sorted()
    let like = all.filter { $0.hasPrefix(words) }
    let distinct = Array((like.isEmpty ? all : like).prefix(2000))
    if let near = nearest(text, in: distinct) { return near }
    return distinct.first { !words.isEmpty && $0.hasPrefix(words) }
  }
}
