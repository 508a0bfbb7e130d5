// The rooms: arrows between the folders of a target go one way, files need each other in circles of
// three at most, and ARCHITECTURE.md has the picture. Draw it anew with TILEWALK_DRAW=1.

import Foundation
import Testing

@Suite("Rooms")
struct RoomTests {
  private static let graphs = Set(HouseRuleTests.sources.map(\.target)).sorted()
    .map { FileGraph($0, of: HouseRuleTests.sources) }

  @Test("Arrows between the folders of a target go one way")
  func folders() {
    for graph in Self.graphs {
      let arrows = graph.folderArrows
      for (arrow, reason) in arrows where arrow.from < arrow.to {
        let back = arrows[FileGraph.Arrow(from: arrow.to, to: arrow.from)]
        #expect(
          back == nil,
          "\(arrow.from) and \(arrow.to) need each other: \(reason); \(back ?? "")")
      }
      #expect(Layers(graph).circle.isEmpty, "a circle of folders: \(Layers(graph).circle)")
    }
  }

  @Test("Files need each other in circles of three at most")
  func circles() {
    #expect(Self.graphs.flatMap(\.files).count > 300)
    #expect(Self.graphs.map(\.reasons.count).reduce(0, +) > 800, "the search finds arrows")
    for circle in Self.graphs.flatMap(\.circles) {
      #expect(circle.count <= 3, "\(circle.joined(separator: ", "))")
    }
  }

  @Test("A folder has about a dozen files")
  func sizes() {
    for graph in Self.graphs {
      for folder in graph.folders {
        let count = graph.files.count { $0.folder == folder }
        #expect(count <= 16, "Sources/\(folder) has \(count) files")
      }
    }
  }

  @Test("ARCHITECTURE.md shows the folders as they are")
  func picture() throws {
    let url = packageRoot.appending(path: "ARCHITECTURE.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    let (start, end) = ("<!-- rooms -->\n", "<!-- /rooms -->")
    let first = try #require(text.range(of: start))
    let last = try #require(text.range(of: end))
    let drawn =
      "```\n" + Self.graphs.flatMap { Layers($0).lines }.joined(separator: "\n") + "\n```\n"
    if ProcessInfo.processInfo.environment["TILEWALK_DRAW"] == "1" {
      let new = text[..<first.upperBound] + drawn + text[last.lowerBound...]
      try String(new).write(to: url, atomically: true, encoding: .utf8)
      return
    }
    #expect(
      text[first.upperBound..<last.lowerBound] == drawn,
      "the picture has changed: `make picture` draws it anew")
  }

  @Test("The search for circles finds them")
  func search() {
    let files = [
      SourceFile(path: "Sources/T/A/One.swift", lines: ["struct One { var next: Two }"]),
      SourceFile(path: "Sources/T/B/Two.swift", lines: ["struct Two { var next: Three }"]),
      SourceFile(
        path: "Sources/T/B/Three.swift", lines: ["struct Three {", "  let one: One", "}"]),
      SourceFile(
        path: "Sources/T/B/Four.swift", lines: ["// One", "struct Four { let a = \"One\" }"]),
    ]
    let graph = FileGraph("T", of: files)
    #expect(graph.circles.map(\.count) == [3])
    #expect(graph.folderArrows.count == 2)
    #expect(graph.arrows["Sources/T/B/Four.swift"] == [], "comments and strings name nothing")
    #expect(Layers(graph).circle == ["T/A", "T/B"])
  }
}

/// The folders of a target from the lowest to the highest, for a picture.
private struct Layers {
  private let graph: FileGraph
  /// Each folder with those that it needs.
  private let needs: [String: Set<String>]
  /// The lowest first.
  private(set) var order: [String] = []
  /// Folders that need each other.
  private(set) var circle: [String] = []

  init(_ graph: FileGraph) {
    self.graph = graph
    var needs = Dictionary(graph.folders.map { ($0, Set<String>()) }, uniquingKeysWith: { $1 })
    for arrow in graph.folderArrows.keys { needs[arrow.from]!.insert(arrow.to) }
    self.needs = needs
    var rest = Set(graph.folders)
    while !rest.isEmpty {
      let free = rest.filter { needs[$0]!.isDisjoint(with: rest) }.sorted()
      guard !free.isEmpty else {
        circle = rest.sorted()
        return
      }
      order += free
      rest.subtract(free)
    }
  }

  /// A line per folder, the highest first: how many files it has, and the folders that it needs but for
  /// those that these need themselves.
  var lines: [String] {
    guard order.count > 1 else { return [line(graph.target, arrows: [])] }
    return [graph.target] + order.reversed().map { line($0, arrows: direct($0)) }
  }

  private func line(_ folder: String, arrows: [String]) -> String {
    let count = graph.files.count { $0.folder == folder }
    let name = folder == graph.target ? folder : "  " + folder.dropFirst(graph.target.count + 1)
    let start = name.padding(toLength: 16, withPad: " ", startingAt: 0) + (count < 10 ? " " : "")
    let names = arrows.map {
      $0 == graph.target ? $0 : String($0.dropFirst(graph.target.count + 1))
    }
    return "\(start)\(count)" + (arrows.isEmpty ? "" : "  ─► " + names.joined(separator: ", "))
  }

  private func direct(_ folder: String) -> [String] {
    let all = needs[folder]!
    let further = all.map(reachable).reduce(Set()) { $0.union($1) }
    return order.reversed().filter { all.contains($0) && !further.contains($0) }
  }

  private func reachable(from folder: String) -> Set<String> {
    needs[folder]!.reduce(needs[folder]!) { $0.union(reachable(from: $1)) }
  }
}
