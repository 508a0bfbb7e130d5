// The statistics of the followed query row: running m and l and the factor α; in a backward launch,
// what HBM holds of the row: m and l or L, and D.

import Canvas
import Machine
import Moments

/// One row: `row 3 m 0.12→0.31 α 0.83 l 4.02 “word”`.
struct StatisticsLine {
  let selection: Selection

  func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    guard case .attention = moment.run.plan.problem else { return }
    let followed = moment.followedRow(selection)
    let value = { (role: TileRole) in
      moment.statistic(of: role, plane: selection.plane, row: followed)
    }
    var column = picture.canvas.put(
      "row \(followed)", Style(.dim), row: 0, column: 0, in: rect)
    let (old, new) = (value(.maximum), value(.newMaximum))
    var maxima = [old, new].compactMap { $0 }.map(short)
    if maxima.first == maxima.last { maxima = Array(maxima.prefix(1)) }
    let m = maxima.joined(separator: "→")
    let l = value(.newSum) ?? value(.sum)
    let entries =
      moment.isBackward
      ? moment.statisticsPerQuery.map { name in
        (name, moment.statistic(plane: selection.plane, row: followed) { $0 == name }.map(short))
      } : [("m", m), ("α", value(.factor).map(short)), ("l", l.map(short))]
    for (name, text) in entries {
      guard let text, !text.isEmpty else { continue }
      let isFactor = name == "α" && text != "1.000" && text != "0"
      column = picture.canvas.put(
        " \(name) ", Style(.dim), row: 0, column: column, in: rect)
      column = picture.canvas.put(
        text, Style(isFactor ? .alert : .plain, bold: isFactor), row: 0, column: column, in: rect)
    }
    if let word = moment.run.token(followed) {
      picture.canvas.put(" “\(word)”", Style(.dim), row: 0, column: column, in: rect)
    }
  }
}
