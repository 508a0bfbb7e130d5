// How far a viewer has come in each lesson, kept between sessions in a state file (XDG base
// directories). A bad file never keeps a lesson from opening, and members that are not known are
// kept.

import Exports
import Foundation
import Library

/// The progress of a viewer in one lesson.
struct LessonProgress: Codable, Equatable {
  /// Index of the beat, from 0.
  var beat = 0
  /// Title of that beat; nil in files of earlier versions.
  var heading: String?
  /// The answers, by question key.
  var answers: [String: String] = [:]
  /// Questions answered rightly, and all of the lesson; nil in files of earlier versions.
  var right: Int?
  var questions: Int?
}

/// The state file with the progress in all lessons.
struct ProgressFile {
  let path: String

  /// Most bytes of the file; no one answers more than this.
  private static let sizeLimit = 1_000_000

  /// At `$XDG_STATE_HOME/tilewalk/lessons.json`, or below `~/.local/state`; nil without a home
  /// directory.
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

  /// The progress in a lesson; that of a new viewer if the file cannot be read or decoded.
  func progress(in lesson: String) -> LessonProgress { progress()[lesson] ?? LessonProgress() }

  /// The progress in all lessons, by their identity; empty if the file cannot be read.
  func progress() -> [String: LessonProgress] {
    guard let places = try? places() else { return [:] }
    return places.lessons.compactMapValues { place in
      let progress: LessonProgress? = place.decoded()
      return progress.flatMap { $0.beat >= 0 ? $0 : nil }
    }
  }

  /// Writes the progress in a lesson, and keeps everything else in the file.
  /// - Returns: the reason if that was not possible, else nil.
  func keep(_ progress: LessonProgress, in lesson: String) -> String? {
    do {
      let folder = parentFolder(path)
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      // Another program that writes the file waits for this lock, and then reads our change.
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

  /// The path to write: if the file is a symbolic link, the file that it leads to.
  private var target: String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The contents of the file; empty if there is none.
  /// - Throws: `FileError` if the file must not be overwritten: it is too large, not JSON, or of a
  ///   later version.
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

/// The contents of the file, members that are not known included.
private struct Places {
  private var all: [String: JSONValue] = ["schema": .number(1)]
  var lessons: [String: JSONValue] = [:]

  init() {}

  /// Nil for anything but JSON of this schema.
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
