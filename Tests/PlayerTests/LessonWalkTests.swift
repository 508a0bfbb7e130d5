// A lesson from beat to beat: forwards, back, answers, hints, time that passes, walking around.

import Canvas
import Lessons
import Testing

@testable import Player

@Suite("A lesson")
struct LessonWalkTests {
  /// Goes forward once: past time that passes, giving up on questions.
  private func step(_ player: inout LessonPlayer) -> Bool {
    let (place, wasAtEnd) = (player.place, player.isAtEnd)
    player.press(.right)
    if player.place == place, !player.isAtEnd { player.press(.character("!")) }
    player.advance(bySeconds: 100)
    return player.place != place || player.isAtEnd != wasAtEnd
  }

  @Test("back shows the frames of the walk forwards, in reverse, at every size")
  func backAndForth() throws {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
      var player = LessonPlayer(try demoLesson())
      var forwards = [player.frame(width: width, height: height).canvas]
      while step(&player) { forwards.append(player.frame(width: width, height: height).canvas) }
      #expect(forwards.count == 13)
      var backwards = [player.frame(width: width, height: height).canvas]
      for _ in 1..<forwards.count {
        // Arrows point where a tile is asked for.
        player.press(.pageUp)
        backwards.append(player.frame(width: width, height: height).canvas)
      }
      for (place, (there, back)) in zip(forwards, backwards.reversed()).enumerated() {
        #expect(there.lines == back.lines, "page \(place)")
        let isSame = there == back
        #expect(isSame, "inks of page \(place)")
      }
    }
  }

  @Test("an open question stops the walk until it is answered, and not again")
  func stops() throws {
    var player = LessonPlayer(try demoLesson())
    player.type("g2\n")
    player.press(.right, .right)
    #expect(player.place == Place(beat: 1, page: 1))
    #expect(player.message?.contains("!") == true)
    player.type("12\n")
    #expect(player.place.page == 1)
    #expect(player.lines().joined().contains("✗ 12 B is not it"))
    player.type("16,384\n")
    #expect(player.place.page == 2)
    #expect(player.lines().joined().contains("✓ your answer: 16,384 B"))
    player.press(.left)
    #expect(!player.lines().joined().contains("16,384"))
    player.press(.right)
    #expect(player.place.page == 2)
    #expect(player.answers == ["q1": "16,384"])
  }

  /// A lesson about one small run, by the rest of its front matter and its beats.
  private func reading(_ rest: String) -> Lesson.Reading {
    let front = """
      ---
      title: T
      summary: S.
      minutes: 1
      runs:
        flash: { kernel: flash-attention, n: 16, d: 4, tile: 8 }

      """
    return Lesson.read(front + rest, path: "t.md")
  }

  @Test("while time passes there is only what to watch, and the text when it has stopped")
  func watching() throws {
    let reading = reading(
      """
      keep: ["K crosses {reads(flash.K[0])} time.", "The rest."]
      ---
      ## One

      ```cue
      until: flash finished load V[0]
      play: true
      watch: The clock stands at {flash.now.cycle}. Look at V[0].
      ```

      V[0] has come.

      ## Two

      ```cue
      end
      ```

      Done.
      """)
    #expect(reading.diagnostics.isEmpty)
    var player = LessonPlayer(try #require(reading.lesson))
    #expect(
      player.lines().contains { $0.contains("Watch: The clock stands at 0 cycles. Look at V[0].") })
    #expect(!player.lines().contains { $0.contains("V[0] has come") })
    player.advance(bySeconds: 100)
    #expect(player.lines().contains { $0.contains("V[0] has come") })
    #expect(!player.lines().contains { $0.contains("Watch:") })
    player.press(.right, .right)
    let end = player.lines()
    #expect(player.isAtEnd && end.contains { $0.contains("The end of “T”") })
    #expect(end.contains { $0.contains("1. K crosses 1 time.") })
    player.press(.left)
    #expect(player.place == Place(beat: 1) && !player.isAtEnd)
  }

  @Test("watch needs an animation, and says so at its place")
  func watchWithout() {
    let reading = reading(
      """
      ---
      ## One

      ```cue
      until: start
      watch: Nothing.
      ```
      """)
    #expect(
      reading.diagnostics.map(\.message) == ["'watch': needs play: true, and time that passes"])
    #expect(reading.diagnostics.first?.line == 12)
  }

  @Test("hints come one at a time and are gone when one comes back")
  func hints() throws {
    var player = LessonPlayer(try demoLesson())
    player.type("g2\n")
    player.press(.right)
    let fresh = player.lines()
    player.type("?")
    #expect(player.lines().joined().contains("Hint 1 of 2: S has one row"))
    player.type("??")
    #expect(player.lines().joined().contains("Hint 2 of 2"))
    #expect(player.message == "No more hints.")
    player.press(.left, .right)
    #expect(player.lines() == fresh)
  }

  @Test("giving up shows the wrong answer beside the true one")
  func givingUp() throws {
    var player = LessonPlayer(try demoLesson())
    player.type("g2\n")
    player.press(.right)
    player.type("99 KB\n!")
    let text = player.lines().joined(separator: "\n")
    #expect(text.contains("✓ 16,384 B") && text.contains("✗ your answer: 99,000 B"))
    #expect(player.answers["q1"] == "99 KB")
  }

  @Test("choices are picked by letter or with the arrows, orders typed, tiles pointed at")
  func kinds() throws {
    var player = LessonPlayer(try demoLesson())
    player.type("g3\n")
    player.press(.right)
    player.type("c")
    #expect(player.place.page == 1)
    player.press(.down, .down, .enter)
    #expect(player.place.page == 2)
    player.press(.right)
    player.type("1 2\n")
    #expect(player.place.page == 3)
    player.type("2 3 1\n")
    #expect(player.place.page == 4)
    player.type("g4\n")
    player.press(.right, .down, .tab, .tab, .tab, .enter)
    #expect(player.place == Place(beat: 3, page: 2))
    #expect(player.answers["q4"] == "S[0,0]")
  }

  @Test("a click points at a tile, and its name can be typed over it")
  func clicking() throws {
    var player = LessonPlayer(try demoLesson())
    player.type("g4\n")
    player.press(.right)
    let targets = player.frame(width: 80, height: 24).targets
    let target = try #require(
      targets.first {
        if case .tile(0, let name) = $0.meaning { name.text == "S[1,2]" } else { false }
      })
    player.press(.click(row: target.rect.row, column: target.rect.column))
    #expect(player.lines().joined().contains("> S[1,2]"))
    player.type("S[0,0]\n")
    #expect(player.place.page == 2)
  }

  @Test("letters that begin no answer keep their meaning at a question")
  func letters() throws {
    var player = LessonPlayer(try demoLesson())
    player.type("g2\n")
    player.press(.right)
    player.type("h")
    #expect(player.place.page == 0)
    player.press(.right)
    #expect(player.update(.character("q"), width: 80, height: 24) == .quit)
    player.type("1q")
    #expect(player.lines().joined().contains("> 1q"))
  }

  @Test("time passes on the way to a beat, forwards only, and can be skipped")
  func animation() throws {
    var player = LessonPlayer(try demoLesson())
    player.press(.right)
    #expect(player.isPlaying)
    let start = player.lines()
    player.advance(bySeconds: 1)
    #expect(player.isPlaying && player.lines() != start)
    player.type(" ")
    #expect(!player.isPlaying && player.place == Place(beat: 1))
    let end = player.lines()
    player.press(.right, .left)
    #expect(!player.isPlaying && player.lines() == end)
    player.press(.left, .right)
    for _ in 0..<50 { player.advance(bySeconds: 0.1) }
    #expect(!player.isPlaying && player.lines() == end)
  }

  @Test("after walking around, the beat is exactly as it was")
  func exploring() throws {
    var player = LessonPlayer(try demoLesson())
    for place in ["2", "3", "4"] {
      player.type("g\(place)\n")
      player.press(.right)
      let before = player.lines()
      player.type("xnnntv:view ledger\nz")
      #expect(player.lines()[0].contains("walking around"))
      player.type("x")
      #expect(player.lines() == before)
      player.type("xnn$")
      player.press(.escape)
      #expect(player.lines() == before)
    }
  }

  @Test("a beat can be gone to by number; one that is not there is refused")
  func jumping() throws {
    var player = LessonPlayer(try demoLesson())
    player.type("g4\n")
    #expect(player.place == Place(beat: 3))
    player.type("g9\n")
    #expect(player.place == Place(beat: 3) && player.message == "No beat 9: there are 4.")
    player.press(.home)
    #expect(player.place == Place(beat: 0))
    player.press(.end)
    #expect(player.place == Place(beat: 3))
  }

  @Test("a lesson resumes where it was left, even if it has become shorter")
  func resuming() throws {
    let lesson = try demoLesson()
    let player = LessonPlayer(lesson, beat: 2, answers: ["q1": "16384", "gone": "1"])
    #expect(player.place == Place(beat: 2) && player.answers == ["q1": "16384"])
    #expect(player.message == "Resumed at beat 3; Home starts over.")
    #expect(LessonPlayer(lesson, beat: 99).place == Place(beat: 3))
    #expect(LessonPlayer(lesson, beat: -1).place == Place(beat: 0))
  }
}
