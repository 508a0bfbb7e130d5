// A viewer's place between sessions: kept beside others, and never a reason not to open a lesson.

import Foundation
import Lessons
import Testing

@testable import tilewalk

@Suite("The viewer's place")
struct ProgressTests {
  private func file(in folder: String) throws -> ProgressFile {
    try #require(ProgressFile(environment: ["XDG_STATE_HOME": "\(folder)/state", "HOME": "/"]))
  }

  @Test("a place is kept for each lesson, in the state folder")
  func keeping() throws {
    try withFolder { folder in
      let file = try file(in: folder)
      #expect(file.progress(in: "a") == LessonProgress())
      let (a, b) = (LessonProgress(beat: 3, answers: ["q1": "12 KB"]), LessonProgress(beat: 1))
      #expect(file.keep(a, in: "a") == nil && file.keep(b, in: "b") == nil)
      #expect(file.progress(in: "a") == a && file.progress(in: "b") == b)
      #expect(file.path == "\(folder)/state/tilewalk/lessons.json")
      let names = try files(in: "\(folder)/state/tilewalk")
      #expect(names == ["lessons.json"])
    }
  }

  @Test("without XDG_STATE_HOME it is below the home; without a home nothing is kept")
  func folders() {
    let home = ["HOME": "/home/ada", "XDG_STATE_HOME": "relative"]
    #expect(ProgressFile(environment: home)?.path == "/home/ada/.local/state/tilewalk/lessons.json")
    #expect(ProgressFile(environment: [:]) == nil)
  }

  @Test(
    "a file that makes no sense means no place, and is replaced",
    arguments: ["", "{", "[1]", #"{"schema":2,"lessons":{}}"#, #"{"schema":1,"lessons":{"a":7}}"#])
  func corrupt(text: String) throws {
    try withFolder { folder in
      let file = try file(in: folder)
      try FileManager.default.createDirectory(
        atPath: "\(folder)/state/tilewalk", withIntermediateDirectories: true)
      try writeFile(Array(text.utf8), to: file.path)
      #expect(file.progress(in: "a") == LessonProgress())
      #expect(file.keep(LessonProgress(beat: 2), in: "a") == nil)
      #expect(file.progress(in: "a").beat == 2)
    }
  }

  @Test("a place that cannot be kept is said, not thrown")
  func unwritable() throws {
    try withFolder { folder in
      try writeFile([], to: "\(folder)/state")
      let trouble = try file(in: folder).keep(LessonProgress(beat: 2), in: "a")
      #expect(trouble?.hasPrefix("Your place is not kept") == true)
    }
  }
}
