// The presenter's line: followers hear where the lesson is, and nothing they do can stop the player.

import Foundation
import Machine
import Player
import Testing

@testable import tilewalk

@Suite("The presenter's line", .timeLimit(.minutes(10)))
struct FollowingTests {
  private func status(_ beat: Int, answered: [String] = []) -> LessonStatus {
    LessonStatus(lesson: "demo", beat: beat, page: 0, answered: answered)
  }

  @Test("followers hear where the lesson is, at once and at every change")
  func following() throws {
    try withFolder { folder in
      let path = "\(folder)/s"
      var one = Following(at: path)
      var two = Following(at: path)
      one.listen()
      #expect(one.status == nil && !one.hasEnded)
      var broadcast = Broadcast(status(3), at: path)
      for _ in 0..<2 {
        one.listen()
        two.listen()
        broadcast.welcome()
      }
      one.listen()
      two.listen()
      #expect(one.status?.beat == 3 && two.status?.beat == 3)
      broadcast.tell(status(4, answered: ["q1"]))
      broadcast.tell(status(5, answered: ["q1"]))
      one.listen()
      #expect(one.status?.beat == 5 && one.status?.answered == ["q1"])
    }
  }

  @Test("a follower hears the end, and a new player after it")
  func ending() throws {
    try withFolder { folder in
      let path = "\(folder)/s"
      var following = Following(at: path)
      func play(_ beat: Int) {
        var broadcast = Broadcast(status(beat), at: path)
        following.listen()
        broadcast.welcome()
        following.listen()
        #expect(following.status?.beat == beat)
      }
      play(1)
      following.listen()
      #expect(following.status == nil && following.hasEnded)
      let left = try files(in: folder)
      #expect(left.isEmpty)
      play(2)
    }
  }

  @Test("a follower that never reads, and one that has died, do not hold the player up")
  func slow() throws {
    try withFolder { folder in
      let path = "\(folder)/s"
      var broadcast = Broadcast(status(0), at: path)
      let deaf = try #require(LocalSocket.connected(to: path))
      var dead = LocalSocket.connected(to: path)
      #expect(dead != nil)
      broadcast.welcome()
      dead = nil
      let long = (0..<200).map { "question \($0)" }
      for beat in 1..<2000 { broadcast.tell(status(beat, answered: long)) }
      // It has been let go: what the system kept for it can be read, and then the end.
      var bytes = 0
      while let news = deaf.received(), !news.isEmpty { bytes += news.count }
      #expect(bytes > 0 && deaf.received() == nil)
    }
  }

  @Test("the socket of a player that has died is replaced, that of a living one is not")
  func stale() throws {
    try withFolder { folder in
      let path = "\(folder)/s"
      do {
        let left = LocalSocket.listening(at: path)
        #expect(left != nil)
      }
      let names = try files(in: folder)
      #expect(names == ["s"])
      let first = LocalSocket.listening(at: path)
      #expect(first != nil)
      let second = LocalSocket.listening(at: path)
      #expect(second == nil)
    }
  }

  @Test("the folder must be ours alone, and the path short enough; else nobody is told")
  func privacy() throws {
    try withFolder { folder in
      let environment = ["XDG_RUNTIME_DIR": folder]
      let path = try #require(LocalSocket.path(for: "a/../b\u{1B}", environment: environment))
      #expect(path.hasPrefix("\(folder)/tilewalk/ab-"))
      #expect(LocalSocket.path(for: "a..b", environment: environment) != path)
      chmod("\(folder)/tilewalk", 0o755)
      #expect(LocalSocket.path(for: "ab", environment: environment) == nil)
    }
    let long = Broadcast(status(0), at: "/" + String(repeating: "x", count: 300))
    #expect(long.descriptor == nil)
    let none = Broadcast(status(0), at: nil)
    #expect(none.descriptor == nil)
  }
}
