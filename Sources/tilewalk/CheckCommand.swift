// `tilewalk check [FILE…]`: proves lessons, and says of each fault where it is, in the manner of a
// good compiler.

import ArgumentParser
import Exports
import Lessons
import Player

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Prove lessons: every cue, number and claim.")

  @Argument(help: "Built-in lessons or Markdown files (default: all built-in lessons).")
  var lessons: [String] = []
  @Option(help: "text or json.") var format = ReportFormat.text

  func run() throws {
    let names = lessons.isEmpty ? LessonLibrary.names : lessons
    // All are read before anything is said: a name that is none is no finding about a lesson.
    let checked = try names.map { try CheckedLesson($0) }
    switch format {
    case .json: try emit(json(checked.flatMap(\.faults).map(Finding.init)))
    case .text:
      for lesson in checked where lesson.faults.isEmpty { try emit(lesson.summary + "\n") }
      say(checked.flatMap(\.faults).flatMap { $0.report.split(separator: "\n").map(String.init) })
    }
    let wrong = checked.count { !$0.faults.isEmpty }
    if wrong > 0 {
      throw Failure.mismatch(
        "\(wrong) of \(names.count) lesson\(names.count == 1 ? "" : "s") at fault")
    }
  }
}

/// A lesson and what is wrong with it: what it says, and what does not fit on a small screen.
private struct CheckedLesson {
  private let path: String
  private let reading: Lesson.Reading
  let faults: [Fault]

  init(_ name: String) throws {
    let reading = try LessonLibrary.read(name)
    let path = LessonLibrary.names.contains(name) ? "\(name).md" : name
    let misfits = reading.lesson.map { lesson in
      LessonPlayer.misfits(lesson).map {
        Fault(path: path, line: $0.line, message: $0.message)
      }
    }
    (self.path, self.reading, faults) = (path, reading, reading.faults + (misfits ?? []))
  }

  /// `first.md: 2 beats, 1 question, 2 claims: all true`.
  var summary: String {
    func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    let (beats, questions) = (reading.lesson?.beats.count, reading.lesson?.questions.count)
    let counts = [
      count(beats ?? 0, "beat"), count(questions ?? 0, "question"), count(reading.claims, "claim"),
    ]
    return "\(visible(path)): \(counts.joined(separator: ", ")): all true"
  }
}

/// A fault for programs.
private struct Finding: Encodable {
  let path: String
  let line: Int
  let column: Int
  let message: String
  let source: String?
  let note: String?

  init(_ fault: Fault) {
    (path, line, column) = (fault.path, fault.line, fault.column)
    (message, source, note) = (fault.message, fault.source, fault.note)
  }

  private enum CodingKeys: String, CodingKey { case path, line, column, message, source, note }

  /// What a fault does not have is null, not missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(line, forKey: .line)
    try container.encode(column, forKey: .column)
    try container.encode(message, forKey: .message)
    try container.encode(source, forKey: .source)
    try container.encode(note, forKey: .note)
  }
}
