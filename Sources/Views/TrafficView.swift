// Bytes between HBM and SRAM, tensor by tensor, beside what the closed form promises for the whole
// run: the two columns meet, exactly, when the run is done.

import Canvas
import Kernels
import Machine

public struct TrafficView: View {
  public let name = "traffic"

  public init() {}

  public func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    if rect.width >= 120, scene.moments.count == 2 {
      for (column, moment) in zip(rect.columns(2, gap: 3), scene.moments) {
        draw(moment, in: column, on: &picture)
      }
      return
    }
    var rest = rect
    for (index, moment) in scene.moments.enumerated() {
      let left = scene.moments.count - index
      draw(moment, in: rest.takeTop(rest.height / left), on: &picture)
    }
  }

  private struct Line {
    var tensor: String
    var direction: String
    var soFar: Int
    var promised: Int
    var formula: String
  }

  private func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    var rest = rect
    let title = rest.takeTop(1)
    let lines = lines(moment)
    let (soFar, promised) = (
      lines.reduce(0) { $0 + $1.soFar }, lines.reduce(0) { $0 + $1.promised }
    )
    picture.canvas.put(
      moment.run.name, Style(.title, bold: true), row: 0, column: 0, in: title)
    picture.canvas.putRight(
      "\(grouped(soFar)) of \(bytesText(promised))\(soFar == promised ? " ✓" : "")",
      Style(.accent), row: 0, in: title)
    for (row, line) in lines.prefix(rest.height).enumerated() {
      draw(line, row: row, in: rest, on: &picture)
    }
  }

  private func lines(_ moment: Moment) -> [Line] {
    let heads =
      if case .attention(let problem) = moment.run.plan.problem { problem.planes } else { 1 }
    let factor = heads > 1 ? " ·\(heads) heads" : ""
    return moment.run.plan.traffic.flatMap { traffic -> [Line] in
      guard let index = moment.program.tensorIndex(traffic.tensor) else { return [] }
      let moved = moment.state.transfers[index]
      let promised = traffic.transfers
      return [
        Line(
          tensor: traffic.tensor, direction: "read", soFar: moved.readBytes,
          promised: promised.readBytes, formula: traffic.readFormula + factor),
        Line(
          tensor: traffic.tensor, direction: "write", soFar: moved.writeBytes,
          promised: promised.writeBytes, formula: traffic.writeFormula + factor),
      ].filter { $0.promised > 0 || $0.soFar > 0 }
    }
  }

  private func draw(_ line: Line, row: Int, in rect: Rect, on picture: inout Picture) {
    let isWrite = line.direction == "write"
    let figures =
      "\(grouped(line.soFar).padded(9, right: true)) of \(grouped(line.promised).padded(9, right: true))"
    let label = "\(isWrite ? "«" : "»") \(line.tensor.padded(5))\(line.direction.padded(6))"
    var column = picture.canvas.put(
      label, Style(isWrite ? .store : .load), row: row, column: 0, in: rect)
    column = picture.canvas.put(figures, row: row, column: column, in: rect)
    column = picture.canvas.put(
      line.soFar == line.promised ? " ✓ " : "   ", Style(.accent), row: row, column: column,
      in: rect)
    let formula = "\(line.formula)"
    picture.canvas.put(formula.padded(18), Style(.dim), row: row, column: column, in: rect)
    let width = min(30, rect.width - column - 19)
    guard width > 4 else { return }
    picture.canvas.put(
      bar(Double(line.soFar) / Double(max(1, line.promised)), width: width),
      Style(isWrite ? .store : .load), row: row, column: column + 19, in: rect)
  }
}
