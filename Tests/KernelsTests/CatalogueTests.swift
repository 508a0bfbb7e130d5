// A kernel is a file and a line in the catalogue; and every line of its listing is somebody's work.

import Foundation
import Kernels
import Machine
import Testing

@Suite("The kernels' catalogue")
struct CatalogueTests {
  /// Every type in `Sources/Kernels` that is declared to be a kernel, with its file.
  private func declared() throws -> [String: String] {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appending(path: "Sources/Kernels")
    var types: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      guard file.hasSuffix(".swift") else { continue }
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in text.matches(of: /(?:struct|enum|class) (\w+)\s*:\s*([^{]*)\{/) {
        let parents = match.2.split { !$0.isLetter }
        if parents.contains("AttentionKernel") || parents.contains("MatmulKernel") {
          types[String(match.1)] = file
        }
      }
    }
    return types
  }

  @Test("names every kernel in its folder")
  func complete() throws {
    let listed = Set(Catalogue.kernels.map { "\(type(of: $0))" })
    let declared = try declared()
    #expect(declared.count >= 5)
    for (name, file) in declared where !listed.contains(name) {
      Issue.record(
        "\(name) in Sources/Kernels/\(file) is missing in Catalogue.kernels (Sources/Kernels/Kernel.swift)"
      )
    }
  }

  @Test("gives every kernel a name of its own, by which it is found")
  func names() {
    let names = Catalogue.kernels.map(\.name)
    #expect(Set(names).count == names.count)
    for kernel in Catalogue.kernels {
      #expect(Catalogue.kernel(named: kernel.name)?.title == kernel.title)
      #expect(!kernel.title.isEmpty && !kernel.source.isEmpty)
      #expect(kernel.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
    }
    #expect(Catalogue.kernel(named: "no such kernel") == nil)
  }

  /// Problems that between them take a kernel through all of its lines.
  private func plans(_ kernel: any Kernel) throws -> [Plan] {
    if kernel is any MatmulKernel {
      return [
        try Plan(kernel, .matmul(MatmulProblem(m: 8, n: 8, k: 8)), Mapping(tile: 4), testDevice())
      ]
    }
    return try [.none, .padding(length: 0), .causal].flatMap { (rule: Mask.Rule) in
      let problem = AttentionProblem(queries: 8, d: 4, type: .fp16, softcap: 1, maskRule: rule)
      // On the second device the softmax of standard attention takes two passes.
      return [
        try Plan(
          kernel, .attention(problem.going(.both, dropout: 0.1)), Mapping(tile: 4), testDevice()),
        try Plan(kernel, .attention(problem), Mapping(tile: 1), testDevice(sram: 150)),
      ]
    }
  }

  @Test(
    "Every op names a line of the listing, and every line has an op",
    arguments: Catalogue.kernels.map(\.name))
  func lines(name: String) throws {
    let kernel = try #require(Catalogue.kernel(named: name))
    var used: Set<Int> = []
    for plan in try plans(kernel) {
      for launch in plan.program.launches {
        for index in 0..<launch.blocks {
          for op in plan.program.block(index, of: launch).ops {
            #expect((1...kernel.listing.count).contains(Int(op.line)), "\(op.verb)")
            used.insert(Int(op.line))
          }
        }
      }
    }
    #expect(used == Set(1...kernel.listing.count))
    for line in kernel.listing { #expect(!line.text.isEmpty && !line.why.isEmpty) }
  }

  @Test("A kernel refuses problems of the other family")
  func families() {
    let matmul = Problem.matmul(MatmulProblem(m: 4, n: 4, k: 4))
    let attention = Problem.attention(AttentionProblem(queries: 4, d: 4))
    for kernel in Catalogue.kernels {
      let other = kernel is any MatmulKernel ? attention : matmul
      #expect(throws: PlanError.self) { try Plan(kernel, other, Mapping(tile: 2), testDevice()) }
    }
  }
}
