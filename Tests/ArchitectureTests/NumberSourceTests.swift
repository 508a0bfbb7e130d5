// Numbers about released kernels and about the papers' benchmarks are somebody's: a file that has
// any says in its opening comment whose, or the line above the number does.

import Foundation
import Testing

@Suite("Numbers have sources")
struct NumberSourceTests {
  /// Files with figures that are neither of an algorithm nor of a device.
  private static let files = swiftFiles("Sources").filter {
    $0.path.contains("AsLaunched/") || $0.path.hasSuffix("PublishedMetrics.swift")
  }

  /// A paper, a file of a released kernel, a guide, or a table of a paper.
  private static func namesSource(_ comment: String) -> Bool {
    comment.contains(#/arXiv|\.(h|cuh|cpp|py|cu)\b|Guide|Tables? \d|et al\.|num_splits/#)
  }

  private static func opening(_ file: SourceFile) -> String {
    file.lines.prefix { $0.hasPrefix("//") }.joined(separator: "\n")
  }

  @Test("Every constant that is a number has a source on its declaration or above the file")
  func constants() throws {
    var count = 0
    for file in Self.files {
      let isSourced = Self.namesSource(Self.opening(file))
      for (index, line) in file.lines.enumerated()
      where line.contains(
        #/^(  (private |public )?static |(private |public )?)let \w+(: \w+)? = [\[\(]?["\d]/#)
      {
        guard line.contains(where: \.isNumber) else { continue }
        count += 1
        let comment = file.lines[..<index].reversed().prefix {
          $0.trimmingCharacters(in: .whitespaces).hasPrefix("///")
        }.joined()
        #expect(isSourced || Self.namesSource(comment), "\(file.path):\(index + 1) \(line)")
      }
    }
    #expect(count >= 3)
  }

  @Test("A file that counts instructions or names tiles says above where they are from")
  func files() throws {
    #expect(Self.files.count >= 6)
    for file in Self.files where file.path.contains("AsLaunched/") {
      let code = file.lines.filter {
        !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//")
      }.joined(separator: "\n")
      // 0, 1 and what belongs to a type's name count nothing.
      guard code.contains(#/[ (,\[:-](0\.\d+|[2-9]\d*|1\d+)\b/#) else { continue }
      #expect(Self.namesSource(Self.opening(file)), "\(file.path)")
    }
  }
}
