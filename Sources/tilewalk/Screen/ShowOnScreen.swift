// The loop between a viewer and a player: show a frame, wait for a key, update. While nothing plays
// it waits without using the processor.

import ArgumentParser
import Canvas
import Foundation
import Player
import Runs
import Terminal

/// Options of commands that use the screen.
struct ScreenChoices: ParsableArguments {
  @Flag(help: "Draw with ASCII characters only.") var ascii = false
  @Flag(help: "Leave the mouse to the terminal.") var noMouse = false
  @Option(help: "standard (dark or light, as the terminal is), dark, light, projector or mono.")
  var theme = Theme.standard
  @Option(help: "automatic, none, eight, sixteen or many.") var colour = ColourMode.automatic

  @Option(
    parsing: .unconditional, help: "How fast animations pass: 2 is twice as fast (0.1 to 20).")
  var speed = 1.0

  func validate() throws {
    guard (0.1...20).contains(speed) else {
      throw ValidationError("--speed \(speed): expected 0.1 to 20")
    }
  }

  var options: ScreenOptions {
    ScreenOptions(
      colour: colour, theme: theme, asciiOnly: ascii ? true : nil, usesMouse: !noMouse)
  }
}

extension Theme: ExpressibleByArgument {}
extension ColourMode: ExpressibleByArgument {}

/// Opens the screen, runs `body`, and closes the screen again.
/// - Throws: `Failure` 64 if there is no terminal, and what `body` throws.
func onScreen(
  _ choices: ScreenChoices, _ body: (borrowing Screen) throws(Failure) -> Void
) throws {
  var screen: Screen
  do { screen = try Screen.open(choices.options) } catch {
    throw Failure.usage(
      "\(error); run KERNEL reports figures without one, and export text prints a frame")
  }
  do { try body(screen) } catch {
    screen.close()
    throw error
  }
  screen.close()
}

/// Plays until the viewer quits.
/// - Parameters:
///   - showsFew: one large view at a time, for a projector.
///   - canLeave: whether Escape goes back to the library.
/// - Returns: `quit` or `leave`.
func walk(
  _ player: Player, on screen: borrowing Screen, showsOneView: Bool, speed: Double = 1,
  canLeave: Bool = false
) throws(Failure) -> Effect {
  var player = player
  player.showsOneView = showsOneView
  player.animatesSteps = true
  var shown = ContinuousClock.now
  while true {
    let (width, height) = screen.size
    screen.show(player.frame(width: width, height: height).canvas)
    let input = screen.nextKey(waiting: player.isMoving ? 33 : nil)
    if player.isMoving {
      let now = ContinuousClock.now
      player.advance(bySeconds: min(0.25, (now - shown) / .seconds(1)) * speed)
      shown = now
    } else {
      shown = .now
    }
    guard let key = try key(input) else { continue }
    let effect = player.update(key, width: width, height: height)
    if effect == .quit || (effect == .leave && canLeave) { return effect }
  }
}

/// Shows the demo until the viewer takes over, then plays on from there.
/// - Returns: `quit` or `leave`.
func watch(
  _ demo: DemoPlayer, on screen: borrowing Screen, showsOneView: Bool, speed: Double = 1,
  canLeave: Bool = false
) throws(Failure) -> Effect {
  var demo = demo
  var shown = ContinuousClock.now
  while true {
    let (width, height) = screen.size
    screen.show(demo.frame(width: width, height: height).canvas)
    let input = screen.nextKey(waiting: demo.isWaiting ? nil : 33)
    let now = ContinuousClock.now
    demo.advance(bySeconds: min(0.25, (now - shown) / .seconds(1)) * speed)
    shown = now
    guard let key = try key(input) else { continue }
    switch demo.update(key) {
    case .none: continue
    case .quit: return .quit
    case .takeOver:
      return try walk(
        demo.player, on: screen, showsOneView: showsOneView, speed: speed, canLeave: canLeave)
    }
  }
}

/// Shows the library until an item is chosen.
/// - Returns: the item's id; nil to quit.
func choose(_ library: inout StartScreen, on screen: borrowing Screen) throws(Failure) -> String? {
  while true {
    let (width, height) = screen.size
    screen.show(library.frame(width: width, height: height).canvas)
    guard let key = try key(screen.nextKey()) else { continue }
    switch library.update(key, height: height) {
    case .none: continue
    case .open(let id): return id
    case .quit: return nil
    }
  }
}

/// The key that was pressed; nil for other input.
/// - Throws: `Failure` with 128 + signal number if a signal or a lost terminal ends the program.
func key(_ input: Input) throws(Failure) -> Key? {
  switch input {
  case .key(let key): return key
  case .timeout, .ready: return nil
  case .signal(let number):
    throw Failure(code: number == SIGINT ? 130 : 128 + number, "interrupted")
  case .gone: throw Failure(code: 128 + SIGHUP, "the terminal has gone")
  }
}
