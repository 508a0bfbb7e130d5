// The numbers of a run by name, as the tree of the JSON report. A lesson and a script that reads
// the report therefore use the same names.

import Foundation
import Kernels
import Machine

/// A node of the report: an object of named nodes, a list, or one value.
package indirect enum FigureTree: Sendable {
  case level([String: FigureTree])
  case list([FigureTree])
  case number(Double)
  case flag(Bool)
  case text(String)
  case missing

  /// The values of the JSON report; beside each `readBytes` and `writeBytes` stands their sum,
  /// `bytes`.
  package init(_ plan: Plan, _ totals: Totals, error: OutputError?) {
    self.init(Report(plan, totals, error: error))
  }

  /// A report's figures by their names in JSON.
  package init(_ report: Report) {
    // JSON cannot encode infinity or NaN; the tree is then empty.
    let data = (try? JSONEncoder().encode(report)) ?? Data("{}".utf8)
    self = ((try? JSONDecoder().decode(FigureTree.self, from: data)) ?? .level([:])).withSums
  }

  /// Bytes that have crossed the bus, and bytes on chip, at one cycle of a recording.
  package init(_ state: State, cycle: Int, of recording: Recording) {
    let tensors = recording.program.tensors
    var moved: [String: FigureTree] = [:]
    for (tensor, transfers) in zip(tensors, state.transfers) where tensor.role != .statistic {
      moved[tensor.name] = FigureTree(transfers)
    }
    let onChip = Set(state.sram.keys).union(state.arriving).reduce(0) {
      $0 + recording.blocks[$1.block].tiles[$1.tile].bytes
    }
    self = .level([
      "cycle": .number(Double(cycle)), "tensors": .level(moved),
      "hbm": FigureTree(state.transfers.reduce(Transfers(), +)),
      "sram": .level(["bytes": .number(Double(onChip))]),
    ])
  }

  private init(_ transfers: Transfers) {
    self =
      FigureTree.level([
        "readBytes": .number(Double(transfers.readBytes)),
        "writeBytes": .number(Double(transfers.writeBytes)),
      ]).withSums
  }

  /// The constants of a device; rates per cycle and per second.
  package init(_ device: Device) {
    var figures: [String: FigureTree] = [
      "name": .text(device.name), "title": .text(device.title),
      "clockMHz": .number(device.clockMHz), "smCount": .number(Double(device.smCount)),
      "sramBytes": .number(Double(device.sramBytes)),
      "sharedBytes": .number(Double(device.sharedBytes)),
      "sharedBytesPerBlock": .number(Double(device.sharedBytesPerBlock)),
      "registerBytes": .number(Double(device.registerBytes)),
      "tensorMemoryBytes": .number(Double(device.tensorMemoryBytes)),
      "hbmBytes": .number(Double(device.hbmBytes)), "l2Bytes": .number(Double(device.l2Bytes)),
      "launchCycles": .number(Double(device.launchCycles)),
      "cyclesPerSecond": .number(device.clockMHz * 1e6),
    ]
    for (type, flops) in device.tensorFlops {
      figures["\(type.rawValue)TensorFlopsPerCycle"] = .number(flops)
    }
    for (unit, rate) in device.rates {
      let what = [Unit.fp32, .sfu].contains(unit) ? "Ops" : unit == .tensor ? "Flops" : "Bytes"
      figures["\(unit.name)\(what)PerCycle"] = .number(rate.perCycle)
      figures["\(unit.name)\(what)PerSecond"] = .number(rate.perCycle * device.clockMHz * 1e6)
      figures["\(unit.name)LatencyCycles"] = .number(Double(rate.latency))
    }
    self = .level(figures)
  }

  /// The tree with `bytes`, the sum, added wherever there are `readBytes` and `writeBytes`.
  private var withSums: FigureTree {
    guard case .level(let entries) = self else { return self }
    var sums = entries.mapValues(\.withSums)
    if case .number(let read)? = entries["readBytes"],
      case .number(let write)? = entries["writeBytes"]
    {
      sums["bytes"] = .number(read + write)
    }
    return .level(sums)
  }
}

extension FigureTree: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .missing
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([FigureTree].self) {
      self = .list(list)
    } else {
      self = .level(try container.decode([String: FigureTree].self))
    }
  }
}
