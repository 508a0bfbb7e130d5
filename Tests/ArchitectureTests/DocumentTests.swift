// The guides say where things are: every file and folder that they name is there, and so is every
// command that has a file.

import Foundation
import Testing

@Suite("The guides")
struct DocumentTests {
  private static let guides = ["ARCHITECTURE.md", "CONTRIBUTING.md", "GLOSSARY.md", "README.md"]

  private func text(of path: String) throws -> String {
    try String(contentsOf: packageRoot.appending(path: path), encoding: .utf8)
  }

  private func exists(_ path: String) -> Bool {
    ["", "Sources/"].contains { start in
      FileManager.default.fileExists(atPath: packageRoot.appending(path: start + path).path)
    }
  }

  @Test("Every path that a guide names is there", arguments: guides)
  func paths(guide: String) throws {
    let text = try text(of: guide)
    let names = Set(swiftFiles("Sources").map { $0.path.split(separator: "/").last! })
    var count = 0
    for match in text.matches(of: #/`([\w-]+(?:/[\w-]+)*/?(?:\.\w+)?)`/#) {
      let path = String(match.1)
      if path.contains("/"), path.first!.isUppercase || path.hasPrefix("tilewalk/") {
        count += 1
        #expect(exists(path), "\(guide) names \(path)")
      } else if path.hasSuffix(".swift") {
        count += 1
        #expect(names.contains(Substring(path)), "\(guide) names \(path)")
      }
    }
    #expect(count > 10 || guide == "README.md")
  }

  @Test("Every room of the picture has its question")
  func questions() throws {
    let text = try text(of: "ARCHITECTURE.md")
    for target in ["Machine", "Notation", "Kernels", "Runs", "Studies", "Lessons", "Moments"] {
      for folder in folders("Sources/\(target)") {
        #expect(text.contains("| `\(target)/\(folder)` |"), "ARCHITECTURE.md: \(target)/\(folder)")
      }
    }
  }

  @Test("Every command has its line in the catalogue")
  func commands() throws {
    let catalogue = try text(of: "Sources/tilewalk/Commands/CommandCatalogue.swift")
    let commands = swiftFiles("Sources/tilewalk/Commands").flatMap(\.types)
      .filter { $0.hasSuffix("Command") }
    #expect(commands.count > 8)
    for command in commands {
      #expect(catalogue.contains("\(command).self"), "\(command) is missing in CommandCatalogue")
    }
  }
}
