// Which file of a target needs which other, by the names of types: an arrow goes from a file that
// mentions a type to the file that declares it. Between targets the compiler counts imports; inside
// one it lets every file see every other, so this is how the arrows between folders are known.

import Foundation

/// The files of one target, and the arrows between them.
struct FileGraph {
  let target: String
  let files: [SourceFile]
  /// Per file, by path: the files that it needs.
  private(set) var arrows: [String: Set<String>] = [:]
  /// Per arrow: the types because of which it is there.
  private(set) var reasons: [Arrow: Set<String>] = [:]

  /// From one file or folder to another.
  struct Arrow: Hashable {
    var from: String
    var to: String
  }

  init(_ target: String, of all: [SourceFile]) {
    self.target = target
    files = all.filter { $0.target == target }
    let homes = Self.homes(files)
    for file in files {
      arrows[file.path] = []
      for word in file.words {
        guard let home = homes[word], home != file.path else { continue }
        arrows[file.path]!.insert(home)
        reasons[Arrow(from: file.path, to: home), default: []].insert(word)
      }
    }
  }

  /// The file of each type. A name that two files declare says nothing.
  private static func homes(_ files: [SourceFile]) -> [String: String] {
    var homes: [String: String?] = [:]
    for file in files {
      for type in file.outerTypes { homes[type] = .some(homes[type] == nil ? file.path : nil) }
    }
    return homes.compactMapValues { $0 }
  }

  // MARK: Folders

  /// The folders of the target, in alphabetical order.
  var folders: [String] { Set(files.map(\.folder)).sorted() }

  /// The arrows between its folders, each with a file and a type that it is there for.
  var folderArrows: [Arrow: String] {
    var found: [Arrow: String] = [:]
    let places = Dictionary(files.map { ($0.path, $0.folder) }, uniquingKeysWith: { $1 })
    for (arrow, words) in reasons.sorted(by: { $0.key.from < $1.key.from }) {
      let (from, to) = (places[arrow.from]!, places[arrow.to]!)
      guard from != to else { continue }
      found[Arrow(from: from, to: to)] =
        "\(arrow.from) names \(words.sorted().joined(separator: ", "))"
    }
    return found
  }

  // MARK: Circles

  /// Groups of more than one file each of which needs every other, directly or not (Tarjan 1972).
  var circles: [[String]] {
    var search = CircleSearch(arrows)
    return search.circles().filter { $0.count > 1 }.map { $0.sorted() }
  }
}

/// Finds the strongly connected components of a graph.
private struct CircleSearch {
  private let arrows: [String: Set<String>]
  private var index: [String: Int] = [:]
  private var lowest: [String: Int] = [:]
  private var stack: [String] = []
  private var found: [[String]] = []

  init(_ arrows: [String: Set<String>]) { self.arrows = arrows }

  mutating func circles() -> [[String]] {
    for node in arrows.keys.sorted() where index[node] == nil { visit(node) }
    return found
  }

  private mutating func visit(_ node: String) {
    index[node] = index.count
    lowest[node] = index[node]
    stack.append(node)
    for next in (arrows[node] ?? []).sorted() {
      if index[next] == nil {
        visit(next)
        lowest[node] = min(lowest[node]!, lowest[next]!)
      } else if stack.contains(next) {
        lowest[node] = min(lowest[node]!, index[next]!)
      }
    }
    guard lowest[node] == index[node], let start = stack.firstIndex(of: node) else { return }
    found.append(Array(stack[start...]))
    stack.removeSubrange(start...)
  }
}
