// Every shipped lesson, from its start to its end and back: a page looks the same both ways.

import Canvas
import Lessons
import Testing

@testable import Player

@Suite("The course, walked")
struct CourseWalkTests {
  @Test("shows on the way back what it showed on the way forward", arguments: LessonLibrary.names)
  func walk(name: String) throws {
    let lesson = try #require(try LessonLibrary.read(name).lesson)
    func frames(_ player: LessonPlayer) -> [Canvas] {
      [(80, 24), (120, 40)].map { player.frame(width: $0, height: $1).canvas }
    }
    var player = LessonPlayer(lesson)
    player.advance(bySeconds: 1000)
    var forwards: [[Canvas]] = []
    var places: [Place] = []
    while !player.isAtEnd {
      forwards.append(frames(player))
      places.append(player.place)
      player.press(.pageDown)
      if player.place == places[places.count - 1], !player.isAtEnd {
        player.press(.character("!"))
      }
      player.advance(bySeconds: 1000)
    }
    #expect(player.frame(width: 80, height: 24).canvas.lines.contains { $0.contains("Keep this:") })
    for (place, canvases) in zip(places, forwards).reversed() {
      player.press(.pageUp)
      #expect(player.place == place)
      let isSame = frames(player) == canvases
      #expect(isSame, "beat \(place.beat + 1), page \(place.page + 1)")
    }
  }
}
