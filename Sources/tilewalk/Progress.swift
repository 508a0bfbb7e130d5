// How far a viewer has come in each lesson, kept between sessions where the XDG base directory rules
// want state to be. It is a convenience: whatever is wrong with the file, the lesson opens.

import Foundation
import Lessons
import Player

/// What is kept of one lesson.
struct LessonProgress: Codable, Equatable {
  /// From 0.
  var beat = 0
  /// What was typed, by question.
  var answers: [String: String] = [:]
}

/// The file with everybody's places.
struct ProgressFile {
  private struct Contents: Codable {
    var schema = 1
    var lessons: [String: LessonProgress] = [:]
  }

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

  /// Where a viewer was; a file that cannot be read or understood means nowhere.
  func progress(in lesson: String) -> LessonProgress {
    contents.lessons[lesson] ?? LessonProgress()
  }

  private var contents: Contents {
    guard let text = try? readText(path, limit: Self.sizeLimit),
      let contents = try? JSONDecoder().decode(Contents.self, from: Data(text.utf8)),
      contents.schema == 1
    else { return Contents() }
    return contents
  }

  /// Keeps a viewer's place beside those in other lessons.
  /// - Returns: why that was not possible, or nil.
  func keep(_ progress: LessonProgress, in lesson: String) -> String? {
    var contents = contents
    guard contents.lessons[lesson] != progress else { return nil }
    contents.lessons[lesson] = progress
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try writeFile(Array(encoder.encode(contents)) + [0x0A], to: path)
      return nil
    } catch let error as FileError {
      return "Your place is not kept: \(error.message)"
    } catch {
      return "Your place is not kept: no folder for \(visible(path))."
    }
  }
}
