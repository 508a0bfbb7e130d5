// A viewer's place between sessions: kept beside others, and never a reason not to open a lesson.

import Foundation
import Lessons
import Player
import Testing

@testable import Library
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
    "what is not understood in a file stays as it is, beside the place",
    arguments: [
      "", "\n", #"{"schema":1}"#, #"{"schema":1,"lessons":{"a":7}}"#,
      #"{"schema":1,"later":[1.5],"lessons":{"x":{"beat":1.5},"b":{"beat":3,"more":[true]}}}"#,
      #"{"schema":1,"lessons":{"a":{"beat":1,"answers":{"old":"4"},"score":0.1}}}"#,
    ])
  func others(text: String) throws {
    try withFolder { folder in
      let file = try file(in: folder)
      try FileManager.default.createDirectory(
        atPath: "\(folder)/state/tilewalk", withIntermediateDirectories: true)
      try writeFile(Array(text.utf8), to: file.path)
      let kept = LessonProgress(beat: 2, heading: "T", answers: ["new": "5"])
      #expect(file.keep(kept, in: "a") == nil)
      #expect(file.progress(in: "a").beat == 2 && file.progress(in: "a").answers["new"] == "5")
      let after = try String(contentsOfFile: file.path, encoding: .utf8)
      for word in ["later", "1.5", "more", "old", "score", "0.1", "\"b\""] {
        #expect(after.contains(word) == text.contains(word), "\(word) in \(after)")
      }
    }
  }

  @Test(
    "a file of a later program, or none of ours, is never written over, and that is said",
    arguments: ["{", "[1]", #"{"schema":2,"lessons":{}}"#, #"{"lessons":{}}"#, "\u{FF}\u{0}"])
  func foreign(text: String) throws {
    try withFolder { folder in
      let file = try file(in: folder)
      try FileManager.default.createDirectory(
        atPath: "\(folder)/state/tilewalk", withIntermediateDirectories: true)
      try writeFile(Array(text.utf8), to: file.path)
      #expect(file.progress(in: "a") == LessonProgress())
      let trouble = file.keep(LessonProgress(beat: 2), in: "a")
      #expect(trouble?.contains("it is left as it is") == true, "\(trouble ?? "")")
      #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
    }
  }

  @Test("a file that is a link stays one")
  func link() throws {
    try withFolder { folder in
      let file = try file(in: folder)
      try FileManager.default.createDirectory(
        atPath: "\(folder)/state/tilewalk", withIntermediateDirectories: true)
      try writeFile(Array(#"{"schema":1}"#.utf8), to: "\(folder)/elsewhere.json")
      symlink("\(folder)/elsewhere.json", file.path)
      #expect(file.keep(LessonProgress(beat: 2), in: "a") == nil)
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: file.path).hasSuffix(
          "elsewhere.json"))
      #expect(file.progress(in: "a").beat == 2)
    }
  }

  @Test("answers go by what a question says, and a place by its beat's title")
  func identity() throws {
    func lesson(_ beats: [String]) throws -> Lesson {
      let head = """
        ---
        title: T
        summary: S
        minutes: 1
        runs:
          x: { kernel: flash-attention, n: 8, d: 4, tile: 4 }
        ---

        """
      return try #require(Lesson.read(head + beats.joined(separator: "\n"), path: "a.md").lesson)
    }
    func beat(_ title: String, _ ask: String) -> String {
      "## \(title)\n\nText.\n\n```ask\n\(ask)\n```\n"
    }
    let one = beat("One", "question: How many queries?\nanswer: x.problem.n")
    let two = beat("Two", "id: wide\nquestion: How many columns?\nanswer: x.problem.d")
    let (before, after) = (
      try lesson([one, two]),
      try lesson([beat("Zero", "question: Nk?\nanswer: x.problem.kv"), one, two])
    )
    var player = LessonPlayer(before, beat: 1, answers: ["q1": "8", "wide": "4"])
    player.say("")
    let kept = before.progress(player)
    #expect(kept.answers["wide"] == "4" && kept.answers["q1"] == nil && kept.heading == "Two")
    #expect(before.restored(kept).answers == player.answers && before.restored(kept).beat == 1)
    #expect(
      after.restored(kept).answers == ["q2": "8", "wide": "4"] && after.restored(kept).beat == 2)
    // Files of before this was kept have places alone.
    let old = LessonProgress(beat: 1, answers: ["q1": "8"])
    #expect(before.restored(old).answers == ["q1": "8"] && before.restored(old).beat == 1)
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
