// The same tile of two runs: mine, the other one, and the difference.

import Canvas
import Machine
import Moments

/// The view `difference`: the selected or current tile of the run in focus beside that of the other run.
package struct DifferenceView: View {
  package let name = "difference"

  package init() {}

  package func applies(to scene: Scene) -> Bool {
    scene.moments.count == 2 && scene.moments.allSatisfy { $0.run.hasValues }
  }

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    guard applies(to: scene) else {
      put("This view compares a tile of two runs with values.", in: rect, on: &picture)
      return
    }
    let (own, other) = (scene.focused, scene.moments[1 - scene.focus])
    guard let found = TileDifference(own, other, scene.selection) else {
      put(missing(scene, own, other), in: rect, on: &picture)
      return
    }
    var rest = rect
    let isEqual = found.largest == 0
    picture.canvas.put(
      "\(found.name.shown)  \(found.own.rows) × \(found.own.columns)", Style(.title, bold: true),
      row: 0, column: 0, in: rest)
    picture.canvas.putRight(
      isEqual ? "equal" : "largest difference \(short(found.largest))",
      Style(isEqual ? .compute : .alert, bold: true), row: 0, in: rest.takeTop(1))
    let numbers = rest.takeBottom(min(5, max(0, rest.height - 5)))
    drawPictures(found, [own, other].map(\.run.name), in: rest, on: &picture)
    drawNumbers(found, scene, in: numbers, on: &picture)
  }

  private func put(_ text: String, in rect: Rect, on picture: inout Picture) {
    for (row, line) in text.wrapped(rect.width).enumerated() {
      picture.canvas.put(line, Style(.dim), row: row, column: 0, in: rect)
    }
  }

  private func missing(_ scene: Scene, _ own: Moment, _ other: Moment) -> String {
    guard let shown = ShownTile(own, scene.selection) else {
      return "No tile has values yet: step on, or point at one with Enter and the arrow keys."
    }
    return
      "\(other.run.name) holds no \(shown.name.shown) of this shape at this cycle. "
      + "Step on, or point at another tile with Enter and the arrow keys."
  }

  private func drawPictures(
    _ found: TileDifference, _ names: [String], in rect: Rect, on picture: inout Picture
  ) {
    let tiles = [found.own, found.other, found.difference]
    let labels = names + ["difference"]
    let finite = found.own.values.filter(\.isFinite).map(\.magnitude)
    let largest = max(finite.max() ?? 0, .leastNormalMagnitude)
    for (index, column) in rect.columns(3, gap: 2).enumerated() {
      picture.canvas.put(
        labels[index].cut(column.width), Style(.dim), row: 0, column: 0, in: column)
      let body = column.inner(row: 1, column: 0, width: min(column.width, 2 * found.own.columns))
      // The difference has a scale of its own: at the end of its ramp is the largest one.
      TilePicture(
        values: tiles[index], ramp: .signed,
        largest: index < 2
          ? largest : max(found.largest.isFinite ? found.largest : largest, .leastNormalMagnitude)
      ).draw(in: body, on: &picture)
    }
  }

  /// Writes the values around the worst entry.
  private func drawNumbers(
    _ found: TileDifference, _ scene: Scene, in rect: Rect, on picture: inout Picture
  ) {
    let runs = [scene.focus, 1 - scene.focus]
    let names = runs.map { scene.moments[$0].run.name }
    let row = found.worst.row
    let head = "row \(found.origin.row + row), column"
    let left = min(26, ((names + [head, "difference"]).map(\.count).max() ?? 0) + 2)
    let count = max(1, (rect.width - left) / 9)
    let first = max(0, min(found.worst.column - count / 2, found.own.columns - count))
    let columns = first..<min(found.own.columns, first + count)
    // The difference of two values tells either from the other.
    func shown(_ value: Float, _ column: Int, _ runs: [Int]) -> String {
      runs.reduce(short(value)) { text, run in
        let name = FigureName.value(
          of: found.name.name, row: found.origin.row + row, column: found.origin.column + column)
        return scene.figure(text, name, of: run)
      }
    }
    let lines: [(String, [String])] = [
      (head, columns.map { String(found.origin.column + $0) }),
      (names[0], columns.map { shown(found.own[row, $0], $0, [runs[0]]) }),
      (names[1], columns.map { shown(found.other[row, $0], $0, [runs[1]]) }),
      ("difference", columns.map { shown(found.difference[row, $0], $0, runs) }),
    ]
    for (line, (label, cells)) in lines.enumerated() {
      picture.canvas.put(
        label.cut(left - 1), Style(.dim), row: line + 1, column: 0, in: rect)
      for (index, cell) in cells.enumerated() {
        let isWorst = columns.lowerBound + index == found.worst.column && found.largest != 0
        picture.canvas.put(
          cell.padded(8, right: true),
          Style(isWorst ? .alert : line == 0 ? .dim : .plain, bold: isWorst), row: line + 1,
          column: left + 9 * index, in: rect)
      }
    }
  }
}
