// The lessons that are part of the program. To add one: a file in `Lessons/`, and its line here.

/// The built-in lessons, by name; a file elsewhere will do as well.
public enum LessonLibrary {
  private static let files: [(name: String, bytes: @Sendable () -> [UInt8])] = [
    ("01-attention", { PackageResources._1_attention_md }),
    ("02-memory-hierarchy", { PackageResources._2_memory_hierarchy_md }),
    ("03-tiled-matmul", { PackageResources._3_tiled_matmul_md }),
    ("04-softmax-by-blocks", { PackageResources._4_softmax_by_blocks_md }),
    ("05-flash-attention", { PackageResources._5_flash_attention_md }),
    ("06-the-race", { PackageResources._6_the_race_md }),
    ("07-when-flash-loses", { PackageResources._7_when_flash_loses_md }),
    ("08-flash-attention-2", { PackageResources._8_flash_attention_2_md }),
    ("09-find-the-bug", { PackageResources._9_find_the_bug_md }),
    ("10-recomputation", { PackageResources._0_recomputation_md }),
    ("11-masking-and-dropout", { PackageResources._1_masking_and_dropout_md }),
    ("12-data-movement", { PackageResources._2_data_movement_md }),
    ("13-the-table", { PackageResources._3_the_table_md }),
    ("14-longer-sequences", { PackageResources._4_longer_sequences_md }),
    ("15-waves-and-units", { PackageResources._5_waves_and_units_md }),
  ]

  /// The names `source` knows, in the order of the lecture.
  public static var names: [String] { files.map(\.name) }

  /// A lesson's text and the path that messages name: a built-in lesson, or a file, which has a `/`
  /// in its name or ends in `.md`.
  /// - Throws: `unknown` with the nearest name, or why the file cannot be read.
  public static func source(_ nameOrPath: String) throws(FileError) -> (text: String, path: String)
  {
    if let file = files.first(where: { $0.name == nameOrPath }) {
      let path = "\(file.name).md"
      return (try Lessons.text(of: file.bytes(), path: path), path)
    }
    guard nameOrPath.hasSuffix(".md") || nameOrPath.contains("/") else {
      throw .unknown(kind: "lesson", name: nameOrPath, valid: names)
    }
    return (try readText(nameOrPath, limit: sizeLimit), nameOrPath)
  }

  /// A built-in lesson's first lines; nothing is run.
  public static func heading(_ name: String) throws(FileError) -> LessonHeading {
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
  public static func read(_ nameOrPath: String) throws(FileError) -> Lesson.Reading {
    do {
      let (text, path) = try source(nameOrPath)
      return Lesson.read(text, path: path)
    } catch {
      guard case .malformed(let path, let line, let reason) = error else { throw error }
      return Lesson.Reading(
        lesson: nil, faults: [Fault(path: path, line: line ?? 1, message: reason)], claims: 0)
    }
  }

  /// A lesson is a few pages; a file of more bytes is none.
  private static let sizeLimit = 200_000
}
