// The units of one SM, and what each is working on.

import Canvas
import Machine

struct UnitsPanel {
  let sm: Int

  func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    var column = 0
    for unit in [Unit.tensor, .fp32, .sfu] {
      let user = user(of: unit, moment)
      let style = Style(user == nil ? .dim : .compute, bold: user != nil)
      column = picture.canvas.put(
        "\(unit.name) ", Style(user == nil ? .dim : .plain), row: 0, column: column, in: rect)
      column =
        picture.canvas.put(user.map { "▲\($0)" } ?? "·", style, row: 0, column: column, in: rect)
        + 2
    }
  }

  /// The tile that a running op of this SM makes on `unit`.
  private func user(of unit: Unit, _ moment: Moment) -> String? {
    for span in moment.running where moment.sm(of: span) == sm {
      let op = moment.op(of: span)
      guard op.region == nil, moment.recording.device.uses(unit, for: moment.work(of: span)) else { continue }
      return moment.block(of: span).tileText(of: op)
    }
    return nil
  }
}
