// One published figure: what was run, on what, and what the paper says about it. Papers print times,
// throughputs, bytes and memory of kernels on real GPUs; a model is worth what it predicts of them.

import Foundation
import Machine

/// A row of `Published/measured.csv`.
public struct PublishedRow: Sendable, Equatable {
  /// What the paper gives a number of.
  public enum Metric: Sendable, Equatable {
    case time
    /// One launch of the kernel; `total` is all of them.
    case launchTime(String)
    case throughput, hbm, flops, memory

    /// A figure that follows from a time.
    public var isTimed: Bool {
      switch self {
      case .time, .launchTime, .throughput: true
      case .hbm, .flops, .memory: false
      }
    }
  }

  public var id: String
  public var source: String
  public var device: String
  public var kernel: String
  /// forward, backward or both.
  public var pass: String
  public var batch: Int
  public var heads: Int
  public var n: Int
  public var d: Int
  /// The next three are nil where the paper does not say.
  public var isCausal: Bool?
  public var dropout: Double?
  /// 1 where some padding was hidden, the number of visible keys where that is known.
  public var padding: Int?
  public var tileColumns: Int?
  public var metric: Metric
  public var value: Double
  public var unit: String
  public var note: String

  /// The storage format: fp16, unless source or note name another.
  public var dtype: String {
    let words = (source + " " + note).lowercased()
    return ["fp8", "bf16", "fp32"].first(where: words.contains) ?? "fp16"
  }

  /// The paper's part of the id: `fa1`.
  public var paper: String { String(id.prefix { $0 != "-" }) }

  /// The name of the row's table: `t18` and `fig2-left` of the first paper, `fa2-fig5` of others.
  public var table: String {
    let place = source.split(separator: ")").last.map(String.init) ?? ""
    let words = place.lowercased().replacing("table ", with: "t").replacing("fig. ", with: "fig")
    let name = words.split(separator: " ").joined(separator: "-")
    guard source.contains(")"), !name.isEmpty else {
      return id.split(separator: "-").prefix(2).joined(separator: "-")
    }
    return paper == "fa1" ? name : "\(paper)-\(name)"
  }

  /// The number behind `Table`, where the figure comes from a table.
  public var tableNumber: Int? {
    source.split(separator: " Table ").dropFirst().last.flatMap { Int($0) }
  }

  /// True for a figure that the paper misprints; it is shown and not judged.
  public var isAsPrinted: Bool { note.uppercased().contains("AS PRINTED") }
}

extension PublishedRow.Metric {
  /// As in the file.
  public var text: String {
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
  public var isBetterHigh: Bool { self == .throughput }

  /// What two kernels can be compared in: all launches together are the time.
  public var compared: Self { self == .launchTime("total") ? .time : self }
}
