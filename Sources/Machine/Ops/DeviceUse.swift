// Which units of a device an op occupies.

extension Device {
  /// The unit that computes an op's matrix product, and its FLOPs per cycle on one SM.
  package func multiplier(for cost: OpCost) -> (unit: Unit, perCycle: Double) {
    cost.multipliesOnLanes ? lanes : multiplier(for: cost.type)
  }

  /// Whether an op of this cost occupies `unit`.
  package func uses(_ unit: Unit, for cost: OpCost) -> Bool {
    let multiplies = cost.multiplied > 0 && multiplier(for: cost).unit == unit
    return switch unit {
    case .tensor: multiplies
    case .fp32: multiplies || cost.instructions + cost.integerInstructions > 0
    case .alu: rates[.alu] != nil && cost.integerInstructions > 0
    case .sfu: cost.special > 0
    case .shared, .copy, .l2, .hbm: cost.movedBytes > 0
    }
  }

  /// Cycles of an op on the FP32 lanes, where `product` cycles of a product are theirs, and on the lanes for integers.
  func laneCycles(_ cost: OpCost, product: Double) -> (fp32: Double, alu: Double, longer: Double) {
    let lanes = rates[.fp32]?.perCycle ?? 1
    let fp32 = product + Double(cost.instructions) / lanes
    guard let alu = rates[.alu]?.perCycle else {
      let all = fp32 + Double(cost.integerInstructions) / lanes
      return (all, 0, all)
    }
    let integers = Double(cost.integerInstructions) / alu
    return (fp32, integers, max(fp32, integers))
  }
}
