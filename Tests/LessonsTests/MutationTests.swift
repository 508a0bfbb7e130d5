// Every built-in lesson, broken on purpose: the reader must say so, name the file and the very line,
// and neither crash nor hang.

import Foundation
import Testing

@testable import Lessons
@testable import Library

@Suite("Broken lessons")
struct MutationTests {
  /// The built-in lessons, and one that has every part.
  static let scripts: [String: Script] = {
    var scripts = ["every-part": Script(text(ofFile: fixture("every-part.md")))]
    for name in LessonLibrary.names {
      scripts[name] = (try? LessonLibrary.source(name)).map { Script($0.text) }
    }
    return scripts
  }()

  static let names = scripts.keys.sorted()

  private static func text(ofFile path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// A built-in lesson takes its time to run; the small one is broken at several places.
  private static func seeds(_ name: String) -> [Int] {
    name == "every-part" ? Array(1...4) : [name.utf8.count]
  }

  /// Lessons that open on a GPU of full size, and take seconds for it: each suffers one mutation.
  private static let large = scripts.keys.sorted().filter {
    scripts[$0]!.lines.contains { $0.hasPrefix("device:") }
  }

  /// Every mutation, with the scripts that suffer it.
  private static func pairs(_ mutations: [Mutation]) -> [(Mutation, String)] {
    mutations.enumerated().flatMap { index, mutation in
      names.filter { name in
        guard let place = large.firstIndex(of: name) else { return true }
        return index == place
      }.map { (mutation, $0) }
    }
  }

  /// Breaks a lesson and checks that the complaint is about the right place.
  private func check(_ mutation: Mutation, _ name: String, seed: Int) throws {
    let script = try #require(Self.scripts[name])
    guard let mutant = mutation.mutant(of: script, seed: seed) else {
      #expect(name != "every-part", "no place for \(mutation.name)")
      return
    }
    try withFolder { folder in
      let path = "\(folder)/\(name).md"
      try writeFile(mutant.bytes, to: path)
      let reading = try LessonLibrary.read(path)
      #expect(reading.lesson == nil)
      let diagnostic = try #require(reading.diagnostics.first, "\(mutation.name) went unnoticed")
      #expect(diagnostic.path == path)
      #expect(diagnostic.line == mutant.line, "\(mutation.name): \(diagnostic.report)")
      #expect(isPlain(diagnostic.headline) && diagnostic.report.utf8.count < 2000)
    }
  }

  @Test("Every script to be broken is right before", arguments: names)
  func whole(name: String) throws {
    let script = try #require(Self.scripts[name])
    #expect(script.diagnostics.isEmpty, "\(script.diagnostics.map(\.report))")
  }

  @Test(
    "An author's mistake is found on its line", .timeLimit(.minutes(10)),
    arguments: pairs(Mutation.mistakes))
  func mistakes(mutation: Mutation, name: String) throws {
    for seed in Self.seeds(name) { try check(mutation, name, seed: seed) }
  }

  @Test(
    "A file that was damaged is refused at the line of the damage", .timeLimit(.minutes(10)),
    arguments: pairs(Mutation.vandalism))
  func vandalism(mutation: Mutation, name: String) throws {
    for seed in Self.seeds(name) { try check(mutation, name, seed: seed) }
  }
}
