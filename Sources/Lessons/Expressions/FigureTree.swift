// A run's figures by name: the very tree of the JSON report, so that a lesson and a script that reads
// the report use the same words.

import Foundation
import Kernels
import Machine

/// A level of named figures, or one figure.
indirect enum FigureTree: Sendable {
  case level([String: FigureTree])
  case list([FigureTree])
  case number(Double)
  case flag(Bool)
  case text(String)
  case missing

  /// The report's figures, with sums of the two directions beside them.
  init(_ plan: Plan, _ totals: Totals, error: OutputError?) {
    let report = Report(plan, totals, error: error)
    // An infinite or missing figure has no JSON; then there is nothing to name.
    let data = (try? JSONEncoder().encode(report)) ?? Data("{}".utf8)
    self = ((try? JSONDecoder().decode(FigureTree.self, from: data)) ?? .level([:])).withSums
  }

  /// What has crossed the bus by now.
  init(_ state: State, cycle: Int, of recording: Recording) {
    let tensors = recording.program.tensors
    var moved: [String: FigureTree] = [:]
    for (tensor, transfers) in zip(tensors, state.transfers) where tensor.role != .statistic {
      moved[tensor.name] = FigureTree(transfers)
    }
    let onChip = Set(state.sram.keys).union(state.arriving).reduce(0) {
      $0 + recording.blocks[Int($1.block)].tiles[Int($1.tile)].bytes
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

  init(_ device: Device) {
    var figures: [String: FigureTree] = [
      "name": .text(device.name), "title": .text(device.title),
      "clockMHz": .number(device.clockMHz), "smCount": .number(Double(device.smCount)),
      "sramBytes": .number(Double(device.sramBytes)),
      "sharedBytes": .number(Double(device.sharedBytes)),
      "sharedBytesPerBlock": .number(Double(device.sharedBytesPerBlock)),
      "registerBytes": .number(Double(device.registerBytes)),
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

  /// `bytes` wherever there are `readBytes` and `writeBytes`.
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
  init(from decoder: any Decoder) throws {
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

extension Dimension {
  /// What a figure of that name, below those names, counts.
  init(figure path: [String]) {
    let name = path.last ?? ""
    let lower = name.lowercased()
    if lower.hasSuffix("percycle") {
      self = Dimension(figure: [String(name.dropLast(8))]) / .cycles
    } else if lower.hasSuffix("persecond") {
      self = Dimension(figure: [String(name.dropLast(9))]) / .seconds
    } else if lower.hasSuffix("bytes") || lower == "bytesperblock" {
      self = .bytes
    } else if lower.hasSuffix("cycles") || lower == "cycle" {
      self = .cycles
    } else if lower == "seconds" {
      self = .seconds
    } else if lower.hasSuffix("flops")
      || (path.dropLast().last == "flops" && ["matmul", "recomputed"].contains(lower))
    {
      self = .flops
    } else {
      self = lower == "sharedbytesperblock" ? .bytes : .plain
    }
  }
}
