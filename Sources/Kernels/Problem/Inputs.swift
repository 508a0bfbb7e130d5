// Seeded inputs for a problem without data: standard normal numbers, the same for the same seed on
// every machine.

import Machine
import RealModule

/// SplitMix64 (Steele, Lea, Flood 2014): a counter and a mixing function.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A uniform number in (0, 1].
  mutating func nextUnit() -> Double { Double((next() >> 11) + 1) * 0x1p-53 }

  /// Two independent standard normal numbers (Box and Muller 1958).
  mutating func nextNormalPair() -> (Float, Float) {
    let radius = (-2 * Double.log(nextUnit())).squareRoot()
    let angle = 2 * Double.pi * nextUnit()
    return (Float(radius * .cos(angle)), Float(radius * .sin(angle)))
  }
}

extension Matrix {
  /// A matrix of standard normal numbers; each pair of `seed` and `stream` gives its own sequence.
  package static func normal(
    planes: Int = 1, rows: Int, columns: Int, seed: UInt64, stream: UInt64
  ) -> Matrix {
    var start = SplitMix64(seed: seed)
    var generator = SplitMix64(seed: start.next() &+ stream &* 0xD1B5_4A32_D192_ED03)
    var values: [Float] = []
    values.reserveCapacity(planes * rows * columns + 1)
    while values.count < planes * rows * columns {
      let pair = generator.nextNormalPair()
      values.append(pair.0)
      values.append(pair.1)
    }
    values.removeLast(values.count - planes * rows * columns)
    return Matrix(planes: planes, rows: rows, columns: columns, values: values)
  }
}

extension AttentionProblem {
  /// A seeded gradient of the output: planes × N × dv.
  package func seededGradient(_ seed: UInt64) -> Matrix {
    .normal(planes: planes, rows: queries, columns: dv, seed: seed, stream: 4)
  }
}

extension Problem {
  /// Seeded inputs by tensor name: Q, K, V and, for a backward pass, dO; or A and B.
  package func seededInputs(_ seed: UInt64) -> [String: Matrix] {
    switch self {
    case .attention(let p):
      [
        "Q": .normal(planes: p.planes, rows: p.queries, columns: p.d, seed: seed, stream: 1),
        "K": .normal(planes: p.keyValuePlanes, rows: p.keys, columns: p.d, seed: seed, stream: 2),
        "V": .normal(planes: p.keyValuePlanes, rows: p.keys, columns: p.dv, seed: seed, stream: 3),
      ].merging(p.hasBackward ? ["dO": p.seededGradient(seed)] : [:]) { $1 }
    case .matmul(let p):
      [
        "A": .normal(rows: p.m, columns: p.k, seed: seed, stream: 1),
        "B": .normal(rows: p.k, columns: p.n, seed: seed, stream: 2),
      ]
    }
  }

  /// The inputs that the problem itself carries, by tensor name: bias and mask table.
  package var ownInputs: [String: Matrix] {
    guard case .attention(let problem) = self else { return [:] }
    var inputs: [String: Matrix] = [:]
    inputs["bias"] = problem.bias
    if case .table(let table) = problem.maskRule { inputs["mask"] = table }
    return inputs
  }
}
