// The demo: a race that plays itself, by the director's cut, and ends on the finale. Any key takes over.

import Canvas
import Kernels
import Machine
import Moments
import Views

/// The state of the demo.
package struct DemoPlayer: Sendable {
  /// The player that takes over.
  package private(set) var player: Player
  private let director: Director
  /// Seconds of the cut that have been shown.
  private var seconds = 0.0
  private var phase = Phase.title
  private var bet: Bet?
  /// True if it begins anew after the finale.
  private let loops: Bool

  private enum Phase { case title, betting, race, finale }

  /// Seconds of the title and of the finale.
  private static let titleSeconds = 4.0
  private static let finaleSeconds = 8.0

  /// What the program must do after a key.
  package enum Outcome: Sendable, Equatable { case none, takeOver, quit }

  /// - Parameter runs: two.
  package init(_ runs: [CompletedRun], loops: Bool = false) {
    player = Player(runs)
    player.hidesFuture = true
    director = Director(runs, traces: player.traces)
    self.loops = loops
    player.move(to: director.moment(at: 0).cycle)
  }

  /// Seconds from the title to the finale.
  package var length: Double { Self.titleSeconds + director.seconds }

  /// True if nothing changes until a key is pressed.
  package var isWaiting: Bool { phase == .betting || (phase == .finale && !loops) }

  /// Takes one key: `q` quits, `b` bets before the race has begun, any other takes over.
  package mutating func update(_ key: Key) -> Outcome {
    if key == .resize { return .none }
    if key == .character("q") { return .quit }
    switch phase {
    case .title where key == .character("b"):
      phase = .betting
      bet = Bet(player.runs)
      return .none
    case .betting:
      if key == .escape {
        bet = nil
        start()
      } else if case .character(let letter) = key {
        bet?.answer(letter)
        if bet?.open == nil { start() }
      }
      return .none
    case .title, .race, .finale:
      // Who has bet does not see the end before it is there.
      player.hidesFuture = bet != nil && phase != .finale
      player.bet = bet
      return .takeOver
    }
  }

  private mutating func start() {
    phase = .race
    seconds = 0
  }

  /// Goes on by `step` seconds.
  package mutating func advance(bySeconds step: Double) {
    guard phase != .betting else { return }
    seconds += step
    switch phase {
    case .title where seconds >= Self.titleSeconds: start()
    case .race:
      player.move(to: director.moment(at: seconds).cycle)
      if seconds >= director.seconds {
        player.move(to: player.lastCycle)
        player.hidesFuture = false
        phase = .finale
        seconds = 0
      }
    case .finale where loops && seconds >= Self.finaleSeconds:
      player.hidesFuture = true
      phase = .title
      bet = nil
      seconds = 0
      player.move(to: director.moment(at: 0).cycle)
    default: break
    }
  }

  /// Draws the whole screen: `width` columns, `height` rows.
  package func frame(width: Int, height: Int) -> Picture {
    switch phase {
    case .title:
      return player.frame(
        width: width, height: height, caption: "Two ways to the same attention. Which is faster?",
        footer: "b bet first   any other key takes over   q quit")
    case .betting: return betFrame(width: width, height: height)
    case .race:
      let rest = max(0, Int((director.seconds - seconds).rounded(.up)))
      return player.frame(
        width: width, height: height, caption: director.moment(at: seconds).caption,
        footer: "demo, \(rest) s left   any key takes over   q quit")
    case .finale:
      var last = player
      last.bet = bet
      last.overlay = .finale
      return last.frame(
        width: width, height: height, caption: nil,
        footer: "The end of the demo.   any key takes over   q quit")
    }
  }

  private func betFrame(width: Int, height: Int) -> Picture {
    var picture = player.frame(
      width: width, height: height, caption: "", footer: "a letter answers   Esc no bet   q quit")
    guard let bet, let question = bet.open, width >= 60, height >= 20 else { return picture }
    let box = Rect(
      row: height / 2 - 5, column: (width - 56) / 2, height: 9, width: 56)
    for row in 0..<box.height {
      picture.canvas.put(
        String(repeating: " ", count: box.width), row: row, column: 0, in: box)
    }
    picture.canvas.put(
      "Bet \(bet.answers.count + 1) of \(bet.questions.count)", Style(.dim), row: 1, column: 2,
      in: box)
    picture.canvas.put(question.text, Style(.title, bold: true), row: 2, column: 2, in: box)
    for (index, choice) in question.choices.enumerated() {
      let letter = String(UnicodeScalar(UInt8(97 + index)))
      picture.canvas.put(letter, Style(.accent, bold: true), row: 4 + index, column: 4, in: box)
      picture.canvas.put(choice, row: 4 + index, column: 7, in: box)
    }
    return picture
  }
}
