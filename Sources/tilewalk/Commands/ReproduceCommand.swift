// `tilewalk reproduce [TABLE…]`: published figures beside the model's, with the error of each.

import ArgumentParser
import Exports
import Foundation
import Library
import Runs
import Studies

/// Simulates the rows of published tables and prints both figures.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce", abstract: "Published figures beside the model's, with errors.",
    discussion: """
      Tables: fig1, fig2-left, fig2-middle, t18, t19, t20, t21 (FlashAttention, 2022), fa2-fig5 \
      (FlashAttention-2, 2023), fa3-fig5, fa3-t2 (FlashAttention-3, 2024), fgs-fa3, fgs-fa2, fdec, \
      sage (measurements of 2023 to 2026). Errors are signed, in \
      percent of the published figure; means are of absolute errors, over rows with N of 512 and \
      more. “reproduce training” prints training times (Tables 1, 2 and 4 of 2022, Table 1 of 2023). Rows of kernels that tilewalk does not have are printed without a model.

      --device FILE asks what if: the rows of the device that the file names are predicted with the \
      file's figures.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv, markdown }

  @Argument(help: "Tables (default: all of them).") var tables: [String] = []
  @Option(
    help: .init("A device file in place of the device that it names.", valueName: "file"))
  var device: String?
  @Option(help: .init("Lock the SM clock of every device at this value.", valueName: "mhz"))
  var clock: Int?
  @Option(help: "text, json, csv or markdown.") var format = Format.text

  func run() throws {
    guard !tables.contains("training") else { return try reproduceTraining() }
    let all = try PublishedLibrary.rows
    let tables = try PublishedLibrary.find(self.tables, in: all)
    let rows = tables.flatMap { table in all.filter { $0.table == table } }
    let files = try replacement(in: rows)
    // A clock that no device can have is refused, and not said at each row.
    _ = try DeviceLibrary.find(DeviceLibrary.classroom).device.clocked(at: clock)
    var reproduction = Reproduction(tables: tables, rows: predict(rows, files))
    reproduction.deviceFiles = files
    switch format {
    case .text: try emit(text(reproduction))
    case .json: try emit(json(reproduction))
    case .csv: try emit(csv(reproduction))
    case .markdown: try emit(trustPage(reproduction))
    }
  }

  /// Published training times, which are runs of another kind and stand in a file of their own.
  private func reproduceTraining() throws {
    guard tables == ["training"], device == nil, clock == nil, [.text, .json].contains(format)
    else {
      throw Failure.usage("training stands alone, as text or json, on the devices of the papers")
    }
    let training = try TrainingReproduction()
    try emit(format == .json ? json(training) : text(training))
  }

  /// The device file by the name of the device that it replaces; empty without `--device`.
  /// - Throws: `FileError` if no row is about that device.
  private func replacement(in rows: [PublishedRow]) throws -> [String: String] {
    guard let device else { return [:] }
    let (name, names) = (try DeviceLibrary.find(device).device.name, Set(rows.map(\.device)))
    guard names.contains(name) else {
      throw FileError.unknown(kind: "published device", name: name, valid: names.sorted())
    }
    return [name: device]
  }

  /// Each row with its prediction. Rows that differ only in the metric share one run.
  private func predict(
    _ rows: [PublishedRow], _ files: [String: String]
  ) -> [Reproduction.Row] {
    let runs = rows.map { PublishedRun($0, deviceFiles: files, clock: clock) }
    var distinct: [PublishedRun] = []
    for run in runs where run.needsSimulation && !distinct.contains(run) { distinct.append(run) }
    let bar = ProgressBar(label: "reproduce", count: distinct.count)
    let results = concurrently(distinct, reportingTo: bar) { $0.simulate() }
    return zip(rows, runs).map { row, run in
      let index = distinct.firstIndex(of: run)
      return prediction(of: row, run, index.map { results[$0] })
    }
  }
}
