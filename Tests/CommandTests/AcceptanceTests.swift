// What the model must be good for: published times within 8 % on average, the right winner of every
// pair, bytes and memory to the percent. The rows are those that `reproduce` prints.

import Exports
import Foundation
import Testing

@testable import Library
@testable import Studies
@testable import tilewalk

@Suite("Published figures")
struct AcceptanceTests {
  /// Rows of tables with their predictions, each simulated.
  private func predicted(
    _ tables: [String], where isWanted: (PublishedRow) -> Bool = { _ in true }
  ) throws -> Reproduction {
    let rows = try PublishedLibrary.rows.filter { tables.contains($0.table) && isWanted($0) }
    return Reproduction(
      tables: tables,
      rows: rows.map { row in
        let run = PublishedRun(row)
        return prediction(of: row, run, run.needsSimulation ? run.simulate() : nil)
      })
  }

  private static let timed = [
    "fig1", "fig2-left", "fig2-middle", "t18", "t19", "t20", "fa2-fig5", "fa3-fig5", "fa3-t2",
  ]
  /// All tables take minutes without optimisation: TILEWALK_FULL=1 swift test --filter Published
  private static let isFull = ProcessInfo.processInfo.environment["TILEWALK_FULL"] == "1"

  @Test("Times and throughputs are within 8 % on average, and every pair has its winner")
  func times() throws {
    let tables = Self.isFull ? Self.timed : ["fig2-left", "fa3-fig5", "fa3-t2"]
    let all = try predicted(tables, where: \.metric.isTimed)
    let modelled = all.rows.filter { $0.errorPercent != nil }
    #expect(modelled.count >= (Self.isFull ? 40 : 15))
    let mape = try #require(Reproduction.mape(all.rows))
    #expect(mape <= 8, "\(mape) %")
    #expect(all.pairs.count >= (Self.isFull ? 20 : 7))
    for pair in all.pairs {
      #expect(pair.agrees, "\(pair.rows.map(\.published.id))")
    }
  }

  @Test("The bytes of Figure 2 are within 0.7 %")
  func bytes() throws {
    let all = try predicted(["fig2-left", "fig2-middle"], where: { $0.metric == .hbm })
    let errors = all.rows.compactMap(\.errorPercent)
    #expect(errors.count >= 5)
    for row in all.rows {
      let error = try #require(row.errorPercent, "\(row.reason ?? row.published.id)")
      #expect(abs(error) <= 0.7, "\(row.published.id): \(error) %")
    }
  }

  @Test("The memory of Table 21 is within 0.6 %")
  func memory() throws {
    // What a run holds is known from its plan.
    var count = 0
    for row in try PublishedLibrary.rows where row.table == "t21" {
      let run = PublishedRun(row)
      guard run.kernel != nil else { continue }
      let error = try Double(run.plan().peakMemoryBytes) / 0x1p20 / row.value - 1
      #expect(abs(error) <= 0.006, "\(row.id): \(error)")
      count += 1
    }
    #expect(count >= 7)
  }
}
