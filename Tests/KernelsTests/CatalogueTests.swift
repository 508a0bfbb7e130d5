// The folder is the catalogue; and every line of a kernel's text is somebody's work.

import Foundation
import Kernels
import Machine
import Testing

@testable import Library

@Suite("The kernels' catalogue")
struct CatalogueTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Kernels")

  private func names(in folder: URL) throws -> Set<String> {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return Set(files.filter { $0.hasSuffix(".kernel") }.map { String($0.dropLast(7)) })
  }

  @Test("is the folder: every file is a kernel of its name")
  func complete() throws {
    var shipped = try names(in: Self.folder)
    for folder in ["Approximate", "Decoding"] {
      shipped.formUnion(try names(in: Self.folder.appending(path: folder)))
    }
    #expect(shipped == Set(Catalogue.kernels.map(\.name)))
    let faults = try names(in: Self.folder.appending(path: "Faults"))
    #expect(faults == Set(Catalogue.faulty.map(\.name)))
    #expect(Catalogue.kernels.count >= 7)
  }

  @Test("comes in the order of the lecture")
  func order() {
    let orders = Catalogue.kernels.map { $0.text.order ?? 0 }
    #expect(orders == Array(1...orders.count))
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
  private func plans(_ kernel: Kernel) throws -> [Plan] {
    if kernel.isMatmul {
      return [
        try Plan(kernel, .matmul(MatmulProblem(m: 8, n: 8, k: 8)), Mapping(tile: 4), testDevice())
      ]
    }
    var released = Mapping(tile: 4)
    released.warps = 4
    return try [.none, .padding(length: 0), .causal].flatMap { (rule: Mask.Rule) in
      let problem = AttentionProblem(queries: 8, d: 4, type: .fp16, softcap: 1, maskRule: rule)
      var printed = problem.going(.both)
      printed.computesDeltaInline = true
      // Where whole rows do not fit, and tiles just do, a softmax takes two passes.
      let small = stride(from: 40, to: 400, by: 12).compactMap { sram in
        try? Plan(
          kernel, .attention(problem.going(.both, dropout: 0.1)), Mapping(tile: 1),
          testDevice(sram: sram))
      }
      return small + [
        try Plan(
          kernel, .attention(problem.going(.both, dropout: 0.1)), Mapping(tile: 4), testDevice()),
        try Plan(kernel, .attention(problem.going(.both)), Mapping(tile: 4), testDevice()),
        try Plan(kernel, .attention(printed), Mapping(tile: 4), testDevice()),
        try Plan(
          kernel, .attention(problem.going(.both)), released, testDevice(registers: 1 << 20)),
      ]
    }
  }

  @Test(
    "Every op names a line of the run's listing, and every statement has an op in some run",
    arguments: Catalogue.kernels.map(\.name))
  func lines(name: String) throws {
    let kernel = try #require(Catalogue.kernel(named: name))
    var used: Set<Int> = []
    var shown: Set<Int> = []
    for plan in try plans(kernel) {
      let listing = Set(plan.listing.map(\.number))
      shown.formUnion(listing)
      for launch in plan.program.launches {
        for index in 0..<launch.blocks {
          for op in plan.program.block(index, of: launch).ops {
            #expect(listing.contains(Int(op.line)), "\(op.verb) in line \(op.line)")
            used.insert(Int(op.line))
          }
        }
      }
    }
    for number in shown.subtracting(used).sorted() {
      let text = try #require(kernel.line(number)).text
      // What costs nothing: headings, loops, conditions, and a name for a tile that there is.
      let isFree =
        text.hasPrefix("launch ") || text.contains("for each ") || text.contains("each group")
        || text.contains("after the first") || text.contains(/^ +by [a-z]+$/) || text.hasSuffix(":")
        || text.contains(/^ +[^ ]+ = [^ ]+$/)
      #expect(isFree, "line \(number): \(text)")
    }
    for plan in try plans(kernel).prefix(1) {
      #expect(plan.listing.contains { !$0.why.isEmpty })
    }
  }

  @Test("A kernel refuses problems of the other family")
  func families() {
    let matmul = Problem.matmul(MatmulProblem(m: 4, n: 4, k: 4))
    let attention = Problem.attention(AttentionProblem(queries: 4, d: 4))
    for kernel in Catalogue.kernels {
      let other = kernel.isMatmul ? attention : matmul
      #expect(throws: PlanError.self) { try Plan(kernel, other, Mapping(tile: 2), testDevice()) }
    }
  }
}
