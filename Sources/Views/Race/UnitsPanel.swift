// The units of the selected SM, and the tile that each works on.

import Canvas
import Machine
import Moments

/// One row for tensor cores, FP32 lanes and SFU; and how often the output was rescaled, where some run does so only if it
/// must.
struct UnitsPanel {
  let sm: Int
  let countsRescales: Bool

  func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    let users = [Unit.tensor, .fp32, .sfu].map { ($0, user(of: $0, moment)) }
    let length = users.reduce(0) { $0 + $1.0.name.count + 2 + ($1.1?.count ?? 0) }
    let gap = length + 4 <= rect.width ? 2 : 1
    var column = 0
    for (unit, user) in users {
      let style = Style(user == nil ? .dim : .compute, bold: user != nil)
      column = picture.canvas.put(
        "\(unit.name) ", Style(user == nil ? .dim : .plain), row: 0, column: column, in: rect)
      column =
        picture.canvas.put(user.map { "▲\($0)" } ?? "_", style, row: 0, column: column, in: rect)
        + gap
    }
    drawRescales(moment, after: column, in: rect, on: &picture)
  }

  private func drawRescales(
    _ moment: Moment, after column: Int, in rect: Rect, on picture: inout Picture
  ) {
    guard countsRescales, let rescales = moment.run.facts.rescales.until(moment.cycle)
    else { return }
    let (done, all) = (rescales.done, rescales.visited)
    let texts = ["rescaled \(done) of \(all) tiles", "rescaled \(done)/\(all)", "α \(done)/\(all)"]
    if let text = texts.first(where: { column + $0.count <= rect.width }) {
      picture.canvas.putRight(text, row: 0, in: rect)
    }
  }

  /// The tile of a running op of this SM that uses `unit`; nil if there is none.
  private func user(of unit: Unit, _ moment: Moment) -> String? {
    for place in moment.running.map(\.place) where moment.sm(at: place) == sm {
      let op = moment.op(at: place)
      guard op.region == nil, moment.recording.device.uses(unit, for: moment.cost(at: place)) else {
        continue
      }
      return moment.block(at: place).tileText(of: op)
    }
    return nil
  }
}
