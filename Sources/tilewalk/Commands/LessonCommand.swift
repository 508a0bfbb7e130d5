// `tilewalk lesson [NAME|FILE]`: a lesson on the screen, as plain lines, or graded.

import ArgumentParser
import Exports
import Foundation
import Lessons
import Library
import Runs
import Terminal

/// Plays a lesson, shows its notes, or grades answers to it.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "A lesson on the screen, or as plain lines.",
    discussion: """
      With --text, questions are answered on standard input, one line each; without standard input \
      they are printed with their answers.
      """)

  @Argument(help: "A built-in lesson or a Markdown file; see list lessons.") var lesson: String?
  @Flag(help: "Plain lines instead of a screen.") var text = false
  @Flag(help: "The presenter's view: what to say at each beat.") var notes = false
  @Option(help: "Answers as JSON: an object of question ids, or a list.") var answers: String?
  @Flag(help: "Exit with 1 unless every question was answered rightly.") var grade = false
  @Option(help: "text, or json for grades alone.") var format = ReportFormat.text
  @OptionGroup(title: "Screen") var screen: ScreenChoices

  func run() throws {
    let isText = text || answers != nil || grade || format == .json
    if isText, notes { throw Failure.usage("--notes is for the screen: leave out --text") }
    guard let name = lesson else {
      try openLibrary(isText: isText)
      return
    }
    if isText { try walk(readLesson(name)) } else { try show(name) }
  }

  private func openLibrary(isText: Bool) throws {
    guard !isText, !notes, hasTerminal else {
      let names = LessonLibrary.names
      let known = names.isEmpty ? "a Markdown file" : names.joined(separator: ", ")
      throw Failure.usage("which lesson? expected \(known)")
    }
    var library = try LibraryCommand.parse([])
    library.screen = screen
    try library.run()
  }

  private var hasTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  private func show(_ name: String) throws {
    guard hasTerminal else {
      _ = try readLesson(name)
      throw Failure.usage("a lesson on the screen needs a terminal; --text walks it as plain lines")
    }
    if notes { return try showNotes(readLesson(name), screen) }
    let heading = try? LessonLibrary.heading(name)
    // What has no heading is refused before the screen opens, and reading it says why.
    if heading == nil { _ = try readLesson(name) }
    try showLesson(name, heading, screen)
  }
}

// MARK: Lines and grades

extension LessonCommand {
  private func walk(_ lesson: Lesson) throws {
    let sheet = try answers.map { try AnswerSheet(contentsOf: $0, for: lesson.questions) }
    let grades =
      switch (format, sheet) {
      case (.json, let sheet?): try collect(lesson, SheetAnswers(sheet: sheet))
      case (.json, nil): try collect(lesson, StandardInput(allowsRetry: false))
      case (.text, let sheet?): try converse(lesson, SheetAnswers(sheet: sheet))
      case (.text, nil): try converse(lesson, StandardInput(allowsRetry: true))
      }
    if format == .json { try emit(json(GradeReport(lesson, grades))) }
    let failures = grades.count { $0.outcome != .right }
    if grade, failures > 0 {
      throw Failure.mismatch(
        "\(failures) of \(grades.count) questions answered wrongly or not at all")
    }
  }

  /// Prints the lesson line by line and asks its questions.
  private func converse(_ lesson: Lesson, _ source: some AnswerSource) throws -> [Grade] {
    var source = source
    let walk = LessonWalk(lesson) { try emit($0.map { visible($0) + "\n" }.joined()) }
    return try walk.run(&source)
  }

  /// Reads an answer per question without printing anything.
  private func collect(_ lesson: Lesson, _ source: some AnswerSource) throws -> [Grade] {
    var source = source
    return try lesson.questions.map { question in
      let typed = try source.answer(to: question) { true }
      let isBlank = typed?.allSatisfy(\.isWhitespace) ?? true
      return Grade(question, isBlank ? nil : typed)
    }
  }
}

/// The built-in lesson called `name`, or the one in that file.
/// - Throws: `Failure` 64, 65 or 66; for a lesson with diagnostics the first one, in one line.
func readLesson(_ name: String) throws -> Lesson {
  let reading = try LessonLibrary.read(name)
  if let lesson = reading.lesson, reading.diagnostics.isEmpty { return lesson }
  let headline = reading.diagnostics.first?.headline ?? "\(visible(name)): cannot be read"
  throw Failure.badData("\(headline); tilewalk check \(visible(name)) says more")
}
