// The manifest and the folders tell the same story.

import Foundation
import Testing

@Suite("The manifest")
struct ManifestTests {
  /// `name → dependencies` of every target, read from the text of `Package.swift`.
  private func targets() throws -> [String: String] {
    let url = packageRoot.appending(path: "Package.swift")
    let text = try String(contentsOf: url, encoding: .utf8)
    let body = try #require(text.range(of: "targets: [\n")).upperBound
    var targets: [String: String] = [:]
    for piece in String(text[body...]).components(separatedBy: "arget(").dropFirst() {
      guard let name = piece.quoted.first else { continue }
      targets[name] = piece
    }
    return targets
  }

  @Test("Every target has its folder, and every folder its target")
  func folderPerTarget() throws {
    let names = try Set(targets().keys)
    #expect(Set(folders("Sources") + folders("Tests")) == names)
    #expect(names.count > 10)
  }

  @Test(
    "A target declares what its files import, and nothing that points up",
    arguments: HouseRuleTests.mayImport.keys.sorted())
  func dependencies(target: String) throws {
    let description = try #require(try targets()[target])
    let own = description.components(separatedBy: "\n    .")[0]
    let list = own.components(separatedBy: "dependencies:").dropFirst().first ?? ""
    let named = list.components(separatedBy: "exclude:")[0]
      .quoted.filter { !$0.hasPrefix("swift-") }
    let system = ["Foundation", "Synchronization"]
    let imported = Set(swiftFiles("Sources/\(target)").flatMap(\.imports)).subtracting(system)
    #expect(imported.isSubset(of: named), "\(imported.subtracting(named).sorted()) not declared")
    let allowed = try #require(HouseRuleTests.mayImport[target])
    #expect(
      Set(named).isSubset(of: allowed), "\(Set(named).subtracting(allowed).sorted()) points up")
  }
}

extension String {
  /// The texts between its quotation marks.
  fileprivate var quoted: [String] {
    components(separatedBy: "\"").enumerated().compactMap { $0 % 2 == 1 ? $1 : nil }
  }
}
