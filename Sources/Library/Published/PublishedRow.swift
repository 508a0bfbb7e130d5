// One published measurement: the kernel, problem and device of the run, and the number that the
// paper prints for it. `reproduce` compares it with the simulation of the same run.

import Foundation

/// A row of `Published/measured.csv`.
package struct PublishedRow: Sendable, Equatable {
  /// The quantity that was measured.
  package enum Metric: Sendable, Equatable {
    case time
    /// The time of one launch by its name; `total` is the sum over all launches.
    case launchTime(String)
    /// Cycles of the SM clock.
    case cycles
    case throughput, hbm, flops, memory

    /// True for quantities that are, or are computed from, a time.
    package var isTimed: Bool {
      switch self {
      case .time, .launchTime, .cycles, .throughput: true
      case .hbm, .flops, .memory: false
      }
    }
  }

  package var id: String
  /// The file that it stands in.
  package var file = "measured.csv"
  package var source: String
  /// Name of the device, as in `Devices/`.
  package var device: String
  /// The SM clock in MHz at which it was locked; nil where it was not.
  package var lockedMHz: Int?
  package var kernel: String
  /// `forward`, `backward` or `both`.
  package var pass: String
  package var batch: Int
  package var heads: Int
  package var n: Int
  package var d: Int
  /// Nil where the paper does not say.
  package var isCausal: Bool?
  /// Dropout probability; nil where the paper does not say.
  package var dropout: Double?
  /// Keys that the padding mask leaves visible. 1 means a mask that hides few keys or none, 0 no
  /// mask; nil where the paper does not say.
  package var padding: Int?
  /// Columns of the K and V tile (Bc); nil where the paper does not vary it.
  package var tileColumns: Int?
  package var metric: Metric
  package var value: Double
  package var unit: String
  package var note: String

  /// The storage format that the source or the note names, or fp16.
  package var dtype: String {
    let words = (source + " " + note).lowercased()
    return ["fp8", "bf16", "fp32"].first(where: words.contains) ?? "fp16"
  }

  /// The number after `name =` in the note, such as `kv = 512`.
  private func number(after name: String) -> Int? {
    guard let start = note.range(of: name + " = ")?.upperBound else { return nil }
    return Int(note[start...].prefix(while: \.isNumber))
  }

  /// True for a time without the overhead of launches.
  package var isOfKernelAlone: Bool { note.contains("kernel alone") }

  /// True where it was measured on a later build than the paper's.
  package var isOfLaterBuild: Bool { note.contains("not the paper's") }

  /// Keys, where they are not as many as queries.
  package var keys: Int? { number(after: " kv") }
  /// Heads of K and V, where they are not as many as those of Q.
  package var keyValueHeads: Int? { number(after: "kv-heads") }

  /// The paper's abbreviation, the first part of the id: `fa1`.
  package var paper: String { String(id.prefix { $0 != "-" }) }

  /// The name of the row's table or figure: `t18` and `fig2-left` of the first paper, `fa2-fig5` of
  /// others.
  package var table: String {
    // Sources that have no tables: a page of results, or what was measured on it.
    if paper == "fgs" { return id.split(separator: "-").prefix(2).joined(separator: "-") }
    if ["fdec", "sage"].contains(paper) { return paper }
    let place = source.split(separator: ")").last.map(String.init) ?? ""
    let words = place.lowercased().replacing("table ", with: "t").replacing("fig. ", with: "fig")
    let name = words.split(separator: " ").joined(separator: "-")
    guard source.contains(")"), !name.isEmpty else {
      return id.split(separator: "-").prefix(2).joined(separator: "-")
    }
    return paper == "fa1" ? name : "\(paper)-\(name)"
  }

  /// Number of the paper's table; nil where the value comes from a figure.
  package var tableNumber: Int? {
    source.split(separator: " Table ").dropFirst().last.flatMap { Int($0) }
  }

  /// True for a value that the paper misprints: it is shown, but no error is computed.
  package var isAsPrinted: Bool { note.uppercased().contains("AS PRINTED") }
}

extension PublishedRow.Metric {
  /// The name of the metric in the file.
  package var text: String {
    switch self {
    case .time: "time"
    case .launchTime(let name): "time:\(name)"
    case .cycles: "cycles"
    case .throughput: "throughput"
    case .hbm: "hbm"
    case .flops: "flops"
    case .memory: "memory"
    }
  }

  init?(_ text: String) {
    let simple: [Self] = [.time, .cycles, .throughput, .hbm, .flops, .memory]
    if let metric = simple.first(where: { $0.text == text }) {
      self = metric
    } else if text.hasPrefix("time:"), text.count > 5 {
      self = .launchTime(String(text.dropFirst(5)))
    } else {
      return nil
    }
  }

  /// True where a larger value is better.
  package var isBetterHigh: Bool { self == .throughput }

  /// The metric by which rows are compared: the total over all launches counts as a time.
  package var compared: Self { self == .launchTime("total") ? .time : self }
}
