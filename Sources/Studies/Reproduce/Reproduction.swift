// Published measurements beside predictions: the error of each row, the mean error of a table, and
// which kernel of each pair is faster. Rows without a prediction or with a large error are kept.

import Foundation
import Library

/// The result of `reproduce`.
package struct Reproduction: Sendable {
  /// One published measurement and its prediction.
  package struct Row: Sendable {
    package var published: PublishedRow
    /// Name of the simulated kernel; nil where there is none.
    package var model: String?
    /// The kernel only approximates attention, and was measured with options that the paper does not give: its
    /// error is printed, and counts in no mean.
    package var isApproximate = false
    /// Prediction in the unit of the published value; nil where there is none.
    package var predicted: Double?
    /// Tile sizes by their names in the JSON report.
    package var mapping: [String: Int]?
    /// Notes on how the two values compare.
    package var notes: [String] = []
    /// Why there is no prediction.
    package var reason: String?

    package init(_ published: PublishedRow) { self.published = published }

    /// (predicted − published) ÷ published, in percent; nil without a prediction and for misprinted
    /// values.
    package var errorPercent: Double? {
      guard let predicted, !published.isAsPrinted, published.value != 0 else { return nil }
      return 100 * (predicted - published.value) / published.value
    }
  }

  /// Measurements of two kernels on the same problem, and which kernel is better.
  package struct Pair: Sendable {
    package var rows: [Row]
    /// Name of the better kernel by the paper.
    package var publishedWinner: String
    /// Name of the better kernel by the simulation; nil where both are equal.
    package var predictedWinner: String?
    /// True where paper and simulation find the same kernel better.
    package var agrees: Bool { publishedWinner == predictedWinner }
  }

  /// Device files that were used instead of built-in devices, by device name.
  package var deviceFiles: [String: String] = [:]
  /// Requested tables, in order.
  package var tables: [String]
  package var rows: [Row]

  package init(tables: [String], rows: [Row]) {
    self.tables = tables
    self.rows = rows
  }

  /// The rows of one table.
  package func rows(of table: String) -> [Row] { rows.filter { $0.published.table == table } }

  /// Smallest N that counts in mean errors; below it, launch overhead exceeds the time of the
  /// kernel.
  static let smallestJudged = 512

  /// Mean absolute percentage error (MAPE) of the rows with N ≥ 512; nil where there are none.
  package static func mape(_ rows: [Row]) -> Double? {
    let judged = rows.filter { $0.published.n >= smallestJudged && !$0.isApproximate }
    let errors = judged.compactMap(\.errorPercent)
    return errors.isEmpty ? nil : errors.map(abs).reduce(0, +) / Double(errors.count)
  }

  /// MAPE of the times and throughputs alone, without bytes, FLOPs and memory, which are counted.
  package var timedMape: Double? {
    Self.mape(rows.filter { $0.published.metric.isTimed })
  }

  /// All pairs of kernels in all tables that have two different published values and two
  /// predictions.
  package var pairs: [Pair] { tables.flatMap { pairs(of: $0) } }

  /// The pairs of one table.
  package func pairs(of table: String) -> [Pair] {
    let rows = rows(of: table)
    return rows.indices.flatMap { first in
      rows[(first + 1)...].compactMap { Pair(rows[first], $0) }
    }
  }
}

extension Reproduction.Pair {
  /// Nil where the rows differ in more than the kernel, the published values are equal, or a
  /// prediction is missing.
  package init?(_ a: Reproduction.Row, _ b: Reproduction.Row) {
    guard !a.isApproximate, !b.isApproximate, let first = a.predicted, let second = b.predicted,
      a.published.isComparable(b.published),
      a.published.value != b.published.value
    else { return nil }
    func winner(_ x: Double, _ y: Double) -> String {
      (x > y) == a.published.metric.isBetterHigh ? a.published.kernel : b.published.kernel
    }
    rows = [a, b]
    publishedWinner = winner(a.published.value, b.published.value)
    predictedWinner = first == second ? nil : winner(first, second)
  }
}

extension PublishedRow {
  /// True where `other` is the same measurement of another kernel.
  fileprivate func isComparable(_ other: PublishedRow) -> Bool {
    var twin = self
    (twin.id, twin.kernel, twin.value, twin.note) = (
      other.id, other.kernel, other.value, other.note
    )
    (twin.metric, twin.tileColumns) = (other.metric, other.tileColumns)
    return kernel != other.kernel && metric.compared == other.metric.compared && twin == other
  }
}
