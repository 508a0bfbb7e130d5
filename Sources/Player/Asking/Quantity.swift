// What can be changed in "what if": a quantity of the mapping, the problem or the device, and the values
// that it may take.

import Kernels
import Library
import Machine

/// A quantity of a run that the viewer can change.
enum VariedQuantity: String, Sendable, CaseIterable {
  case tile
  case n = "N"
  case d
  case sram = "SRAM"
  case bus = "HBM speed"
  case tensor = "tensor cores"
  case mask, device

  /// What a run consists of, before it is planned.
  struct Inputs: Sendable {
    var problem: AttentionProblem
    /// Nil for the tiles that the kernel has where nobody names any.
    var mapping: Mapping?
    /// The edge of the tiles in place of those of the mapping; nil for those.
    var tile: Int?
    var device: Device
  }

  /// A value: its text, and how it changes a run.
  struct Choice: Sendable {
    var text: String
    var apply: @Sendable (inout Inputs) -> Void
  }

  /// The choices around what a run has, in ascending order, and the index of what it has.
  /// - Parameters:
  ///   - base: the run.
  ///   - tiles: the tiles of all runs on the screen.
  func choices(_ base: Inputs, tiles: [Mapping]) -> (choices: [Choice], own: Int) {
    switch self {
    case .tile:
      let own = Set(tiles.map { "\($0.rows)×\($0.columns)" })
      let edge = max(tiles[0].rows, tiles[0].columns)
      let isSquare = tiles[0].rows == tiles[0].columns
      let name = own.count > 1 ? "each its own" : isSquare ? nil : own.first
      return around([4, 8, 16, 32, 64, 128], own: edge, ownText: name) { inputs, tile in
        inputs.tile = tile
      }
    case .n:
      // A table of masks or biases belongs to one size.
      let sizes = base.problem.hasTable ? [] : [16, 32, 64, 128, 256]
      return around(sizes, own: base.problem.queries) { inputs, n in
        let keys = max(1, inputs.problem.keys * n / max(1, inputs.problem.queries))
        (inputs.problem.queries, inputs.problem.keys) = (n, keys)
        if case .padding(let length) = inputs.problem.maskRule {
          inputs.problem.maskRule = .padding(length: min(length, keys))
        }
      }
    case .d:
      return around([8, 16, 32, 64, 128], own: base.problem.d) { inputs, d in
        (inputs.problem.d, inputs.problem.dv) = (d, d)
        inputs.problem.scale = 1 / Double(d).squareRoot()
      }
    case .sram:
      return scaled(Double(base.device.sharedBytes), "B") { inputs, bytes in
        inputs.device.sharedBytes = Int(bytes)
        inputs.device.sharedBytesPerBlock = Int(bytes)
      }
    case .bus:
      let rate = base.device.rates[.hbm]?.perCycle ?? 1
      return scaled(rate, "B/cycle") { inputs, rate in
        inputs.device.rates[.hbm]?.perCycle = rate
      }
    case .tensor:
      let rate = base.device.tensorFlops[base.problem.type] ?? base.device.lanes(base.problem.type)
      return scaled(rate, "FLOP/cycle") { inputs, rate in
        inputs.device.tensorFlops[inputs.problem.type] = rate
      }
    case .mask:
      let keys = base.problem.keys
      let rules: [(String, Mask.Rule)] = [
        ("none", .none), ("causal", .causal),
        ("window \(keys / 8)", .window(left: keys / 8, right: keys / 8)),
      ]
      let own = rules.firstIndex { $0.1 == base.problem.maskRule }
      let all = (own == nil ? [("as it is", base.problem.maskRule)] : []) + rules
      return (
        all.map { name, rule in Choice(text: name) { $0.problem.maskRule = rule } }, own ?? 0
      )
    case .device:
      let names = ["classroom", "v100", "a100-40gb", "h100-sxm"]
      let others = names.filter { $0 != base.device.name }.compactMap { name in
        (try? DeviceLibrary.find(name))?.device
      }
      let all = [base.device] + others
      return (all.map { device in Choice(text: device.name) { $0.device = device } }, 0)
    }
  }

  /// Whole numbers, with the run's own among them.
  private func around(
    _ values: [Int], own: Int, ownText: String? = nil,
    _ apply: @escaping @Sendable (inout Inputs, Int) -> Void
  ) -> (choices: [Choice], own: Int) {
    let all = Set(values + [own]).sorted()
    let choices = all.map { value in
      value == own
        // The run's own value changes nothing, even where tiles are not square.
        ? Choice(text: ownText ?? "\(value)") { _ in }
        : Choice(text: "\(value)") { apply(&$0, value) }
    }
    return (choices, all.firstIndex(of: own) ?? 0)
  }

  /// A quarter, half, the same, twice, four and eight times what the run has.
  private func scaled(
    _ own: Double, _ unit: String, _ apply: @escaping @Sendable (inout Inputs, Double) -> Void
  ) -> (choices: [Choice], own: Int) {
    let values = [own / 4, own / 2, own, own * 2, own * 4, own * 8]
    let choices = values.map { value in
      let number = value == value.rounded() ? grouped(Int(value)) : short(Float(value))
      return Choice(text: "\(number) \(unit)") { apply(&$0, value) }
    }
    return (choices, 2)
  }
}

extension AttentionProblem {
  /// Whether its mask or its bias is a table of its size.
  fileprivate var hasTable: Bool {
    if case .table = maskRule { return true }
    return bias != nil
  }
}

extension Device {
  /// FLOPs per cycle of one SM for products of a format that the tensor cores do not take.
  fileprivate func lanes(_ type: DataType) -> Double { multiplier(for: type).perCycle }
}
