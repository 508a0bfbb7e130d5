// `tilewalk check [FILE…]`: proves lessons, and says of each fault where it is, in the manner of a
// good compiler.

import ArgumentParser
import Exports
import Foundation
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
    let readings = try names.map { (name: $0, reading: try LessonLibrary.read($0)) }
    let results = readings.map { name, reading in
      (name: name, reading: reading, faults: reading.faults + misfits(reading.lesson, name))
    }
    let faults = results.flatMap(\.faults)
    switch format {
    case .json: try emit(json(faults.map(Finding.init)))
    case .text:
      for result in results where result.faults.isEmpty {
        try emit("\(visible(result.name)): \(summary(result.reading))\n")
      }
      report(faults)
    }
    let wrong = results.count { !$0.faults.isEmpty }
    if wrong > 0 {
      throw Failure.mismatch(
        "\(wrong) of \(names.count) lesson\(names.count == 1 ? "" : "s") at fault")
    }
  }

  /// Beats that do not fit on a small screen.
  private func misfits(_ lesson: Lesson?, _ path: String) -> [Fault] {
    guard let lesson else { return [] }
    return LessonPlayer.misfits(lesson).map {
      Fault(path: path, line: $0.line, message: $0.message)
    }
  }

  private func summary(_ reading: Lesson.Reading) -> String {
    func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    let (beats, questions) = (
      reading.lesson?.beats.count ?? 0, reading.lesson?.questions.count ?? 0
    )
    return [count(beats, "beat"), count(questions, "question"), count(reading.claims, "claim")]
      .joined(separator: ", ") + ": all true"
  }

  private func report(_ faults: [Fault]) {
    let text = faults.map { $0.report + "\n" }.joined()
    FileHandle.standardError.write(Data(text.utf8))
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
