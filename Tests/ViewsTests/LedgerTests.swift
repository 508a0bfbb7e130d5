// The ledger's numbers are those of the run, and the run's are the exact ones.

import Kernels
import RealModule
import Testing

@testable import Library
@testable import Moments
@testable import Views

@Suite("The ledger")
struct LedgerTests {
  static let kernels = ["flash-attention", "flash-attention-2"]

  private func run(_ name: String) throws -> CompletedRun {
    let kernel = try #require(Catalogue.kernel(named: name))
    let sample = try SampleLibrary.find("coreference")
    let device = try DeviceLibrary.find("classroom").device
    let problem = AttentionProblem(queries: sample.q.rows, d: sample.q.columns)
    let plan = try Plan(kernel, .attention(problem), Mapping(tile: 4), device)
    return try CompletedRun.simulate(
      plan, inputs: ["Q": sample.q, "K": sample.k, "V": sample.v], tokens: sample.tokens)
  }

  @Test("every entry equals the direct formula over the keys seen so far", arguments: kernels)
  func entriesAreExact(kernel: String) throws {
    let run = try run(kernel)
    let moment = Moment(run, at: run.recording.lastCycle)
    for row in [0, 5, 15] {
      var selection = Selection()
      selection.row = row
      let entries = SoftmaxLedger(moment, selection).entries(atMost: 100)
      #expect(entries.count == 4)
      for entry in entries {
        let exact = run.reference!.row(plane: 0, row: row, columns: 0..<entry.columns.upperBound)
        #expect(entry.isComplete)
        #expect(abs(Double(entry.newMaximum!) - exact.m) < 1e-5)
        #expect(abs(Double(entry.sum!) - exact.l) < 1e-5 * exact.l)
        for (value, expected) in zip(entry.output!, exact.output) {
          let scale = entry.outputIsSum ? exact.l : 1
          #expect(abs(Double(value) - expected * scale) < 1e-5 * scale)
        }
      }
    }
  }

  @Test("α is e to the fall of the maximum", arguments: kernels)
  func alpha(kernel: String) throws {
    let run = try run(kernel)
    let moment = Moment(run, at: run.recording.lastCycle)
    for row in 0..<16 {
      var selection = Selection()
      selection.row = row
      for entry in SoftmaxLedger(moment, selection).entries(atMost: 100).dropFirst() {
        let exact = Float.exp(entry.oldMaximum! - entry.newMaximum!)
        #expect(abs(entry.alpha! - exact) <= 1e-6)
        #expect(entry.tileMaximum! <= entry.newMaximum!)
      }
    }
  }

  @Test("before a row has met a key its ledger is empty, and it grows by one block at a time")
  func growth() throws {
    let run = try run("flash-attention-2")
    var counts: [Int] = []
    for cycle in Set(run.recording.events.map(\.cycle)).sorted() {
      var selection = Selection()
      selection.row = 0
      counts.append(SoftmaxLedger(Moment(run, at: cycle), selection).entries(atMost: 100).count)
    }
    #expect(counts.first == 0)
    #expect(counts == counts.sorted())
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $1 - $0 <= 1 })
  }
}
