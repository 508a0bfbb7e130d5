// The faulty kernels of the lesson are wrong exactly where their fault says, right everywhere else,
// and nowhere to be found but by name in a lesson.

import Foundation
import Kernels
import Machine
import Testing

@testable import Library

@Suite("Faulty kernels")
struct FaultTests {
  private static let mapping = Mapping(tile: 16)

  /// A faulty kernel's run, its right twin on the same inputs, and the direct formula.
  private struct Pair {
    let faulty: Finished
    let right: Finished
    let exact: [DirectRow]
    let problem: AttentionProblem
    let inputs: [String: Matrix]

    init(_ name: String, _ problem: AttentionProblem, seed: UInt64 = 1) throws {
      self.problem = problem
      inputs = Problem.attention(problem).seededInputs(seed)
      let kernel = try #require(Catalogue.anyKernel(named: name))
      let run = { try Finished($0, .attention(problem), mapping, inputs: $1) }
      faulty = try run(kernel, inputs)
      right = try run(Catalogue["flash-attention-2"], inputs)
      exact = direct(problem, inputs)
    }

    /// Rows of O that are not what they should be.
    var wrongRows: Set<Int> {
      let output = faulty["O"]!
      return Set(
        exact.indices.filter { row in
          (0..<problem.dv).contains { column in
            let error = abs(Double(output[row, column]) - exact[row].output[column])
            return !(error < 2e-6 * exact[row].magnitude[column] + 1e-30)
          }
        })
    }

    /// Logits of a query against all keys; hidden ones are −∞.
    func logits(_ row: Int) -> [Double] {
      Reference(problem, inputs: inputs).logits(plane: 0, row: row, columns: 0..<problem.keys)
    }

    /// Rows whose maximum is not in the first tile of keys.
    var risingRows: Set<Int> {
      Set(
        exact.indices.filter { row in
          let logits = logits(row)
          return logits[16...].max()! > logits[..<16].max()!
        })
    }
  }

  @Test("α forgotten: every row whose maximum rises later, too small by the ratio of the sums")
  func alphaForgotten() throws {
    let pair = try Pair("faulty-alpha-forgotten", AttentionProblem(queries: 64, d: 8))
    #expect(pair.wrongRows == pair.risingRows)
    #expect(!pair.risingRows.isEmpty && pair.risingRows.count < 64)
    let (l, output) = (pair.faulty["l"]!, pair.faulty["O"]!)
    for row in pair.risingRows {
      #expect(Double(l[row, 0]) > pair.exact[row].l)
      let ratio = pair.exact[row].l / Double(l[row, 0])
      for column in 0..<8 {
        let expected = pair.exact[row].output[column] * ratio
        #expect(abs(Double(output[row, column]) - expected) < 1e-5)
      }
    }
  }

  @Test("O not rescaled: the same rows, with the right denominator")
  func outputNotRescaled() throws {
    let pair = try Pair("faulty-output-not-rescaled", AttentionProblem(queries: 64, d: 8))
    #expect(pair.wrongRows == pair.risingRows)
    #expect(pair.faulty["l"] == pair.right["l"] && pair.faulty["L"] == pair.right["L"])
  }

  @Test("m from zero: rows whose logits are all below what e^s can hold, which become 0")
  func maximumFromZero() throws {
    // Every query sees one key only, so every row of O is a row of V, however large the logit.
    let rule = Mask.Rule.window(left: 0, right: 0)
    let problem = AttentionProblem(queries: 64, d: 8, scale: 40, maskRule: rule)
    let pair = try Pair("faulty-maximum-from-zero", problem)
    // e^s is 0 in fp32 below −104, and has fewer digits from −87 on.
    let rows = pair.exact.indices
    let lost = Set(rows.filter { pair.exact[$0].m < -104 })
    let unclear = Set(rows.filter { (-104 ... -87).contains(pair.exact[$0].m) })
    #expect(pair.wrongRows.subtracting(unclear) == lost)
    #expect((4..<40).contains(lost.count) && unclear.count < 8)
    #expect(rows.contains { (-87..<0).contains(pair.exact[$0].m) }, "some are negative and right")
    for row in lost { #expect((0..<8).allSatisfy { pair.faulty["O"]![row, $0] == 0 }) }
  }

  @Test("m from zero: logits that are negative but not so far down do no harm")
  func maximumFromZeroHarmless() throws {
    let rule = Mask.Rule.window(left: 1, right: 1)
    let problem = AttentionProblem(queries: 64, d: 8, maskRule: rule)
    let pair = try Pair("faulty-maximum-from-zero", problem)
    #expect(pair.exact.contains { $0.m < 0 })
    #expect(pair.wrongRows.isEmpty)
  }

  @Test("Unguarded row: NaN in every row that sees nothing of its first tile, whatever comes later")
  func unguardedRow() throws {
    let rule = Mask.Rule.window(left: 4, right: 0)
    let problem = AttentionProblem(queries: 32, d: 8, maskRule: rule)
    let pair = try Pair("faulty-unguarded-row", problem)
    // Rows 16 to 19 see keys 12 to 15, so their block visits the first tile; rows 20 to 31 do not.
    #expect(pair.wrongRows == Set(20..<32))
    for row in 20..<32 { #expect((0..<8).allSatisfy { pair.faulty["O"]![row, $0].isNaN }) }
  }

  @Test("Unguarded row: rows that see no key at all are NaN instead of 0")
  func unguardedEmptyRow() throws {
    let problem = AttentionProblem(queries: 32, keys: 24, d: 8, maskRule: .causal)
    let pair = try Pair("faulty-unguarded-row", problem)
    let (faulty, right) = (pair.faulty["O"]!, pair.right["O"]!)
    for row in 0..<32 {
      #expect((0..<8).allSatisfy { faulty[row, $0].isNaN } == (row < 8))
      #expect((0..<8).allSatisfy { right[row, $0] == 0 } == (row < 8))
    }
  }

  @Test(
    "Where the fault does not show, so does nothing else: values and traffic are right, and the text but for a line",
    arguments: Catalogue.faulty.map(\.name))
  func otherwiseRight(name: String) throws {
    // One tile of keys: no row is rescaled, none is empty.
    for problem in [
      AttentionProblem(queries: 40, keys: 16, d: 6, dv: 5),
      AttentionProblem(queries: 20, keys: 13, d: 6, batch: 2, heads: 4, keyValueHeads: 2),
      AttentionProblem(queries: 40, keys: 16, d: 6, softcap: 3, maskRule: .padding(length: 9)),
    ] {
      let pair = try Pair(name, problem, seed: 7)
      for tensor in ["O", "L", "m", "l"] where name != "faulty-maximum-from-zero" {
        #expect(pair.faulty[tensor] == pair.right[tensor], "\(tensor)")
      }
      #expect(worstError(pair.faulty["O"]!, problem, pair.inputs) < 2e-6)
      #expect(pair.faulty.plan.traffic == pair.right.plan.traffic)
    }
    let (code, right) = (Catalogue[name].text.code, Catalogue["flash-attention-2"].text.code)
    let changed = code.filter { !right.contains($0) }
    #expect(changed.count <= 2 && code != Array(right.prefix(code.count)), "\(changed)")
  }

  @Test(
    "The loop is FlashAttention-2's: a fault in a value alone leaves the log as it is",
    arguments: ["faulty-maximum-from-zero", "faulty-unguarded-row"])
  func sameLog(name: String) throws {
    for rule in [Mask.Rule.none, .causal, .padding(length: 0)] {
      let problem = AttentionProblem(
        queries: 40, keys: 56, d: 8, type: .fp16, softcap: 2, maskRule: rule)
      let pair = try Pair(name, problem)
      let log = { (run: Finished) in run.recording.events.map { run.recording.line(of: $0) } }
      #expect(log(pair.faulty) == log(pair.right))
    }
  }
}

@Suite("Where faulty kernels are")
struct FaultLibraryTests {
  @Test("None is in the catalogue, and each has a name of its own that says what it is")
  func names() {
    let names = Catalogue.faulty.map(\.name)
    #expect(Set(names).count == 4)
    for name in names {
      #expect(Catalogue.kernel(named: name) == nil)
      #expect(name.hasPrefix("faulty-"))
      #expect(Catalogue.anyKernel(named: name)?.name == name)
    }
    #expect(!Catalogue.faulty.contains { $0.name == "flash-attention-2" })
    #expect(Catalogue.faulty.allSatisfy { $0.text.isFaulty })
  }
}
