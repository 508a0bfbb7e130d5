// How far a viewer has come in each lesson, kept between sessions where the XDG base directory rules
// want state to be. It is a convenience: whatever is wrong with the file, the lesson opens, and what is
// not understood in it stays as it is.

import Exports
import Foundation
import Library

/// What is kept of one lesson.
struct LessonProgress: Codable, Equatable {
  /// From 0.
  var beat = 0
  /// That beat's title; nil in files of before it was kept.
  var heading: String?
  /// What was typed, by question.
  var answers: [String: String] = [:]
}

/// The file with everybody's places.
struct ProgressFile {
  let path: String

  /// A person does not answer more than this in one program.
  private static let sizeLimit = 1_000_000

  /// `$XDG_STATE_HOME/tilewalk/lessons.json`, or below `~/.local/state`; nil without a home.
  init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let state = environment["XDG_STATE_HOME", default: ""]
    let home = environment["HOME", default: ""]
    if state.hasPrefix("/") {
      path = "\(state)/tilewalk/lessons.json"
    } else if home.hasPrefix("/") {
      path = "\(home)/.local/state/tilewalk/lessons.json"
    } else {
      return nil
    }
  }

  /// Where a viewer was; what cannot be read or understood means nowhere.
  func progress(in lesson: String) -> LessonProgress {
    guard let places = try? places(), let place = places.lessons[lesson],
      let progress: LessonProgress = place.decoded(), progress.beat >= 0
    else { return LessonProgress() }
    return progress
  }

  /// Keeps a viewer's place beside everything else that is in the file.
  /// - Returns: why that was not possible, or nil.
  func keep(_ progress: LessonProgress, in lesson: String) -> String? {
    do {
      let folder = parentFolder(path)
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      // Another program that keeps a place waits its turn, and then sees ours.
      let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if lock >= 0 { flock(lock, LOCK_EX) }
      defer { if lock >= 0 { close(lock) } }
      var places = try places()
      let kept = places.lessons[lesson]
      let new = (kept ?? .object([:])).merging(try JSONValue(encoding: progress))
      guard kept != new else { return nil }
      places.lessons[lesson] = new
      try writeFile(Array(places.encoded()) + [0x0A], to: target)
      return nil
    } catch let error as FileError {
      return "Your place is not kept: \(error.message)"
    } catch {
      return "Your place is not kept: no folder for \(visible(path))."
    }
  }

  /// A link stays a link: what it names is written.
  private var target: String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// What the file holds; nothing, where there is none.
  /// - Throws: what is wrong with a file that must not be written over: it is larger than ours are, no
  ///   JSON, or of a later program.
  private func places() throws(FileError) -> Places {
    let text: String
    do { text = try readText(path, limit: Self.sizeLimit) } catch {
      if case .missing = error { return Places() }
      throw error
    }
    if text.allSatisfy(\.isWhitespace) { return Places() }
    guard let places = Places(text) else {
      throw .malformed(
        path: path,
        reason: "not a file of places that this program has written; it is left as it is")
    }
    return places
  }
}

/// Everything in the file, understood or not.
private struct Places {
  private var all: [String: JSONValue] = ["schema": .number(1)]
  var lessons: [String: JSONValue] = [:]

  init() {}

  /// Nil for what is no JSON of this schema.
  init?(_ text: String) {
    guard case .object(let all)? = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)),
      all["schema"] == .number(1), case .object(let lessons)? = all["lessons"] ?? .object([:])
    else { return nil }
    (self.all, self.lessons) = (all, lessons)
  }

  func encoded() throws -> Data {
    var all = all
    all["lessons"] = .object(lessons)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(JSONValue.object(all))
  }
}
