// The bus between HBM and SRAM: the transfers in flight, and how far each has come.

import Canvas
import Machine

extension Operation {
  /// Bytes cross the bus in both directions.
  fileprivate var isAdd: Bool {
    if case .add = self { return true }
    return false
  }
}

struct BusPanel {
  func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    let transfers = moment.running.filter { moment.op(of: $0).region != nil }
    guard let first = transfers.first else {
      picture.canvas.put("bus  · idle", Style(.dim), row: 0, column: 0, in: rect)
      return
    }
    let others = transfers.count > 1 ? "+\(transfers.count - 1)" : ""
    let op = moment.op(of: first)
    let bytes = moment.work(of: first).hbmBytes
    let isStore = op.operation.isStore
    let arrow = op.operation.isAdd ? "⇄" : isStore ? "«" : "»"
    let style = Style(isStore ? .store : .load, bold: true)
    let done = Int(moment.progress(of: first) * Double(bytes))
    let label = moment.block(of: first).label(of: op)
    let figures = " \(grouped(done))/\(bytesText(bytes)) \(others)"
    var column = picture.canvas.put(
      "bus  \(arrow) \(label) ", style, row: 0, column: 0, in: rect)
    let width = min(16, max(0, rect.width - column - figures.count))
    column = picture.canvas.put(
      bar(moment.progress(of: first), width: width), style, row: 0, column: column, in: rect)
    picture.canvas.put(figures, row: 0, column: column, in: rect)
  }
}
