// Few queries: keys that blocks share, and keys in pages.

import Machine
import Testing

@testable import Kernels
@testable import Notation

@Suite("Decoding")
struct DecodingTests {
  private func output(
    _ kernel: Kernel, _ problem: AttentionProblem, _ mapping: Mapping, _ inputs: [String: Matrix]
  ) throws -> (values: Matrix, recording: Recording, plan: Plan) {
    let plan = try Plan(kernel, .attention(problem), mapping, testDevice())
    var inputs = inputs
    plan.complete(&inputs, seed: 5)
    let recording = try plan.record(inputs: inputs)
    let index = try #require(recording.program.tensorIndex("O"))
    return (try #require(recording.finalState.matrix(index)), recording, plan)
  }

  private func difference(_ a: Matrix, _ b: Matrix) -> Float {
    zip(a.values, b.values).map { abs($0 - $1) }.max() ?? 0
  }

  @Test(
    "Any number of splits gives what FlashAttention-2 gives, and moves what the formulas say",
    arguments: [1, 3, 8, 40])
  func splits(splits: Int) throws {
    for (queries, keys, rule) in [
      (1, 61, Mask.Rule.none), (3, 64, .causal), (1, 1, .none), (2, 50, .padding(length: 7)),
    ] {
      let problem = AttentionProblem(
        queries: queries, keys: keys, d: 6, dv: 5, heads: 4, keyValueHeads: 2, maskRule: rule)
      let inputs = Problem.attention(problem).seededInputs(2)
      var mapping = Mapping(rows: 2, columns: 4, depth: 4)
      let wanted = try output(Catalogue["flash-attention-2"], problem, mapping, inputs).values
      mapping.splits = splits
      let (values, recording, plan) = try output(
        Catalogue["flash-decoding"], problem, mapping, inputs)
      #expect(difference(values, wanted) < 1e-6, "\(queries) \(keys) \(rule)")
      for (tensor, moved) in zip(plan.program.tensors, recording.totals.tensors) {
        let stated = plan.traffic.first { $0.tensor == tensor.name }?.transfers
        #expect(stated == moved, "\(tensor.name)")
      }
      guard rule == .none, queries == 1 else { continue }
      let moved = recording.totals.tensors
      let read = moved.reduce(0) { $0 + $1.readBytes }
      let written = moved.reduce(0) { $0 + $1.writeBytes }
      #expect(read == 4 * 4 * (keys * 11 + 6 * splits + splits * 6))
      #expect(written == 4 * 4 * (splits * 6 + 5))
    }
  }

  @Test("Pages in any order give the same output, and the last one is held whole")
  func pages() throws {
    let problem = AttentionProblem(queries: 3, keys: 30, d: 4, dv: 5, heads: 2, maskRule: .causal)
    let inputs = Problem.attention(problem).seededInputs(2)
    let mapping = Mapping(rows: 2, columns: 4, depth: 4)
    let wanted = try output(Catalogue["flash-attention-2"], problem, mapping, inputs).values
    for order: [Float] in [
      [0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0], [3, 7, 0, 5, 1, 6, 2, 4],
    ] {
      let table = Matrix(rows: 8, columns: 1, values: order)
      let kernel = Catalogue["paged-attention"].with(["block-table": .matrix(table)])
      let (values, recording, plan) = try output(kernel, problem, mapping, inputs)
      #expect(plan.refusalOfMatrices == nil)
      #expect(values == wanted)
      // Each page that is read is read where the table says.
      let index = try #require(recording.program.tensorIndex("K"))
      let reads = recording.finalState.transferCounts(index, plane: 0).map(\.reads)
      #expect(reads.count == 8 && reads.allSatisfy { $0 > 0 })
      #expect(recording.program.tensors[index].rows == 32)
    }
    let twice = Matrix(rows: 8, columns: 1, values: [0, 1, 2, 3, 4, 5, 6, 6])
    let plan = try Plan(
      Catalogue["paged-attention"].with(["block-table": .matrix(twice)]), .attention(problem),
      mapping, testDevice())
    #expect(plan.refusalOfMatrices?.contains("every number from 0 to 7 once") == true)
  }

  @Test("Without a number, the keys are split until most SMs have a block")
  func heuristic() {
    let device = testDevice()
    let one = AttentionProblem(queries: 1, keys: 4096, d: 4)
    let splits = keySplits(one, Mapping(tile: 16), on: device)
    #expect(splits == min(device.smCount, 128))
    let many = AttentionProblem(queries: 1, keys: 4096, d: 4, heads: device.smCount)
    #expect(keySplits(many, Mapping(tile: 16), on: device) == 1)
    let short = AttentionProblem(queries: 1, keys: 16, d: 4)
    #expect(keySplits(short, Mapping(tile: 16), on: device) == 1)
  }
}
