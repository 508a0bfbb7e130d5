// The chip: every SM as a cell, with the waves of its blocks and what it does at this cycle. Below,
// how many SMs were busy over time, which shows waves and the tail of the last one.

import Canvas
import Machine
import Moments

/// The view `chip`: a grid of SMs per run, above the strips of busy SMs.
package struct ChipView: View {
  package let name = "chip"
  package var standsAlone: Bool { true }

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    var body = rect
    let bottom = body.takeBottom(1)
    let legend = body.takeBottom(1)
    let count = scene.moments.count
    let sms = scene.moments.map(\.recording.device.smCount).max() ?? 1
    let least =
      ChipPanel.rowsAround + ChipGrid.leastRows(sms, width: body.columns(count, gap: 3)[0].width)
    let strip = max(1, min(sms == 1 ? 1 : 4, (body.height - least) / count))
    let strips = body.takeBottom(count * strip)
    scene.drawColumns(in: body, on: &picture) { index, column, picture in
      ChipPanel(scene: scene, index: index).draw(in: column, on: &picture)
    }
    BusySMStrip(scene: scene, rowsPerRun: strip).draw(in: strips, on: &picture)
    drawLegend(in: legend, on: &picture)
    picture.canvas.put(
      "strip: ▁ few SMs busy … █ all of them", Style(.dim), row: 0, column: 0, in: bottom)
    StripPanel(showsRuns: false).draw(scene, in: bottom, on: &picture)
  }

  /// The fewest rows in which every SM is visible on a screen of 80 columns.
  package static func leastRows(_ scene: Scene) -> Int {
    let sms = scene.moments.map(\.recording.device.smCount).max() ?? 1
    let width = Rect(row: 0, column: 0, height: 1, width: 80)
      .columns(scene.moments.count, gap: 3)[0].width
    return ChipPanel.rowsAround + ChipGrid.leastRows(sms, width: width) + scene.moments.count + 2
  }

  private func drawLegend(in rect: Rect, on picture: inout Picture) {
    let isWide = rect.width > 100
    let text = isWide ? "an SM: what it does, then the waves of its blocks. " : "A = wave; "
    CycleKind.drawLegend(after: text, in: rect, on: &picture)
  }
}

/// The SMs of one run, with title, figures and a sentence about the selected SM.
struct ChipPanel {
  let scene: Scene
  let index: Int

  /// Rows besides the grid: title, two rows of figures, and the selected SM.
  static let rowsAround = 4

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    let progress = LaunchProgress(moment)
    RunTitle(scene: scene, index: index).draw(in: rest.takeTop(1), on: &picture)
    drawFigures(progress, in: &rest, on: &picture)
    let detail = rest.takeBottom(1)
    let sm = min(scene.selection.sm, progress.residents.count - 1)
    let isPicked = scene.focus == index
    picture.canvas.put(
      "\(isPicked ? "▸" : " ")" + SMSentence(moment, sm: sm).text.cut(detail.width - 1),
      isPicked ? Style(.accent, bold: true) : Style(.dim), row: 0, column: 0, in: detail)
    ChipGrid(moment, progress, in: rest).draw(
      run: index, selected: isPicked ? sm : nil, on: &picture)
  }

  private func drawFigures(
    _ progress: LaunchProgress, in rect: inout Rect, on picture: inout Picture
  ) {
    let joined = progress.lines.joined(separator: "; ")
    let lines = joined.count <= rect.width ? [joined] : progress.lines
    for line in lines {
      picture.canvas.put(line, row: 0, column: 0, in: rect.takeTop(1))
    }
  }
}

/// What one SM does at this cycle, in words: `SM 17 tensor cores multiply: S[0,3]`.
struct SMSentence {
  let text: String

  init(_ moment: Moment, sm: Int) {
    let kind = moment.recording.times.kind(sm: sm, at: moment.cycle)
    let running = moment.running.map(\.place).filter { moment.sm(at: $0) == sm }
    let transfers = running.filter { moment.op(at: $0).region != nil }
    let places =
      kind.isWork || kind == .dependencyStall
      ? running.filter { moment.op(at: $0).region == nil } : transfers
    let list = Self.list(places, moment)
    text = "SM \(sm) \(kind.words)\(list.isEmpty ? "" : ": \(list)")"
  }

  /// The tiles of some ops; the block's number comes before its tiles if there are several blocks.
  private static func list(_ places: [OpPlace], _ moment: Moment) -> String {
    let places = places.filter { moment.tile(at: $0) != nil }
    let blocks = Set(places.map(\.block)).sorted()
    return blocks.map { block in
      let names = places.filter { $0.block == block }.map {
        moment.block(at: $0).tileText(of: moment.op(at: $0))
      }
      return (blocks.count > 1 ? "b\(block.number) " : "") + names.joined(separator: " ")
    }.joined(separator: " ")
  }
}
