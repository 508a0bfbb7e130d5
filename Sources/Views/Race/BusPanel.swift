// The HBM bus: of the transfers that are running, the one issued first, how far it is, and how many
// others there are.

import Canvas
import Machine
import Moments

extension Operation {
  /// True for an atomic add: bytes cross the bus in both directions.
  fileprivate var isAdd: Bool {
    if case .add = self { return true }
    return false
  }
}

/// One row for the bus.
struct BusPanel {
  let scene: Scene
  let index: Int

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    let transfers = moment.running.filter { moment.op(at: $0.place).region != nil }
    guard let first = transfers.first else {
      picture.canvas.put("bus  _ idle", Style(.dim), row: 0, column: 0, in: rect)
      return
    }
    let others = transfers.count > 1 ? "+\(transfers.count - 1)" : ""
    let op = moment.op(at: first.place)
    let isStore = op.operation.isStore
    let arrow = op.operation.isAdd ? "⇄" : isStore ? "«" : "»"
    let style = Style(isStore ? .store : .load, bold: true)
    let figures = figures(first, others)
    let names = [
      "\(moment.block(at: first.place).label(of: op)) ",
      moment.block(at: first.place).tile(of: op).map { "\(TileName($0).text) " } ?? "",
    ]
    // A narrow panel leaves out the verb: the arrow says the same.
    let label = names.first { 7 + $0.count + figures.count <= rect.width } ?? names[1]
    var column = picture.canvas.put("bus  \(arrow) \(label)", style, row: 0, column: 0, in: rect)
    let width = min(16, max(0, rect.width - column - figures.count))
    column = picture.canvas.put(
      bar(moment.progress(of: first.span), width: width), style, row: 0, column: column, in: rect)
    picture.canvas.put(figures, row: 0, column: column, in: rect)
  }

  /// ` 58/64 B +3`: bytes of the first transfer so far and in total, and the number of others.
  private func figures(_ transfer: OpInFlight, _ others: String) -> String {
    let bytes = moment.cost(at: transfer.place).hbmBytes
    let done = Int(clamping: moment.progress(of: transfer.span) * Double(bytes))
    let text = scene.hidden.text(
      " \(grouped(done))/\(bytesText(bytes))", moment.transferName(moment.op(at: transfer.place)),
      of: moment.run.name)
    return text + (others.isEmpty ? "" : " \(others)")
  }
}

extension Moment {
  /// The name of the bytes of a transfer: a tile's tell those of its tensor.
  func transferName(_ op: Op) -> FigureName {
    let tensor = op.region.map { program.tensors[$0.tensor].name } ?? ""
    return .report("tensors.\(tensor).\(op.operation.isStore ? "writeBytes" : "readBytes")")
  }
}
