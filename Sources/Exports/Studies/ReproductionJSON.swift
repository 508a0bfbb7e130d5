// The result of `reproduce` for scripts: a JSON object, or a line of comma-separated values for
// each row.

import Foundation
import Kernels
import Library
import Runs
import Studies

extension Reproduction: Encodable {
  private enum CodingKeys: String, CodingKey {
    case schema, deviceFiles, rows, tables, mape, timedMape, pairs, errors
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(1, forKey: .schema)
    if !deviceFiles.isEmpty { try container.encode(deviceFiles, forKey: .deviceFiles) }
    try container.encode(rows, forKey: .rows)
    try container.encode(tables.map { Summary($0, rows(of: $0)) }, forKey: .tables)
    try container.encode(Self.mape(rows), forKey: .mape)
    try container.encode(timedMape, forKey: .timedMape)
    try container.encode(pairs, forKey: .pairs)
    try container.encode(Errors(self), forKey: .errors)
  }

  /// The errors of times in groups.
  private struct Errors: Encodable {
    let byFile: [ErrorGroup]
    let byKernel: [ErrorGroup]
    let byShape: [ErrorGroup]
    let byDevice: [ErrorGroup]
    let worst: [String]

    init(_ reproduction: Reproduction) {
      (byFile, byKernel) = (reproduction.errorsByFile, reproduction.errorsByKernel)
      (byShape, byDevice) = (reproduction.errorsByShape, reproduction.errorsByDevice)
      worst = reproduction.worst.map(\.published.id)
    }
  }

  /// The mean error of one table.
  private struct Summary: Encodable {
    var table: String
    var rows: Int
    var modelled: Int
    var mape: Double?

    init(_ table: String, _ rows: [Row]) {
      self.table = table
      self.rows = rows.count
      modelled = rows.count { $0.predicted != nil }
      mape = Reproduction.mape(rows)
    }

    private enum CodingKeys: String, CodingKey { case table, rows, modelled, mape }

    /// An unknown `mape` is encoded as null.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(table, forKey: .table)
      try container.encode(rows, forKey: .rows)
      try container.encode(modelled, forKey: .modelled)
      try container.encode(mape, forKey: .mape)
    }
  }
}

extension Reproduction.Row: Encodable {
  private enum CodingKeys: String, CodingKey {
    case id, source, table, device, kernel, model, pass, problem, metric, unit, published
    case predicted, errorPercent, judged, mapping, note, reason, cause
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(published.id, forKey: .id)
    try container.encode(published.source, forKey: .source)
    try container.encode(published.table, forKey: .table)
    try container.encode(published.device, forKey: .device)
    try container.encode(published.kernel, forKey: .kernel)
    try container.encode(model, forKey: .model)
    try container.encode(published.pass, forKey: .pass)
    try container.encode(published.problem, forKey: .problem)
    try container.encode(published.metric.text, forKey: .metric)
    try container.encode(published.unit, forKey: .unit)
    try container.encode(published.value, forKey: .published)
    try container.encode(predicted, forKey: .predicted)
    try container.encode(errorPercent, forKey: .errorPercent)
    try container.encode(isJudged, forKey: .judged)
    try container.encode(mapping, forKey: .mapping)
    let notes = allNotes.joined(separator: "; ")
    try container.encodeIfPresent(notes.isEmpty ? nil : notes, forKey: .note)
    try container.encodeIfPresent(reason, forKey: .reason)
    try container.encodeIfPresent(published.cause, forKey: .cause)
  }

  /// The note in the published file, and the notes of this program.
  fileprivate var allNotes: [String] { ([published.note] + notes).filter { !$0.isEmpty } }
}

extension Reproduction.Pair: Encodable {
  private enum CodingKeys: String, CodingKey {
    case rows, publishedWinner, predictedWinner, agrees
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows.map(\.published.id), forKey: .rows)
    try container.encode(publishedWinner, forKey: .publishedWinner)
    try container.encode(predictedWinner, forKey: .predictedWinner)
    try container.encode(agrees, forKey: .agrees)
  }
}

extension PublishedRow {
  /// The problem by the names of the JSON report; null where the paper does not say.
  fileprivate var problem: [String: Field] {
    [
      "batch": .integer(batch), "heads": .integer(heads), "n": .integer(n), "d": .integer(d),
      "dtype": .text(dtype), "causal": isCausal.map(Field.flag) ?? .missing,
      "dropout": dropout.map(Field.number) ?? .missing,
      "padding": padding.map(Field.integer) ?? .missing,
      "tileCols": tileColumns.map(Field.integer) ?? .missing,
    ]
  }
}

/// A header and a line for each row; cells without a prediction are empty.
package func csv(_ reproduction: Reproduction) -> String {
  let header =
    "id,source,table,device,kernel,model,pass,batch,heads,n,d,causal,dropout,padding,tile_cols,"
    + "metric,unit,published,predicted,error_percent,note,reason"
  let lines = reproduction.rows.map { row in
    csvFields(row).map(separated).joined(separator: ",")
  }
  return ([header] + lines).joined(separator: "\n") + "\n"
}

private func csvFields(_ row: Reproduction.Row) -> [String] {
  let p = row.published
  return [
    p.id, p.source, p.table, p.device, p.kernel, row.model ?? "", p.pass, "\(p.batch)",
    "\(p.heads)", "\(p.n)", "\(p.d)", p.isCausal.map { $0 ? "1" : "0" } ?? "",
    p.dropout.map { "\($0)" } ?? "", p.padding.map(String.init) ?? "",
    p.tileColumns.map(String.init) ?? "", p.metric.text, p.unit, "\(p.value)",
    row.predicted.map { "\($0)" } ?? "", row.errorPercent.map { "\($0)" } ?? "",
    row.allNotes.joined(separator: "; "), row.reason ?? "",
  ]
}

/// A field of comma-separated values, in quotation marks where it needs them.
func separated(_ field: String) -> String {
  let field = visible(field)
  guard field.contains(where: { ",\"".contains($0) }) else { return field }
  return "\"" + field.replacing("\"", with: "\"\"") + "\""
}
