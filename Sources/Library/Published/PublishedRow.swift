// One published figure: what was run, on what, and what the paper says about it. Papers print times,
// throughputs, bytes and memory of kernels on real GPUs; a model is worth what it predicts of them.

import Foundation
import Kernels
import Machine

/// A row of `Published/measured.csv`.
package struct PublishedRow: Sendable, Equatable {
  /// What the paper gives a number of.
  package enum Metric: Sendable, Equatable {
    case time
    /// One launch of the kernel; `total` is all of them.
    case launchTime(String)
    case throughput, hbm, flops, memory

    /// A figure that follows from a time.
    package var isTimed: Bool {
      switch self {
      case .time, .launchTime, .throughput: true
      case .hbm, .flops, .memory: false
      }
    }
  }

  package var id: String
  package var source: String
  package var device: String
  package var kernel: String
  /// forward, backward or both.
  package var pass: String
  package var batch: Int
  package var heads: Int
  package var n: Int
  package var d: Int
  /// The next three are nil where the paper does not say.
  package var isCausal: Bool?
  package var dropout: Double?
  /// 1 where some padding was hidden, the number of visible keys where that is known.
  package var padding: Int?
  package var tileColumns: Int?
  package var metric: Metric
  package var value: Double
  package var unit: String
  package var note: String

  /// The storage format: fp16, unless source or note name another.
  package var dtype: String {
    let words = (source + " " + note).lowercased()
    return ["fp8", "bf16", "fp32"].first(where: words.contains) ?? "fp16"
  }

  /// The paper's part of the id: `fa1`.
  package var paper: String { String(id.prefix { $0 != "-" }) }

  /// The name of the row's table: `t18` and `fig2-left` of the first paper, `fa2-fig5` of others.
  package var table: String {
    let place = source.split(separator: ")").last.map(String.init) ?? ""
    let words = place.lowercased().replacing("table ", with: "t").replacing("fig. ", with: "fig")
    let name = words.split(separator: " ").joined(separator: "-")
    guard source.contains(")"), !name.isEmpty else {
      return id.split(separator: "-").prefix(2).joined(separator: "-")
    }
    return paper == "fa1" ? name : "\(paper)-\(name)"
  }

  /// The number behind `Table`, where the figure comes from a table.
  package var tableNumber: Int? {
    source.split(separator: " Table ").dropFirst().last.flatMap { Int($0) }
  }

  /// True for a figure that the paper misprints; it is shown and not judged.
  package var isAsPrinted: Bool { note.uppercased().contains("AS PRINTED") }
}

extension PublishedRow.Metric {
  /// As in the file.
  package var text: String {
    switch self {
    case .time: "time"
    case .launchTime(let name): "time:\(name)"
    case .throughput: "throughput"
    case .hbm: "hbm"
    case .flops: "flops"
    case .memory: "memory"
    }
  }

  init?(_ text: String) {
    let simple: [Self] = [.time, .throughput, .hbm, .flops, .memory]
    if let metric = simple.first(where: { $0.text == text }) {
      self = metric
    } else if text.hasPrefix("time:"), text.count > 5 {
      self = .launchTime(String(text.dropFirst(5)))
    } else {
      return nil
    }
  }

  /// True where more is better.
  package var isBetterHigh: Bool { self == .throughput }

  /// What two kernels can be compared in: all launches together are the time.
  package var compared: Self { self == .launchTime("total") ? .time : self }
}
