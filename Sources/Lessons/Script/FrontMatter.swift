// Reads the front matter of a lesson, its title and its runs, and simulates the runs.

import Kernels
import Library
import Runs

/// Title, summary and duration of a lesson, as lists of lessons show them.
package struct LessonHeading: Sendable, Equatable {
  package var title: String
  package var summary: String
  /// Duration in class, in minutes.
  package var minutes: Int

  init(_ entries: YamlMapping) throws(FileError) {
    title = try entries.text("title")
    summary = try entries.text("summary")
    minutes = try entries.integer("minutes", in: 1...600)
  }
}

/// The front matter of a lesson, with its runs simulated.
struct FrontMatter {
  var heading: LessonHeading
  /// The recorded runs, which the screen can show, and behind them the timing-only runs.
  var runs: [LessonRun]
  /// Indices of the runs on the screen at the first beat.
  var layout: [Int]

  var timed: [TimedRun] {
    runs.compactMap { if case .timed(let run) = $0 { run } else { nil } }
  }

  /// What a viewer should keep, a line each; empty where the lesson does not say.
  private(set) var keep: [YamlMapping.Line] = []

  private static let keys = ["title", "summary", "minutes", "device", "runs", "layout", "keep"]

  /// - Throws: the first error, with its line.
  init(_ part: Outline.Part, _ source: ScriptSource) throws(FileDiagnostic) {
    do throws(FileError) {
      let entries = try Self.entries(part, source)
      heading = try LessonHeading(entries)
      let device = try Self.device(entries)
      runs = try Self.runs(entries, device: device)
      let recorded = runs.prefix { if case .recorded = $0 { true } else { false } }
      guard !recorded.isEmpty else {
        throw entries.diagnostic(
          "runs", "found only timing-only runs, expected one that the screen can play")
      }
      if entries.has("keep") {
        keep = try entries.linesOfList("keep")
        guard keep.count <= 5 else {
          throw entries.diagnostic("keep", "found \(keep.count) things to keep, expected at most 5")
        }
      }
      layout = [Int](recorded.indices.prefix(2))
      guard entries.has("layout") else { return }
      let names = try entries.text("layout")
      guard let chosen = Self.layout(names, recorded.map(\.name)) else {
        throw entries.diagnostic("layout", Self.layoutDiagnostic(names, recorded.map(\.name)))
      }
      layout = chosen
    } catch { throw source.diagnostic(error, line: part.line) }
  }

  static func entries(
    _ part: Outline.Part, _ source: ScriptSource
  ) throws(FileError) -> YamlMapping {
    try YamlMapping(yaml: part, path: source.path, allowed: keys)
  }

  /// Name of the device of runs that set none.
  private static func device(_ entries: YamlMapping) throws(FileError) -> String {
    guard entries.has("device") else { return "classroom" }
    let name = try entries.text("device")
    do { _ = try DeviceLibrary.find(name, beside: entries.path) } catch {
      throw entries.diagnostic("device", error.message)
    }
    return name
  }

  /// Indices of one or two different runs by name; nil for any other text.
  static func layout(_ text: String, _ names: [String]) -> [Int]? {
    let words = text.split { $0 == " " || $0 == "," }.map(String.init)
    let indices = words.compactMap(names.firstIndex)
    guard indices.count == words.count, (1...2).contains(words.count),
      Set(indices).count == words.count
    else { return nil }
    return indices
  }

  static func layoutDiagnostic(_ text: String, _ names: [String]) -> String {
    "found \(quoted(text)), expected one or two of the runs \(names.joined(separator: ", "))"
  }

  private static func runs(
    _ entries: YamlMapping, device: String
  ) throws(FileError) -> [LessonRun] {
    let all = try entries.anyMapping("runs")
    guard !all.keys.isEmpty else { throw entries.diagnostic("runs", "expected at least one run") }
    guard all.keys.count <= 24 else {
      throw entries.diagnostic("runs", "expected at most twenty-four runs")
    }
    var budget = LessonBudget()
    var recordings: [PlannedRecording] = []
    var planned: [TimedRun.Planned] = []
    for name in all.keys {
      let isName =
        name.first?.isLetter == true && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      let taken = [
        "start", "end", "next", "last", "first", "tile", "pi", "infinity", "and", "or", "not",
      ]
      guard isName, !taken.contains(name), Function.named(name) == nil, name.count <= 20 else {
        throw all.diagnostic(
          name, "no name for a run; expected letters, digits and _, and no word of the language")
      }
      switch try RunReader(all, name, device: device).plan(within: &budget) {
      case .recorded(let run): recordings.append(run)
      case .timed(let run): planned.append(run)
      }
    }
    return try recorded(recordings, all, device: device) + timed(planned, all, device: device)
  }
}

extension FrontMatter {
  private static func recorded(
    _ planned: [PlannedRecording], _ all: YamlMapping, device: String
  ) throws(FileError) -> [LessonRun] {
    let results = concurrently(planned) { run -> Result<CompletedRun, Refusal> in
      do throws(Refusal) { return .success(try run.record()) } catch { return .failure(error) }
    }
    var runs: [LessonRun] = []
    for (run, result) in zip(planned, results) {
      do throws(Refusal) { runs.append(.recorded(try result.get())) } catch {
        throw try RunReader(all, run.name, device: device).diagnostic(error)
      }
    }
    return runs
  }

  private static func timed(
    _ planned: [TimedRun.Planned], _ all: YamlMapping, device: String
  ) throws(FileError) -> [LessonRun] {
    var runs: [LessonRun] = []
    for (plan, result) in zip(planned, TimedRun.all(planned)) {
      do throws(Refusal) { runs.append(.timed(try result.get())) } catch {
        throw try RunReader(all, plan.name, device: device).diagnostic(error)
      }
    }
    return runs
  }
}

extension YamlMapping {
  /// A mapping that is part of a larger file; errors have the line numbers of the file.
  init(yaml part: Outline.Part, path: String, allowed: [String]) throws(FileError) {
    let lines = part.lines.map(normalizingSpaces(yaml:))
    let text = String(repeating: "\n", count: part.line - 1) + lines.joined(separator: "\n")
    try self.init(composeYaml(text, path: path), path: path, allowed: allowed)
  }
}
