// The house rules, as tests: who may import whom, how long a file may be, how it begins, and words
// that name nothing.

import Foundation
import Testing

@Suite("House rules")
struct HouseRuleTests {
  /// Arrows of the picture in ARCHITECTURE.md, and the packages that each target may use.
  static let mayImport: [String: Set<String>] = [
    "Machine": ["Foundation", "RealModule"],
    "Canvas": ["Foundation", "RealModule"],
    "Notation": ["Machine"],
    "Kernels": ["Foundation", "Machine", "Notation", "RealModule", "Shipped", "Synchronization"],
    "Library": ["Foundation", "Kernels", "Machine", "Notation", "Shipped", "Yams"],
    "Runs": ["Foundation", "Kernels", "Library", "Machine", "Notation", "Synchronization"],
    "Measuring": ["Kernels", "Library", "Machine", "Player", "Runs"],
    "Studies": ["Foundation", "Kernels", "Library", "Machine", "Runs"],
    "Moments": ["Foundation", "Kernels", "Machine", "RealModule"],
    "Shipped": ["Foundation"],
    "embed-files": ["Foundation"],
    "Lessons": [
      "CCommonMark", "Foundation", "Kernels", "Library", "Machine", "Moments", "Notation",
      "RealModule",
      "Runs",
      "Shipped", "Synchronization",
    ],
    "Views": ["Canvas", "Foundation", "Kernels", "Machine", "Moments", "RealModule"],
    "Player": [
      "Canvas", "Foundation", "Kernels", "Lessons", "Library", "Machine", "Moments", "Runs",
      "Views",
    ],
    "Terminal": ["CNcurses", "Canvas", "Foundation"],
    "Exports": [
      "Canvas", "Foundation", "Kernels", "Lessons", "Library", "Machine", "Moments", "Player",
      "Runs",
      "Studies", "Views",
    ],
    "tilewalk": [
      "ArgumentParser", "Canvas", "Exports", "Foundation", "Kernels", "Lessons", "Library",
      "Machine",
      "Moments", "Notation", "Player", "Runs", "Studies", "Synchronization", "Terminal", "Views",
    ],
  ]

  static let sources = swiftFiles("Sources")
  static let all = sources + swiftFiles("Tests")

  @Test("Every target imports only what the picture allows")
  func imports() {
    #expect(Self.sources.count > 50)
    for file in Self.sources {
      let allowed = Self.mayImport[file.target] ?? []
      for module in file.imports {
        #expect(
          allowed.contains(module),
          "\(file.path) imports \(module); \(file.target) may import \(allowed.sorted())")
      }
    }
  }

  @Test("Nothing in the picture points up")
  func noCycles() {
    var settled: Set<String> = []
    var rest = Set(Self.mayImport.keys)
    while !rest.isEmpty {
      let free = rest.filter { Self.mayImport[$0]!.isDisjoint(with: rest) }
      #expect(!free.isEmpty, "a circle among \(rest.sorted())")
      if free.isEmpty { return }
      settled.formUnion(free)
      rest.subtract(free)
    }
    #expect(settled.count == Self.mayImport.count)
  }

  @Test("Only Terminal knows ncurses")
  func ncurses() {
    #expect(
      Set(Self.sources.filter { $0.imports.contains("CNcurses") }.map(\.target)) == ["Terminal"])
  }

  @Test("Only Lessons knows the Markdown parser")
  func commonMark() {
    #expect(
      Set(Self.sources.filter { $0.imports.contains("CCommonMark") }.map(\.target)) == ["Lessons"])
  }

  @Test("Only one file writes to the streams, with nothing that stops the program")
  func streams() {
    let words = ["FileHandle", " print(", "fputs", "write(STD"]
    for file in Self.sources where file.target != "embed-files" {
      let found = words.filter { word in
        file.lines.contains { $0.contains(word) && !$0.hasPrefix("//") }
      }
      let isPlace = file.path == "Sources/tilewalk/Output/Streams.swift"
      #expect(found.isEmpty || isPlace, "\(file.path): \(found)")
    }
  }

  @Test("No file is longer than 400 lines")
  func length() {
    for file in Self.all {
      #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count - 1) lines")
    }
  }

  @Test("Every file begins by saying what it is, in one to five lines")
  func openings() {
    for file in Self.all {
      let opening = file.lines.prefix { $0.hasPrefix("//") }
      #expect(
        (1...5).contains(opening.count), "\(file.path) opens with \(opening.count) lines of comment"
      )
    }
  }

  @Test("No type has a name that could be any type's")
  func names() {
    let banned = ["Manager", "Helper", "Util", "Engine", "Base"]
    var count = 0
    for file in Self.all {
      for type in file.types {
        count += 1
        // A word of the name, not a part of one: Database would be a Base by accident.
        let words = type.split(before: \.isUppercase)
        let found = words.filter { word in banned.contains { word == $0 || word == $0 + "s" } }
        #expect(found.isEmpty, "\(file.path): \(type)")
      }
    }
    #expect(count > 100, "the search finds the types")
  }

  @Test("No class is unchecked, and nothing is shared that can change")
  func concurrency() {
    let isRule = "unchecked " + "Sendable"
    let isGlobal = "nonisolated" + "(unsafe)"
    for file in Self.sources {
      for line in file.lines {
        #expect(!line.contains("@" + isRule) && !line.contains(isGlobal), "\(file.path)")
      }
    }
  }
}

extension String {
  /// `TileView` as Tile and View.
  fileprivate func split(before isStart: (Character) -> Bool) -> [String] {
    var words: [String] = []
    for character in self {
      if isStart(character) || words.isEmpty { words.append("") }
      words[words.count - 1].append(character)
    }
    return words
  }
}
