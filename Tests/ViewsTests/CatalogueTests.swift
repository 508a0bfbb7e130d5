// A view that is not in the catalogue cannot be reached by a key.

import Foundation
import Testing
import Views

@Suite("The views' catalogue")
struct CatalogueTests {
  /// Every type in `Sources/Views` that is declared to be a `View`.
  private func declared() throws -> Set<String> {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appending(path: "Sources/Views")
    var names: Set<String> = []
    let walk = try #require(FileManager.default.enumerator(atPath: folder.path))
    for case let file as String in walk where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in text.matches(of: /struct (\w+)\s*:\s*([^{]*)\{/) {
        let parents = match.2.split { !$0.isLetter }
        if parents.contains("View") { names.insert(String(match.1)) }
      }
    }
    return names
  }

  @Test("names every view in its folder")
  func complete() throws {
    let listed = Set(ViewCatalogue.views.map { "\(type(of: $0))" })
    let declared = try declared()
    #expect(declared.count >= 6)
    for name in declared.subtracting(listed).sorted() {
      Issue.record(
        "\(name) is a View and missing in ViewCatalogue.views (Sources/Views/ViewCatalogue.swift)")
    }
  }

  @Test("gives every view a name of its own, by which it is found")
  func names() {
    let names = ViewCatalogue.views.map(\.name)
    #expect(Set(names).count == names.count)
    for (index, name) in names.enumerated() {
      #expect(ViewCatalogue.index(of: name) == index)
      #expect(name.allSatisfy { $0.isLowercase || $0 == "-" }, "\(name) is typed after :view")
    }
    #expect(ViewCatalogue.index(of: "no such view") == nil)
  }
}
