// The lessons that are part of the program. To add one: a file in `Lessons/`.
import Library
import Shipped

/// The built-in lessons, by name; a file elsewhere will do as well.
package enum LessonLibrary {
  /// The names `source` knows, in the order of the lecture.
  package static let names = Shipped.names(in: "Lessons", suffix: ".md")

  /// A built-in lesson's file as it is; nil for other names.
  package static func text(of name: String) -> [UInt8]? { Shipped.bytes("Lessons/\(name).md") }

  /// A lesson's text and the path that messages name: a built-in lesson, or a file, which has a `/`
  /// in its name or ends in `.md`.
  /// - Throws: `unknown` with the nearest name, or why the file cannot be read.
  package static func source(_ nameOrPath: String) throws(FileError) -> (text: String, path: String)
  {
    if names.contains(nameOrPath), let bytes = Shipped.bytes("Lessons/\(nameOrPath).md") {
      let path = "\(nameOrPath).md"
      return (try Library.text(of: bytes, path: path), path)
    }
    guard nameOrPath.hasSuffix(".md") || nameOrPath.contains("/") else {
      throw .unknown(kind: "lesson", name: nameOrPath, valid: names)
    }
    return (try readText(nameOrPath, limit: sizeLimit), nameOrPath)
  }

  /// A built-in lesson's first lines; nothing is run.
  package static func heading(_ name: String) throws(FileError) -> LessonHeading {
    let (text, path) = try source(name)
    let script = ScriptSource(text, path: path)
    let outline: Outline
    do { outline = try Outline(script) } catch {
      throw .malformed(path: path, line: error.line, reason: error.message)
    }
    return try LessonHeading(FrontMatter.entries(outline.frontMatter, script))
  }

  /// Reads a lesson; a file that is no text has a fault, too.
  /// - Throws: for a name that is none, and a file that is not there.
  package static func read(_ nameOrPath: String) throws(FileError) -> Lesson.Reading {
    do {
      let (text, path) = try source(nameOrPath)
      var reading = Lesson.read(text, path: path)
      reading.lesson?.isBuiltIn = names.contains(nameOrPath)
      return reading
    } catch {
      guard case .malformed(let path, let line, _, let reason) = error else { throw error }
      return Lesson.Reading(
        lesson: nil, faults: [FileDiagnostic(path: path, line: line ?? 1, message: reason)],
        claims: 0)
    }
  }

  /// A lesson is a few pages; a file of more bytes is none.
  private static let sizeLimit = 200_000
}
