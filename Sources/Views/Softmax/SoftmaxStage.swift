// The online softmax of the followed row, as the race shows it: a bar for each key, e^(s − m) high; the
// maximum, the factor α, the sum l; and the row of O. When a larger score turns up, all older bars shrink
// by α.

import Canvas
import Kernels
import Machine
import Moments

/// The softmax of the followed row of one run.
struct SoftmaxStage {
  let scene: Scene
  let index: Int

  private var moment: Moment { scene.moments[index] }
  private var row: Int { moment.followedRow(scene.selection) }

  func draw(in rect: Rect, on picture: inout Picture) {
    guard rect.height > 0, case .attention(let problem) = moment.run.plan.problem else { return }
    var rest = rect
    if moment.isBackward {
      drawBackward(in: rest, on: &picture)
      return
    }
    let bars = SoftmaxBars(scene.trace(index), at: moment.cycle, keys: problem.keys)
    drawTitle(bars, in: rest.takeTop(1), on: &picture)
    let sums = rest.takeBottom(1)
    guard bars.entry != nil else {
      picture.canvas.put(waiting, Style(.dim), row: 0, column: 0, in: rest)
      return
    }
    drawBars(bars, in: rest, on: &picture)
    drawSums(bars, in: sums, on: &picture)
  }

  /// What is said before the row has met a key.
  private var waiting: String {
    let run = moment.run
    if !hasSoftmax { return "this kernel has no softmax" }
    if run.softmaxVisits.isEmpty { return "meets no key: all are hidden" }
    return run.facts.names[.factor] == nil
      ? "waits for its whole row of S" : "has met no key yet"
  }

  /// False where no line exponentiates scores, as where features are summed.
  private var hasSoftmax: Bool {
    moment.run.plan.kernel.text.hasSoftmax || moment.run.facts.names[.scores] != nil
  }

  private var name: String {
    let word = moment.run.token(row).map { " “\($0)”" } ?? ""
    return "\(shortName)\(word)"
  }

  private var shortName: String { moment.rowName(row, scene.selection) }

  /// The text of a statistic of the row.
  private func shown(_ value: Float, _ roles: [TileRole]) -> String {
    scene.statistic(short(value), roles, of: index)
  }

  /// Writes the row's name, and its maximum.
  private func drawTitle(_ bars: SoftmaxBars, in rect: Rect, on picture: inout Picture) {
    var text = ""
    var isNew = false
    if let entry = bars.entry,
      let new = entry.newMaximum ?? entry.oldMaximum ?? bars.maximumBefore
    {
      isNew = entry.rises && !entry.isComplete
      let old = entry.oldMaximum.map { isNew ? "\(shown($0, [.maximum]))→" : "" } ?? ""
      text = "m \(old)\(shown(new, [.maximum, .newMaximum]))"
      // Before they are compared: the largest score so far, and that of the new keys.
      if entry.newMaximum == nil, let tile = entry.tileMaximum {
        text += "  m\u{303} \(shown(tile, [.tileMaximum]))"
      }
    }
    // The name is never shortened by a number that comes and goes.
    let room = rect.width - "m -00.000→-00.000".count - 1
    let words = hasSoftmax ? ["softmax of \(name)"] : []
    let title = (words + [name, shortName]).first { $0.count <= room }
    picture.canvas.put(title ?? shortName, Style(bold: true), row: 0, column: 0, in: rect)
    picture.canvas.putRight(
      text, Style(isNew ? .alert : .plain, bold: isNew), row: 0, in: rect)
  }

  private func drawBars(_ bars: SoftmaxBars, in rect: Rect, on picture: inout Picture) {
    // An even width, so that two runs side by side have the same bars.
    let even = Rect(
      row: rect.row, column: rect.column, height: rect.height, width: rect.width / 2 * 2)
    BarChart(heights: bars.heights).draw(in: even, on: &picture) { key in
      if bars.atWork?.contains(key) == true { return Style(.compute, bold: true) }
      return bars.shrinking == nil ? Style(.accent) : Style(.alert, bold: true)
    }
  }

  /// Writes α, l and the row of O.
  private func drawSums(_ bars: SoftmaxBars, in rect: Rect, on picture: inout Picture) {
    guard let entry = bars.entry else { return }
    var column = 0
    func put(_ text: String, _ style: Style = Style()) {
      column = picture.canvas.put(text, style, row: 0, column: column, in: rect)
    }
    if let alpha = entry.alpha, alpha > 0 {
      let rises = entry.rises && !entry.isComplete
      put("α ", Style(.dim))
      put(
        "\(shown(alpha, [.factor]))\(rises ? "↓" : "")", Style(rises ? .alert : .dim, bold: rises))
      put(" ")
    }
    if let sum = entry.sum ?? entry.oldSum ?? bars.sumBefore, sum != 0 || entry.sum != nil {
      put("l ", Style(.dim))
      let before = entry.sum == nil || entry.isComplete ? nil : bars.sumBefore
      let roles: [TileRole] = [.sum, .newSum]
      put("\(before.map { "\(shown($0, roles))→" } ?? "")\(shown(sum, roles)) ")
    }
    drawOutput(from: column, in: rect, on: &picture)
  }

  /// Draws the row of O as a strip of colours.
  private func drawOutput(from column: Int, in rect: Rect, on picture: inout Picture) {
    let names = moment.run.facts.names[.output] ?? []
    guard
      let name = names.sorted().first(where: { moment.run.facts.largest[$0] != nil })
        ?? names.first,
      let values = moment.row(plane: moment.plane(scene.selection), row: row, where: names.contains)
    else { return }
    let start = picture.canvas.put(
      " O ", Style(.dim), row: 0, column: max(column, rect.width - 14), in: rect)
    TilePicture(
      values: TileValues(rows: 1, columns: values.count, values: values), ramp: .signed,
      largest: moment.run.facts.largest[name] ?? 1
    ).draw(
      in: rect.inner(row: 0, column: start, width: rect.width - start, height: 1), on: &picture)
  }

  /// A backward pass has no running maximum: it finds the row's statistics in HBM.
  private func drawBackward(in rect: Rect, on picture: inout Picture) {
    picture.canvas.put(name, Style(bold: true), row: 0, column: 0, in: rect)
    let plane = moment.plane(scene.selection)
    let entries = moment.statisticsPerQuery.compactMap { name in
      moment.statistic(plane: plane, row: row) { $0 == name }.map {
        "\(name) \(scene.figure(short($0), .value(of: name, row: row), of: index))"
      }
    }
    picture.canvas.put(
      entries.joined(separator: "  "), row: min(1, rect.height - 1),
      column: rect.height > 1 ? 0 : name.count + 1, in: rect)
  }
}
