// How far the model can be trusted: its errors on times, by what was run where, by card, and the worst of them.

import Foundation
import Library

/// The errors of some rows together.
package struct ErrorGroup: Sendable, Encodable {
  /// The file of the rows, and what they have in common; nil for what differs.
  package var file: String
  package var kernel: String?
  package var device: String?
  package var pass: String?
  package var d: Int?
  package var isCausal: Bool?
  /// How many rows there are.
  package let rows: Int
  /// The mean of the absolute errors, percent.
  package let mape: Double
  /// The mean of the signed errors of the time, percent: above 0 where the model is too slow.
  package let bias: Double

  private enum CodingKeys: String, CodingKey {
    case file, kernel, device, pass, d, rows, mape, bias
    case isCausal = "causal"
  }

  fileprivate init(_ rows: [Reproduction.Row]) {
    let errors = rows.compactMap(\.errorPercent)
    file = rows[0].published.file
    self.rows = errors.count
    mape = errors.map(abs).reduce(0, +) / Double(max(1, errors.count))
    bias = rows.compactMap(\.timeErrorPercent).reduce(0, +) / Double(max(1, errors.count))
  }
}

extension Reproduction.Row {
  /// Whether its error counts in the means by file, kernel and card: times and what is computed from them, of exact
  /// kernels, in `measured.csv` with N of 512 and more.
  package var isJudged: Bool {
    published.metric.isTimed && !isApproximate && errorPercent != nil
      && (published.n >= Reproduction.smallestJudged || published.file != "measured.csv")
  }

  /// The error of the time, percent: that of a throughput is the other way round.
  fileprivate var timeErrorPercent: Double? {
    errorPercent.map { published.metric.isBetterHigh ? 100 * (1 / (1 + $0 / 100) - 1) : $0 }
  }
}

extension Reproduction {
  /// The rows whose errors count in means.
  package var judged: [Row] { rows.filter(\.isJudged) }

  /// The errors of each file.
  package var errorsByFile: [ErrorGroup] { groups(judged) { $0.file } }

  /// The errors by kernel, device and pass.
  package var errorsByKernel: [ErrorGroup] {
    groups(judged) {
      [$0.file, $0.kernel, $0.device, $0.pass].joined(separator: " ")
    } name: {
      ($0.kernel, $0.device, $0.pass) = ($1.kernel, $1.device, $1.pass)
    }
  }

  /// The same, by d and mask as well.
  package var errorsByShape: [ErrorGroup] {
    groups(judged) {
      [$0.file, $0.kernel, $0.device, $0.pass, "\($0.d)", "\($0.isCausal == true)"]
        .joined(separator: " ")
    } name: {
      ($0.kernel, $0.device, $0.pass) = ($1.kernel, $1.device, $1.pass)
      ($0.d, $0.isCausal) = ($1.d, $1.isCausal)
    }
  }

  /// The errors of each card.
  package var errorsByDevice: [ErrorGroup] {
    groups(judged) {
      $0.file + " " + $0.device
    } name: {
      $0.device = $1.device
    }
  }

  /// The five rows with the largest errors.
  package var worst: [Row] {
    Array(
      judged.sorted { abs($0.errorPercent ?? 0) > abs($1.errorPercent ?? 0) }.prefix(5))
  }

  private func groups(
    _ rows: [Row], by key: (PublishedRow) -> String,
    name: (inout ErrorGroup, PublishedRow) -> Void = { _, _ in }
  ) -> [ErrorGroup] {
    var order: [String] = []
    var members: [String: [Row]] = [:]
    for row in rows {
      let key = key(row.published)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(row)
    }
    return order.map { key in
      var group = ErrorGroup(members[key]!)
      name(&group, members[key]![0].published)
      return group
    }
  }
}
