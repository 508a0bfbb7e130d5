// `tilewalk export FORMAT`: a frame as text or SVG, or all events as CSV.

import ArgumentParser
import Canvas
import Exports
import Kernels
import Lessons
import Library
import Player
import Runs
import Views

/// Prints what the screen would show at a cycle, or the events of the runs.
struct ExportCommand: ParsableCommand, RunDescribing {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "A frame as text or svg, or the events as csv.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, svg, csv }

  @Argument(help: "text, svg or csv.") var format: Format
  @Argument(help: "One or two kernels (default: standard-attention flash-attention).")
  var kernels: [String] = []
  @OptionGroup(title: "Problem") var problem: ProblemOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Mapping") var mapping: MappingOptions
  @OptionGroup(title: "Device") var device: DeviceOptions
  @Option(
    parsing: .unconditional, help: "The cycle to show, or a share of the run such as 50%.") var at =
    "50%"
  @Option(help: "The view in front: \(ViewCatalogue.views.map(\.name).joined(separator: ", ")).")
  var view = "race"
  @Option(
    parsing: .unconditional, help: "The query row to follow (default: that of the tile at work).")
  var row: Int?
  @Option(parsing: .unconditional, help: "Columns and rows of the screen.") var size = "80x24"
  @Option(
    parsing: .unconditional,
    help: """
      Keys to press first, as in play: r goes to a rise of the maximum, f shows the finale; ← → ↑ ↓ are \
      the arrow keys.
      """)
  var keys = ""
  @Option(help: "A page of this lesson, in place of a race.") var lesson: String?
  @Option(parsing: .unconditional, help: "With --lesson: the beat.") var beat = 1
  @Option(help: "Colours of svg: dark, light, projector or mono.") var theme = Palette.dark
  @Flag(help: "Keep no values: times and bytes of a run on a real device.")
  var timingOnly = false
  @Flag(help: "Draw with ASCII characters only.") var ascii = false

  func run() throws {
    if let lesson {
      guard format != .csv else { throw Failure.usage("--lesson is for text and svg") }
      try show(page(of: try readLesson(lesson)))
      return
    }
    let runs = try runs(kernels, options, timingOnly: timingOnly)
    if format == .csv {
      try emit(csv(runs.map { ($0.name, $0.recording) }))
      return
    }
    try show(frame(runs))
  }

  private func show(_ canvas: Canvas) throws {
    let canvas = ascii ? canvas.asciiOnly : canvas
    try emit(
      format == .svg ? svg(canvas, palette: theme) : canvas.lines.joined(separator: "\n") + "\n")
  }

  /// Columns and rows of the screen.
  private func extent() throws -> (width: Int, height: Int) {
    let sizes = size.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sizes.count == 2, let width = sizes[0], let height = sizes[1],
      (1...1000).contains(width), (1...1000).contains(height)
    else { throw Failure.usage("--size \(visible(size)): expected columns x rows, such as 80x24") }
    return (width, height)
  }

  /// The first page of a beat, after its animation and the keys.
  private func page(of lesson: Lesson) throws -> Canvas {
    let (width, height) = try extent()
    guard (1...lesson.beats.count).contains(beat) else {
      throw Failure.usage("--beat \(beat): \(lesson.name) has beats 1 to \(lesson.beats.count)")
    }
    var player = LessonPlayer(lesson, beat: beat - 1)
    player.showsOneView = theme == .projector
    player.advance(bySeconds: .infinity)
    player.dismissMessage()
    for key in keys { _ = player.update(Key(typed: key), width: width, height: height) }
    return player.frame(width: width, height: height).canvas
  }

  private func frame(_ runs: [CompletedRun]) throws -> Canvas {
    let (width, height) = try extent()
    guard ViewCatalogue.index(of: view) != nil else {
      let names = ViewCatalogue.views.map(\.name).joined(separator: ", ")
      throw Failure.usage("unknown view \(visible(view)); there are \(names)")
    }
    var player = Player(runs)
    player.showsOneView = theme == .projector
    player.show(viewNamed: view)
    if let row, let reason = player.follow(existingRow: row) {
      throw Failure.usage("--row \(row): \(reason)")
    }
    guard player.go(to: at) else {
      throw Failure.usage(
        "--at \(visible(at)): expected a cycle from 0 to \(player.lastCycle), or a share such as 50%"
      )
    }
    for key in keys {
      guard player.update(Key(typed: key), width: width, height: height) == .none else {
        throw Failure.usage("--keys \(visible(keys)): \(visible(String(key))) leaves the player")
      }
    }
    return player.frame(width: width, height: height).canvas
  }
}

extension Key {
  /// The key of a character of `--keys`.
  fileprivate init(typed character: Character) {
    switch character {
    case "←": self = .left
    case "→": self = .right
    case "↑": self = .up
    case "↓": self = .down
    default: self = .character(character)
    }
  }
}

extension Palette: ExpressibleByArgument {}
