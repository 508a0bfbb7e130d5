// A plot for a terminal: lines of braille dots, eight to a cell, and a letter at every point, so
// that series can be told apart without colours.

import Canvas

/// Series over one x axis, drawn on a canvas of any size.
package struct Plot: Sendable {
  /// A point of a series; `y` is nil where the series has no value.
  package struct Point: Sendable, Equatable {
    package var x: Double
    package var y: Double?

    package init(x: Double, y: Double?) { (self.x, self.y) = (x, y) }

    /// True if both coordinates are finite numbers.
    var isDrawn: Bool { x.isFinite && y?.isFinite ?? false }
  }

  /// One line of the plot with its name.
  package struct Series: Sendable {
    package var name: String
    /// In ascending order of x.
    package var points: [Point]

    package init(name: String, points: [Point]) { (self.name, self.points) = (name, points) }
  }

  package var title: String
  /// What x stands for, as it is written below the axis.
  package var xName: String
  package var yUnit: String
  /// Whether the axes may be logarithmic; y is only if its values differ by a factor of 8 or more.
  package var isLogarithmic: Bool
  /// Values of x that may have a label; empty for round values.
  package var ticks: [Double] = []
  package var series: [Series] = []

  package init(title: String, xName: String, yUnit: String, isLogarithmic: Bool) {
    (self.title, self.xName, self.yUnit) = (title, xName, yUnit)
    self.isLogarithmic = isLogarithmic
  }

  /// Columns of the y labels, the axis included.
  private static let margin = 11
  private static let inks: [Ink] = [.load, .store, .compute, .alert, .accent, .resident]

  /// Draws title, plot, axes and legend.
  /// - Parameters:
  ///   - width: columns of the canvas.
  ///   - height: rows of the canvas; a long legend makes it taller.
  package func canvas(width: Int, height: Int) -> Canvas {
    let legend = legendLines(width)
    var canvas = Canvas(width: width, height: max(height, legend.count + 8))
    var rest = canvas.bounds
    canvas.put(titleLine, Style(.title, bold: true), row: 0, column: 0, in: rest.takeTop(1))
    draw(legend, in: rest.takeBottom(legend.count), on: &canvas)
    let values = series.flatMap(\.points).filter(\.isDrawn)
    guard !values.isEmpty else {
      canvas.put("no point has a value", Style(.dim), row: 1, column: 2, in: rest)
      return canvas
    }
    let x = PlotAxis(values.map(\.x), isLogarithmic: isLogX)
    let y = PlotAxis(values.compactMap(\.y), isLogarithmic: isLogY)
    drawX(x, in: rest.takeBottom(2), on: &canvas)
    drawY(y, in: rest, on: &canvas)
    _ = rest.takeLeft(Self.margin)
    for index in series.indices { drawLine(index, x, y, in: rest, on: &canvas) }
    for index in series.indices { drawMarkers(index, x, y, in: rest, on: &canvas) }
    return canvas
  }

  private var isLogX: Bool {
    isLogarithmic && series.flatMap(\.points).allSatisfy { $0.x > 0 }
  }

  /// True if y is logarithmic: a range of less than a factor of 8 reads better on a linear axis.
  private var isLogY: Bool {
    let values = series.flatMap(\.points).filter(\.isDrawn).compactMap(\.y)
    guard isLogX, let low = values.min(), let high = values.max(), low > 0 else { return false }
    return high / low >= 8
  }

  private var titleLine: String {
    let logs = [(isLogX, xName), (isLogY, "figure")].filter(\.0).map(\.1)
    let kind = logs.count == 2 ? ", log-log" : logs.isEmpty ? "" : ", log \(logs[0])"
    return "\(title), over \(xName)\(kind)"
  }

  // MARK: Lines and points

  private func drawLine(
    _ index: Int, _ x: PlotAxis, _ y: PlotAxis, in rect: Rect, on canvas: inout Canvas
  ) {
    var dots = BrailleDots(width: rect.width, height: rect.height)
    let points = series[index].points
    for (a, b) in zip(points, points.dropFirst()) {
      guard a.isDrawn, b.isDrawn, let from = a.y, let to = b.y else { continue }
      dots.line(
        from: (x.position(a.x), y.position(from)), to: (x.position(b.x), y.position(to)))
    }
    for (row, column, mask) in dots.cells {
      // Where lines cross, the dots of both stay.
      let before = canvas[rect.row + row, rect.column + column].character.brailleMask
      canvas.put(
        String(Character(brailleMask: mask | before)), Style(ink(index)), row: row, column: column,
        in: rect)
    }
  }

  private func drawMarkers(
    _ index: Int, _ x: PlotAxis, _ y: PlotAxis, in rect: Rect, on canvas: inout Canvas
  ) {
    for point in series[index].points {
      guard point.isDrawn, let value = point.y else { continue }
      let row = rect.height - 1 - y.cell(value, of: rect.height)
      let place = x.cell(point.x, of: rect.width)
      // Two markers in one cell are drawn side by side.
      let near = (0..<rect.width).sorted { abs($0 - place) < abs($1 - place) }
      let column =
        near.first { !canvas[rect.row + row, rect.column + $0].character.isLetter } ?? place
      canvas.put(
        String(Self.letter(index)), Style(ink(index), bold: true), row: row, column: column,
        in: rect)
    }
  }

  private func ink(_ index: Int) -> Ink { Self.inks[index % Self.inks.count] }

  private static func letter(_ index: Int) -> Character {
    Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(index % 26)))
  }

  // MARK: Axes and legend

  private func drawX(_ axis: PlotAxis, in rect: Rect, on canvas: inout Canvas) {
    let width = rect.width - Self.margin
    canvas.put("└", Style(.dim), row: 0, column: Self.margin - 1, in: rect)
    var free = 0
    for column in 0..<max(0, width) {
      canvas.put("─", Style(.dim), row: 0, column: Self.margin + column, in: rect)
    }
    for tick in ticks.isEmpty ? axis.ticks(width / 10) : ticks where tick <= axis.high * (1 + 1e-9)
    {
      guard tick >= axis.low * (1 - 1e-9) else { continue }
      let text = tick == tick.rounded() && abs(tick) < 1e9 ? "\(Int(tick))" : engineering(tick, "")
      let place = axis.cell(tick, of: width)
      let start = max(0, min(Self.margin + place - text.count / 2, rect.width - text.count))
      guard start >= free else { continue }
      canvas.put("┴", Style(.dim), row: 0, column: Self.margin + place, in: rect)
      free = canvas.put(text, Style(.dim), row: 1, column: start, in: rect) + 1
    }
    canvas.put(xName.cut(8), Style(.dim), row: 1, column: 0, in: rect)
  }

  private func drawY(_ axis: PlotAxis, in rect: Rect, on canvas: inout Canvas) {
    for row in 0..<rect.height {
      canvas.put("│", Style(.dim), row: row, column: Self.margin - 1, in: rect)
    }
    for tick in axis.ticks(max(2, rect.height / 2)) {
      let row = rect.height - 1 - axis.cell(tick, of: rect.height)
      // The title names the unit in full.
      let label = engineering(tick, yUnit.count <= 4 ? yUnit : "")
      let text = label.padded(Self.margin - 2, right: true)
      canvas.put(text, Style(.dim), row: row, column: 0, in: rect)
      canvas.put("┤", Style(.dim), row: row, column: Self.margin - 1, in: rect)
    }
  }

  /// One line of a legend entry: the first has the letter of the series, lines that continue its
  /// name have none.
  private struct LegendEntry {
    var index: Int
    var isFirst: Bool
    var text: String
  }

  /// The legend, row by row: short entries share a row, long ones take several.
  private func legendLines(_ width: Int) -> [[LegendEntry]] {
    var lines: [[LegendEntry]] = []
    var used = width
    for index in series.indices {
      for (piece, text) in series[index].name.wrapped(width - 2).enumerated() {
        if piece > 0 || used + text.count + 2 > width {
          lines.append([])
          used = 0
        }
        lines[lines.count - 1].append(LegendEntry(index: index, isFirst: piece == 0, text: text))
        used += text.count + 5
      }
    }
    return lines
  }

  private func draw(_ legend: [[LegendEntry]], in rect: Rect, on canvas: inout Canvas) {
    for (row, line) in legend.enumerated() {
      var column = 0
      for entry in line {
        let sign = entry.isFirst ? "\(Self.letter(entry.index)) " : "  "
        let style = Style(ink(entry.index), bold: true)
        column = canvas.put(sign, style, row: row, column: column, in: rect)
        column = canvas.put(entry.text, row: row, column: column, in: rect) + 3
      }
    }
  }
}
