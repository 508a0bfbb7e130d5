// What every shipped lesson has, beside being true: what to watch, notes for the presenter, an ending.

import Foundation
import Testing

@testable import Lessons

@Suite("The course")
struct CourseTests {
  /// The front matter and the beats of a lesson's file.
  private func parts(_ name: String) throws -> (front: String, beats: [String]) {
    let bytes = try #require(LessonLibrary.text(of: name))
    let text = String(decoding: bytes, as: UTF8.self)
    let sections = text.components(separatedBy: "\n## ")
    return (sections[0], Array(sections.dropFirst()))
  }

  @Test("each beat has notes for the presenter", arguments: LessonLibrary.names)
  func notes(name: String) throws {
    for beat in try parts(name).beats {
      #expect(beat.contains("```notes"), "\(name): \(beat.prefix { $0 != "\n" })")
    }
  }

  @Test("where time passes it is said what to watch", arguments: LessonLibrary.names)
  func watch(name: String) throws {
    for beat in try parts(name).beats where beat.contains("\nplay: true") {
      #expect(beat.contains("\nwatch:"), "\(name): \(beat.prefix { $0 != "\n" })")
    }
  }

  @Test("it ends with three things to keep", arguments: LessonLibrary.names)
  func keep(name: String) throws {
    let front = try parts(name).front
    let list = try #require(front.components(separatedBy: "\nkeep:").dropFirst().first)
    let items = list.split(separator: "\n").prefix { $0.hasPrefix("  ") }
      .filter { $0.hasPrefix("  - ") }
    #expect(items.count == 3, "\(name)")
  }

  @Test("a number opens a lesson, and each but the last has one that comes next")
  func order() throws {
    for (index, name) in LessonLibrary.names.enumerated() {
      #expect(try LessonLibrary.source("\(index + 1)").path == "\(name).md")
      let next = LessonLibrary.next(after: name)
      #expect(
        next == (index + 1 < LessonLibrary.names.count ? LessonLibrary.names[index + 1] : nil))
    }
    #expect(throws: (any Error).self) { try LessonLibrary.source("99") }
  }

  @Test("no word that sounds translated", arguments: LessonLibrary.names)
  func words(name: String) throws {
    let bytes = try #require(LessonLibrary.text(of: name))
    let text = String(decoding: bytes, as: UTF8.self).lowercased()
    for word in ["narrow place", "passage", "comes to stay", "the trip of"] {
      #expect(!text.contains(word), "\(name): \(word)")
    }
  }
}
