// Published figures beside the model's: the error of each, the mean of a table, and who wins each
// pair. Nothing is left out where the model is far off, or has nothing to say.

import Foundation
import Library
import Machine

/// What `reproduce` has found out.
package struct Reproduction: Sendable {
  /// One published figure and what the model makes of it.
  package struct Row: Sendable {
    package var published: PublishedRow
    /// The kernel that was run; nil without a model.
    package var model: String?
    /// In the unit of the published figure; nil without a model.
    package var predicted: Double?
    /// Tile sizes, by the names of the JSON report.
    package var mapping: [String: Int]?
    /// What the reader must know to compare the two.
    package var notes: [String] = []
    /// Why there is no model.
    package var reason: String?

    package init(_ published: PublishedRow) { self.published = published }

    /// Signed, in percent of the published figure; nil without a model, and for a misprint.
    package var errorPercent: Double? {
      guard let predicted, !published.isAsPrinted, published.value != 0 else { return nil }
      return 100 * (predicted - published.value) / published.value
    }
  }

  /// Two kernels on the same problem.
  package struct Pair: Sendable {
    package var rows: [Row]
    /// Kernels; nil for the model's where both are equal.
    package var publishedWinner: String
    package var predictedWinner: String?
    package var agrees: Bool { publishedWinner == predictedWinner }
  }

  /// By device, the file whose figures were taken for it.
  package var deviceFiles: [String: String] = [:]
  /// Tables that were asked for, in order.
  package var tables: [String]
  package var rows: [Row]

  package init(tables: [String], rows: [Row]) {
    self.tables = tables
    self.rows = rows
  }

  /// The rows of one table.
  package func rows(of table: String) -> [Row] { rows.filter { $0.published.table == table } }

  /// Below it a launch costs more than what it does.
  private static let smallestJudged = 512

  /// Mean absolute error in percent, of rows with N ≥ 512; nil where there are none.
  package static func mape(_ rows: [Row]) -> Double? {
    let judged = rows.filter { $0.published.n >= smallestJudged }
    let errors = judged.compactMap(\.errorPercent)
    return errors.isEmpty ? nil : errors.map(abs).reduce(0, +) / Double(errors.count)
  }

  /// The same of times and throughputs alone; bytes and memory are counts.
  package var timedMape: Double? {
    Self.mape(rows.filter { $0.published.metric.isTimed })
  }

  /// All pairs that the paper decides and the model has both rows of.
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
  /// Nil for rows that differ in more than the kernel, that the paper calls equal, or without a model.
  package init?(_ a: Reproduction.Row, _ b: Reproduction.Row) {
    guard let first = a.predicted, let second = b.predicted, a.published.isComparable(b.published),
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
  /// The same measurement of another kernel.
  fileprivate func isComparable(_ other: PublishedRow) -> Bool {
    var twin = self
    (twin.id, twin.kernel, twin.value, twin.note) = (
      other.id, other.kernel, other.value, other.note
    )
    (twin.metric, twin.tileColumns) = (other.metric, other.tileColumns)
    return kernel != other.kernel && metric.compared == other.metric.compared && twin == other
  }
}
