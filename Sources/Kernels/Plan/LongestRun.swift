// An upper bound on the cycles of a run. Cycles are 64-bit integers, and a device file may have a
// bus of a thousandth of a byte per cycle, so a run could have too many.

import Machine

extension Device {
  /// The most cycles that a run may have: ticks of 1/1024 cycle must fit in 64 bits.
  package static let mostCycles = 0x1p52

  /// An upper bound on the cycles of a run: on one SM, with no two ops overlapping.
  func longestRun(of problem: Problem, _ mapping: Mapping) -> Double {
    let tensor = tensorFlops.values.min().map { $0 * (tensorAchieved.values.min() ?? 1) }
    let flops = min(tensor ?? .infinity, 2 * perCycle(.fp32))
    let bytes = [Unit.shared, .copy, .hbm].map(perCycle).min() ?? 1
    switch problem {
    case .attention(let p):
      let pairs = Double(p.planes) * Double(p.queries) * Double(p.keys)
      let width = Double(p.d + p.dv)
      // For each query-key pair at most ten products of this width, 60 operations on the lanes,
      // three exponentials and 64 bytes; for each tile, the bytes of its rows again.
      let rows = Double(max(1, min(mapping.rows, mapping.columns)))
      let elements = Double(p.planes) * Double(p.queries + p.keys) * width
      return pairs * (20 * width / flops + 60 / perCycle(.fp32) + 3 / perCycle(.sfu))
        + (pairs * (64 + 16 * width / rows) + 64 * elements) / bytes
    case .matmul(let p):
      let products = Double(p.m) * Double(p.n) * Double(p.k)
      return products * (2 / flops + 8 / bytes + 2 / perCycle(.fp32))
    }
  }

  private func perCycle(_ unit: Unit) -> Double { rates[unit]?.perCycle ?? 1 }
}
