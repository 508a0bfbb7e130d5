// The built-in lessons, and lesson files by path. To add a lesson, put a file into `Lessons/`.
import Library
import Shipped

/// Finds lessons by name or by path.
package enum LessonLibrary {
  /// The names of the built-in lessons, in the order of the course.
  package static let names = Shipped.names(in: "Lessons", suffix: ".md")

  /// The lesson that follows a built-in one in the course; nil for the last and for others.
  package static func next(after name: String) -> String? {
    guard let index = names.firstIndex(of: name), index + 1 < names.count else { return nil }
    return names[index + 1]
  }

  /// The lesson that a number names, `6` or `06`; other text as it is.
  private static func named(_ text: String) -> String {
    guard let number = Int(text), text.allSatisfy(\.isNumber),
      let name = names.first(where: { Int($0.prefix { $0.isNumber }) == number })
    else { return text }
    return name
  }

  /// The bytes of a built-in lesson's file; nil for other names.
  package static func text(of name: String) -> [UInt8]? { Shipped.bytes("Lessons/\(name).md") }

  /// The text of a lesson and the path that messages name. A path contains a `/` or ends in `.md`.
  /// - Throws: `unknown` with the nearest name, or why the file cannot be read.
  package static func source(_ nameOrPath: String) throws(FileError) -> (text: String, path: String)
  {
    let nameOrPath = named(nameOrPath)
    if names.contains(nameOrPath), let bytes = Shipped.bytes("Lessons/\(nameOrPath).md") {
      let path = "\(nameOrPath).md"
      return (try Library.text(of: bytes, path: path), path)
    }
    guard nameOrPath.hasSuffix(".md") || nameOrPath.contains("/") else {
      throw .unknown(kind: "lesson", name: nameOrPath, valid: names)
    }
    return (try readText(nameOrPath, limit: sizeLimit), nameOrPath)
  }

  /// Title, summary and duration of a lesson, without simulating its runs.
  /// - Throws: where the lesson cannot be found, or its front matter is wrong.
  package static func heading(_ name: String) throws(FileError) -> LessonHeading {
    let (text, path) = try source(name)
    let script = ScriptSource(text, path: path)
    let outline: Outline
    do { outline = try Outline(script) } catch {
      throw .malformed(path: path, line: error.line, reason: error.message)
    }
    return try LessonHeading(FrontMatter.entries(outline.frontMatter, script))
  }

  /// Reads a lesson, simulates its runs and proves its claims. A file that is no text gives a
  /// diagnostic.
  /// - Throws: for an unknown name, and for a file that is missing or unreadable.
  package static func read(_ nameOrPath: String) throws(FileError) -> Lesson.Reading {
    do {
      let (text, path) = try source(nameOrPath)
      var reading = Lesson.read(text, path: path)
      reading.lesson?.isBuiltIn = names.contains(named(nameOrPath))
      return reading
    } catch {
      guard case .malformed(let path, let line, _, let reason) = error else { throw error }
      return Lesson.Reading(
        lesson: nil, diagnostics: [FileDiagnostic(path: path, line: line ?? 1, message: reason)],
        claims: 0)
    }
  }

  /// Largest size of a lesson's file, in bytes.
  private static let sizeLimit = 200_000
}
