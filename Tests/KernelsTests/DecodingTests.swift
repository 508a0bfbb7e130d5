// Few queries: keys that blocks share, and keys in pages.

import Machine
import Testing

@testable import Kernels
@testable import Library
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
      // Two heads share K and V, and are rows of one tile.
      #expect(read == 4 * (2 * keys * 11 + 4 * (6 * splits + splits * 6)))
      #expect(written == 4 * 4 * (splits * 6 + 5))
    }
  }

  @Test("At paper size each part counts its own tiles", arguments: [5, 13, 64])
  func partsOfDifferentLength(splits: Int) throws {
    for rule in [Mask.Rule.none, .padding(length: 700)] {
      let problem = AttentionProblem(
        queries: 1, keys: 1024, d: 16, heads: 4, maskRule: rule)
      var mapping = Mapping(tile: 16)
      mapping.splits = splits
      var device = testDevice()
      device.queueDiscipline = .processorSharing
      let plan = try Plan(Catalogue["flash-decoding"], .attention(problem), mapping, device)
      for (tensor, moved) in zip(plan.program.tensors, try plan.totals().tensors) {
        #expect(
          plan.traffic.first { $0.tensor == tensor.name }?.transfers == moved, "\(tensor.name)")
      }
    }
  }

  @Test("Parts are joined one after the other, each at the latency of L2, where they were left")
  func joining() throws {
    let device = try DeviceLibrary.find("a100-80gb").device
    let problem = AttentionProblem(
      queries: 1, keys: 65536, d: 128, heads: 16, keyValueHeads: 2, type: .fp16)
    func join(_ splits: Int) throws -> (cycles: Int, busBytes: Int) {
      let kernel = Catalogue["flash-decoding"]
      var mapping = try #require(kernel.released?.launched(problem, on: device))
      mapping.splits = splits
      let launch = try Plan(kernel, .attention(problem), mapping, device).totals().launches[1]
      return (launch.cycles, launch.busBytes)
    }
    let (few, many) = (try join(16), try join(64))
    let perPart = Double(many.cycles - few.cycles) / 48
    #expect((211..<300).contains(perPart), "\(perPart)")
    // The parts are what the launch before wrote last: only O and its weights cross the bus.
    #expect(many.busBytes == 16 * 128 * 2)
  }

  @Test("Heads that share keys are rows of one tile: the same output, K and V read once for them")
  func packedHeads() throws {
    let mapping = Mapping(rows: 8, columns: 4, depth: 4)
    for (batch, rule) in [(1, Mask.Rule.none), (2, .causal), (1, .padding(length: 5))] {
      let problem = AttentionProblem(
        queries: 1, keys: 21, d: 6, dv: 5, batch: batch, heads: 6, keyValueHeads: 2,
        maskRule: rule)
      let inputs = Problem.attention(problem).seededInputs(2)
      let wanted = try output(Catalogue["flash-attention-2"], problem, mapping, inputs).values
      for name in ["flash-decoding", "paged-attention"] {
        let (values, recording, plan) = try output(Catalogue[name], problem, mapping, inputs)
        #expect(plan.headsAsRows == 3)
        #expect(values.planes == 2 * batch && values.rows == 3)
        #expect(difference(values, wanted) < 1e-6, "\(name) \(rule)")
        let k = try #require(recording.program.tensorIndex("K"))
        let keys = if case .padding(let length) = rule { length } else { 21 }
        let tiles = tileCount(keys, 4)
        #expect(
          recording.totals.tensors[k].readBytes == 4 * 2 * batch * min(21, tiles * 4) * 6)
        let error = ExactOutput(plan.asked, inputs: inputs).error(of: recording)
        #expect(try #require(error).maxAbsolute < 1e-6)
      }
    }
  }

  @Test("Heads stay heads where the rows of a tile would see different keys")
  func unpackedHeads() throws {
    var problem = AttentionProblem(queries: 1, keys: 21, d: 6, heads: 6, keyValueHeads: 2)
    #expect(problem.packingGroupedHeads.headsAsRows == 3)
    problem.maskRule = .window(left: 2, right: 9)
    #expect(problem.packingGroupedHeads == problem)
    problem.maskRule = .none
    problem.bias = Matrix(planes: 6, rows: 1, columns: 21, values: Array(repeating: 1, count: 126))
    #expect(problem.packingGroupedHeads == problem)
    let two = AttentionProblem(queries: 2, keys: 21, d: 6, heads: 6, keyValueHeads: 2)
    #expect(two.packingGroupedHeads == two)
    let own = AttentionProblem(queries: 1, keys: 21, d: 6, heads: 6)
    #expect(own.packingGroupedHeads == own)
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
