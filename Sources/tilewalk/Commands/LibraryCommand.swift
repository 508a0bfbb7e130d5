// `tilewalk` without a command: the library, and whatever is opened from it.

import ArgumentParser
import Kernels
import Lessons
import Library
import Machine
import Player
import Runs
import Terminal

/// Shows the library until the viewer quits. It is the default command, so it also answers unknown
/// ones.
struct LibraryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "library", abstract: "The library: lessons, demo, samples and free play.",
    shouldDisplay: false)

  /// Words that are not a command.
  @Argument(help: .hidden) var unknown: [String] = []
  @OptionGroup(title: "Screen") var screen: ScreenChoices

  func run() throws {
    if let word = unknown.first {
      let names = CommandCatalogue.commands.filter { $0.configuration.shouldDisplay }
        .compactMap { $0.configuration.commandName }
      let hint = guess(for: word, in: names)
      throw Failure.usage(
        "unknown command “\(visible(word))”\(hint); there are \(names.joined(separator: ", "))")
    }
    let (few, speed) = (screen.theme == .projector, screen.speed)
    try onScreen(screen) { screen throws(Failure) in
      var library = StartScreen(Self.items)
      while let id = try choose(&library, on: screen) {
        do {
          if try Self.open(id, on: screen, showsOneView: few, speed: speed) == .quit { return }
        } catch let failure as Failure {
          // A signal or a lost terminal ends the program, not only the item.
          if failure.code >= 128 { throw failure }
          library.message = failure.message
        } catch {
          library.message = "\(error)"
        }
        library.items = Self.items
      }
    }
  }

  private static var items: [StartScreen.Item] {
    var items = [
      StartScreen.Item(
        id: "demo", title: "Start here: the race in one minute",
        detail: "standard attention against FlashAttention, by itself; any key takes over")
    ]
    let progress = ProgressFile()?.progress() ?? [:]
    items += LessonLibrary.names.map { lessonItem($0, progress[$0]) }
    items += [
      StartScreen.Item(
        id: "race", title: "The race",
        detail: "standard attention against FlashAttention on a real head of 64 words"),
      StartScreen.Item(
        id: "flash-attention flash-attention-2", title: "Two generations of Flash",
        detail: "FlashAttention against FlashAttention-2 on the same head"),
    ]
    for name in SampleLibrary.names {
      guard let sample = try? SampleLibrary.find(name) else { continue }
      items.append(
        StartScreen.Item(
          id: "sample:\(name)", title: "Sample: \(name)",
          detail: "\(sample.title) (N \(sample.q.rows), d \(sample.q.columns))"))
    }
    items.append(
      StartScreen.Item(
        id: "naive-matmul tiled-matmul", title: "Matrix product, naive against tiled",
        detail: "6×9 times 9×6 in tiles of 3×3, as in the lecture"))
    for kernel in Catalogue.kernels {
      items.append(
        StartScreen.Item(id: kernel.name, title: "Free play: \(kernel.name)", detail: kernel.title))
    }
    return items
  }

  /// How far the viewer has come in a lesson, and how many questions were right: `at beat 3, 2 of 9 right · `.
  private static func text(of place: LessonProgress?) -> String {
    guard let place, place != LessonProgress() else { return "" }
    let score = place.questions.map { ", \(place.right ?? 0) of \($0) right" } ?? ""
    return "at beat \(place.beat + 1)\(score) · "
  }

  private static func lessonItem(_ name: String, _ place: LessonProgress?) -> StartScreen.Item {
    let heading = try? LessonLibrary.heading(name)
    let number = name.prefix { $0.isNumber }
    return StartScreen.Item(
      id: "lesson:\(name)", title: "Lesson \(Int(number) ?? 0): \(heading?.title ?? name)",
      detail: heading.map { "\($0.minutes) min · \(text(of: place))\($0.summary)" } ?? "")
  }

  /// Opens the item with this id, and plays it.
  /// - Returns: whether the viewer quit or went back to the library.
  private static func open(
    _ id: String, on screen: borrowing Screen, showsOneView: Bool, speed: Double
  ) throws -> Effect {
    if id == "demo" {
      let demo = try DemoPlayer(runs(of: id))
      return try watch(demo, on: screen, showsOneView: showsOneView, speed: speed, canLeave: true)
    }
    guard id.hasPrefix("lesson:") else {
      let player = try Player(runs(of: id))
      return try walk(player, on: screen, showsOneView: showsOneView, speed: speed, canLeave: true)
    }
    let name = String(id.dropFirst("lesson:".count))
    let lesson = try tilewalk.open(name, try? LessonLibrary.heading(name), on: screen)
    return try course(
      from: lesson, on: screen, showsOneView: showsOneView, speed: speed, canLeave: true)
  }

  private static func runs(of id: String) throws -> [CompletedRun] {
    var options = try PlayCommand.parse([]).options
    if id == "demo" || id == "race" { return try tilewalk.runs([], options) }
    if id.hasPrefix("sample:") {
      options.data.sample = String(id.dropFirst("sample:".count))
      return try tilewalk.runs([], options)
    }
    return try tilewalk.runs(id.split(separator: " ").map(String.init), options)
  }
}
