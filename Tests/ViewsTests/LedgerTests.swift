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
    for row in [0, 5, 15] {
      let entries = SoftmaxTrace(run, plane: 0, row: row).entries(at: run.recording.lastCycle)
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
    for row in 0..<16 {
      let trace = SoftmaxTrace(run, plane: 0, row: row)
      for entry in trace.entries(at: run.recording.lastCycle).dropFirst() {
        let exact = Float.exp(entry.oldMaximum! - entry.newMaximum!)
        #expect(abs(entry.alpha! - exact) <= 1e-6)
        #expect(entry.tileMaximum! <= entry.newMaximum!)
      }
    }
  }

  @Test("before a row has met a key its ledger is empty, and it grows by one block at a time")
  func growth() throws {
    let run = try run("flash-attention-2")
    let trace = SoftmaxTrace(run, plane: 0, row: 0)
    let counts = Set(run.recording.events.map(\.cycle)).sorted().map { trace.entries(at: $0).count }
    #expect(counts.first == 0)
    #expect(counts == counts.sorted())
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $1 - $0 <= 1 })
  }

  @Test("bars are e^(s − m) over the keys seen, and shrink by α while l does", arguments: kernels)
  func bars(kernel: String) throws {
    let run = try run(kernel)
    let end = run.recording.lastCycle
    for row in [0, run.facts.telltaleRow] {
      let trace = SoftmaxTrace(run, plane: 0, row: row)
      let logits = run.reference!.logits(plane: 0, row: row, columns: 0..<16)
      for (bar, logit) in zip(SoftmaxBars(trace, at: end, keys: 16).heights, logits) {
        #expect(abs(Double(bar!) - .exp(logit - logits.max()!)) < 1e-5)
      }
      for rise in trace.rises.map(\.known) {
        // While l is brought up to date, the first key's bar falls from its old height to α times it.
        let alpha = try #require(trace.entries(at: rise).last?.alpha)
        let before = try #require(SoftmaxBars(trace, at: rise, keys: 16).heights[0])
        var cycle = rise
        var last = before
        while trace.rescaleProgress(at: cycle) < 1 {
          cycle += 1
          let height = SoftmaxBars(trace, at: cycle, keys: 16).heights[0]!
          #expect(height <= last)
          last = height
        }
        #expect(abs(last - alpha * before) < 1e-6)
        #expect(cycle > rise + 1)
      }
    }
  }

  @Test("the row that is followed by itself is the one with most to see", arguments: kernels)
  func telltale(kernel: String) throws {
    let run = try run(kernel)
    let worth = (0..<16).map { row in
      let logits = run.reference!.logits(plane: 0, row: row, columns: 0..<16)
      let maxima = stride(from: 4, through: 16, by: 4).map { logits[..<$0].max()! }
      return zip(maxima, maxima.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * .exp($1.0 - $1.1) }
    }
    #expect(run.facts.telltaleRow == worth.firstIndex(of: worth.max()!)!)
  }
}
