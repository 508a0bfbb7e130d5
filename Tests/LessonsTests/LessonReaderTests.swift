// From a lesson's file to its beats.

import Foundation
import Testing

@testable import Lessons

@Suite("Reading a lesson")
struct LessonReaderTests {
  @Test("The guide's first lesson is true")
  func guide() throws {
    let reading = Lesson.read(try String(contentsOfFile: "/tmp/l/first.md", encoding: .utf8), path: "first.md")
    for fault in reading.faults { print(fault.report) }
    let lesson = try #require(reading.lesson)
    for beat in lesson.beats { print(beat) ; print() }
  }
}
