// The result of `reproduce` as text of at most 80 columns, a block for each table.

import Foundation
import Library
import Machine
import Studies

/// Each table with its rows, mean error, wrong winners and notes; then a summary of all tables.
package func text(_ reproduction: Reproduction) -> String {
  var blocks = reproduction.tables.map { block($0, reproduction) }
  if reproduction.tables.count > 1 { blocks.append(summary(reproduction)) }
  return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
}

/// The rows that papers have measured of runs that somebody compares; empty where there are none.
package func publishedText(_ rows: [Reproduction.Row]) -> String {
  guard !rows.isEmpty else { return "" }
  let labels = shortLabels(rows.map(\.published.id))
  var lines = ["", "measured in papers:", line("", "published", "model", "error")]
  lines += zip(rows, labels).map { row, label in figures(row, label) }
  lines += footnotes(rows, labels)
  return lines.map { $0 + "\n" }.joined()
}

private let textWidth = 78

private func block(_ table: String, _ reproduction: Reproduction) -> [String] {
  let rows = reproduction.rows(of: table)
  guard let first = rows.first?.published else {
    return ["\(table)", "  Published/measured.csv has no row of this table."]
  }
  var lines = ["\(table): \(first.source), \(first.device)".cut(textWidth)]
  if let file = reproduction.deviceFiles[first.device] {
    lines.append("  \(first.device) as \(visible(file)) has it".cut(textWidth))
  }
  let labels = shortLabels(rows.map(\.published.id))
  lines.append(line("", "published", "model", "error"))
  lines += zip(rows, labels).map { row, label in figures(row, label) }
  lines += feedback(table, rows, reproduction)
  return lines + footnotes(rows, labels)
}

private func line(_ label: String, _ published: String, _ model: String, _ error: String) -> String
{
  let text =
    "  " + label.padded(37) + published.padded(14, right: true) + " "
    + model.padded(14, right: true) + error.padded(11, right: true)
  return text.hasSuffix(" ") ? String(text.reversed().drop { $0 == " " }.reversed()) : text
}

private func figures(_ row: Reproduction.Row, _ label: String) -> String {
  let unit = row.published.unit
  let error = row.errorPercent.map(signed)
  return line(
    label, "\(row.published.value.digits) \(unit)",
    row.predicted.map { "\($0.digits) \(unit)" } ?? "no model",
    row.published.isAsPrinted && row.predicted != nil ? "as printed" : error ?? "")
}

extension Double {
  /// The number with three or four significant digits, as papers print it.
  fileprivate var digits: String {
    if self == rounded(), abs(self) < 1e6 { return fixed(self, 0) }
    return abs(self) >= 1000
      ? fixed(self, 0)
      : abs(self) >= 100
        ? fixed(self, 1)
        : abs(self) >= 10 ? fixed(self, 2) : fixed(self, 3)
  }
}

/// The ids without their common prefix, cut at a hyphen.
private func shortLabels(_ ids: [String]) -> [String] {
  guard var common = ids.first, ids.count > 1 else { return ids }
  for id in ids.dropFirst() { common = common.commonPrefix(with: id) }
  let cut = common.lastIndex(of: "-").map { common[...$0].count } ?? 0
  return ids.map { String($0.dropFirst(cut)) }
}

private func feedback(
  _ table: String, _ rows: [Reproduction.Row], _ reproduction: Reproduction
) -> [String] {
  let modelled = rows.count { $0.predicted != nil }
  var line = "  \(modelled) of \(rows.count) rows modelled"
  if let mape = Reproduction.mape(rows) { line += ", mean error \(fixed(mape, 1)) %" }
  let pairs = reproduction.pairs(of: table)
  guard !pairs.isEmpty else { return [line] }
  let right = pairs.count(where: \.agrees)
  line += ", right winner in \(right) of \(pairs.count) pairs"
  let wrong = pairs.filter { !$0.agrees }.map { pair in
    "  other winner: \(pair.rows.map(\.published.id).joined(separator: " and ")): "
      + "published \(pair.publishedWinner), model \(pair.predictedWinner ?? "both equal")"
  }
  return [line] + wrong.flatMap { folded($0) }
}

/// Reasons for missing predictions and notes, each once; reasons name the rows that they apply to.
private func footnotes(_ rows: [Reproduction.Row], _ labels: [String]) -> [String] {
  var lines: [String] = []
  var reasons: [(text: String, labels: [String])] = []
  for (row, label) in zip(rows, labels) {
    guard let reason = row.reason else { continue }
    if let index = reasons.firstIndex(where: { $0.text == reason }) {
      reasons[index].labels.append(label)
    } else {
      reasons.append((reason, [label]))
    }
  }
  for reason in reasons {
    lines += folded("  no model: \(reason.text) (\(reason.labels.joined(separator: ", ")))")
  }
  var notes: [String] = []
  for note in rows.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
  return lines + notes.flatMap { folded("  note: \($0)") }
}

/// Text wrapped to `textWidth` columns; all lines but the first are indented further.
private func folded(_ text: String) -> [String] {
  let lines = text.wrapped(textWidth - 4)
  return lines.enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
}

private func summary(_ reproduction: Reproduction) -> [String] {
  let rows = reproduction.rows
  let modelled = rows.count { $0.predicted != nil }
  let pairs = reproduction.pairs
  var lines = [
    "all: \(modelled) of \(rows.count) rows modelled",
    "     the model agrees on the winner of \(pairs.count(where: \.agrees)) of \(pairs.count) pairs",
  ]
  if let mape = Reproduction.mape(rows) {
    lines.append(
      "     mean error \(fixed(mape, 1)) %, bytes and memory included (N of 512 and more)")
  }
  guard !reproduction.judged.isEmpty else { return lines }
  lines += ["", "errors of times:                                       rows   mean    bias"]
  lines += reproduction.errorsByFile.map { figures(of: $0, $0.file) }
  lines += reproduction.errorsByKernel.map {
    figures(
      of: $0, "  " + [$0.kernel, $0.device, $0.pass].compactMap(\.self).joined(separator: " "))
  }
  lines += ["by card:"]
  lines += reproduction.errorsByDevice.map { figures(of: $0, "  \($0.device ?? "") (\($0.file))") }
  lines += ["the worst:"]
  for row in reproduction.worst {
    lines.append(
      "  " + row.published.id.padded(60) + signed(row.errorPercent ?? 0).padded(9, right: true))
    lines.append("    " + (row.published.cause ?? "not known why"))
  }
  return lines
}

private func figures(of group: ErrorGroup, _ label: String) -> String {
  label.padded(54) + String(group.rows).padded(5, right: true)
    + "\(fixed(group.mape, 1)) %".padded(9, right: true) + signed(group.bias).padded(9, right: true)
}

/// An error with its sign, in percent.
func signed(_ error: Double) -> String { "\(error < 0 ? "" : "+")\(fixed(error, 1)) %" }
