// Random problems whose hidden pairs are full of NaN and infinity: the same ones in every run.

import Kernels
import Machine

@testable import Lessons

/// One random problem, with its inputs and what is to run.
struct Trial {
  let number: Int
  private(set) var problem: AttentionProblem
  private(set) var inputs: [String: Matrix] = [:]
  private let kernel: Kernel
  private let mapping: Mapping
  private var dice: Dice

  init(number: Int) {
    self.number = number
    dice = Dice(state: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    kernel = attentionKernels[number % attentionKernels.count]
    let sizes = [1, 2, 3, 4, 5, 7, 8, 9, 13]
    let heads = dice.pick([1, 1, 2, 4])
    problem = AttentionProblem(
      queries: dice.pick(sizes), keys: dice.pick(sizes), d: dice.pick([1, 2, 3, 5]),
      dv: dice.pick([1, 2, 4]), batch: dice.pick([1, 1, 2]), heads: heads,
      keyValueHeads: heads == 1 ? 1 : heads / 2, scale: dice.pick([nil, nil, 1, -0.7]),
      softcap: dice.pick([nil, 0.5, 1, 3]))
    mapping = Mapping(
      rows: dice.pick([1, 2, 3, 4, 8, 16]), columns: dice.pick([1, 2, 3, 5, 8, 16]), depth: 1,
      stages: dice.pick([1, 2]))
    problem.maskRule = rule()
    problem.computesDeltaInline = dice.isHeads
    problem = problem.going(
      dice.pick([.forward, .backward, .both, .both]), dropout: dice.pick([nil, nil, nil, 0.4]),
      seed: UInt64(number))
    problem.bias = dice.isHeads ? bias() : nil
    inputs = Problem.attention(problem).seededInputs(UInt64(number))
    spoilUnseen()
    if dice.pick([true, false, false, false]) { spoilSeen() }
  }

  var results: [String] {
    (problem.hasForward ? ["O"] : []) + (problem.hasBackward ? ["dQ", "dK", "dV"] : [])
  }

  var name: String {
    "\(number): \(kernel.name) \(problem.pass) \(problem.queries)x\(problem.keys) \(problem.maskRule)"
      + " bias \(problem.bias != nil) cap \(problem.softcap as Double?) drop \(problem.dropout != nil)"
      + " tiles \(mapping.rows)x\(mapping.columns)"
  }

  /// On a chip where whole rows of the scores do not fit, if the rest of it does.
  func run() throws -> Finished {
    let small = testDevice(sram: 600)
    if number.isMultiple(of: 3),
      let run = try? Finished(kernel, .attention(problem), mapping, inputs: inputs, on: small)
    {
      return run
    }
    return try Finished(kernel, .attention(problem), mapping, inputs: inputs)
  }

  private mutating func rule() -> Mask.Rule {
    switch dice.pick(Array(0..<8)) {
    case 0: .causal
    case 1: .causalTopLeft
    case 2: .window(left: dice.pick([0, 1, 3]), right: dice.pick([0, 0, 2]))
    case 3: .padding(length: dice.pick(Array(0...problem.keys)))
    case 4, 5: .table(table(planes: dice.pick([1, problem.heads, problem.planes])))
    default: .none
    }
  }

  private mutating func table(planes: Int) -> Matrix {
    var table = Matrix(planes: planes, rows: problem.queries, columns: problem.keys)
    for index in table.values.indices { table.values[index] = dice.pick([0, 1, 1]) }
    return table
  }

  /// −∞ at a quarter of the pairs; NaN and both infinities where the mask hides a pair already; and
  /// so deep a valley at some others that their weight is 0.
  private mutating func bias() -> Matrix {
    let planes = dice.pick([1, problem.heads, problem.planes])
    var bias = Matrix.normal(
      planes: planes, rows: problem.queries, columns: problem.keys, seed: UInt64(number), stream: 9)
    let sees = literalVisibility(problem)
    let all = 0..<problem.planes
    let emptyRow = dice.pick([nil, 0, problem.queries - 1])
    for plane in 0..<planes {
      for row in 0..<problem.queries {
        for key in 0..<problem.keys {
          let seers = all.filter { headPlane($0, of: planes, heads: problem.heads) == plane }
          if !seers.contains(where: { sees($0, row, key) }) {
            bias[plane, row, key] = dice.pick([.nan, .infinity, -.infinity, 0])
          } else if row == emptyRow || dice.pick([true, false, false, false]) {
            bias[plane, row, key] = -.infinity
          } else if key > 0, bias[plane, row, 0].isFinite, all.allSatisfy({ sees($0, row, 0) }) {
            bias[plane, row, key] = dice.pick([-4000, bias[plane, row, key]])
          }
        }
      }
    }
    return bias
  }

  /// Rows of Q and dO that see nothing, of K that nobody sees, of V that have no weight anywhere.
  private mutating func spoilUnseen() {
    let seen = Seen(problem)
    for (row, sees) in seen.queries.enumerated() where !sees {
      for name in ["Q", "dO"] { spoil(name, row) }
    }
    for (row, isSeen) in seen.keys.enumerated() where !isSeen { spoil("K", row) }
    for (row, isWeighed) in seen.values.enumerated() where !isWeighed { spoil("V", row) }
  }

  /// NaN where somebody does look, or infinity where it cannot become NaN by itself.
  private mutating func spoilSeen() {
    let name = dice.pick(["Q", "K", "V", "dO"])
    guard let matrix = inputs[name] else { return }
    let values = name == "V" || name == "dO" ? [.nan, .infinity, -.infinity] : [Float.nan]
    inputs[name]!.values[dice.pick(Array(matrix.values.indices))] = dice.pick(values)
  }

  private mutating func spoil(_ name: String, _ row: Int) {
    guard let width = inputs[name]?.columns, dice.isHeads else { return }
    for column in row * width..<(row + 1) * width {
      inputs[name]!.values[column] = dice.pick([.nan, .infinity, -.infinity, 1e30, 0])
    }
  }
}

/// Which rows take part in anything.
private struct Seen {
  /// Queries that see a key, keys that a query sees, and values that have a weight somewhere.
  var queries: [Bool]
  var keys: [Bool]
  var values: [Bool]

  init(_ problem: AttentionProblem) {
    queries = Array(repeating: false, count: problem.planes * problem.queries)
    keys = Array(repeating: false, count: problem.keyValuePlanes * problem.keys)
    values = keys
    let sees = literalVisibility(problem)
    for plane in 0..<problem.planes {
      for row in 0..<problem.queries {
        for key in 0..<problem.keys where sees(plane, row, key) {
          let bias = problem.bias.map {
            $0[headPlane(plane, of: $0.planes, heads: problem.heads), row, key]
          }
          if bias == -.infinity { continue }
          let place = problem.keyValuePlane(plane) * problem.keys + key
          queries[plane * problem.queries + row] = true
          keys[place] = true
          let isKept = problem.dropout?.keeps(plane: plane, row: row, column: key) ?? true
          if isKept, bias ?? 0 > -1000 || (bias ?? 0).isNaN { values[place] = true }
        }
      }
    }
  }
}

/// Random choices, the same in every run.
private struct Dice {
  var state: UInt64

  mutating func pick<Value>(_ values: [Value]) -> Value {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return values[Int((state >> 33) % UInt64(values.count))]
  }

  var isHeads: Bool {
    mutating get { pick([true, false]) }
  }
}
