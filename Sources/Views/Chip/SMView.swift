// One SM: how much of its SRAM its blocks own, its cycle breakdown, and for each block what it
// loads, computes and stores, or waits for.

import Canvas
import Machine
import Moments

/// The view `sm`: one SM of each run.
package struct SMView: View {
  package let name = "sm"
  package var standsAlone: Bool { true }

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    var body = rect
    let bottom = body.takeBottom(1)
    let legend = body.takeBottom(1)
    scene.drawColumns(in: body, on: &picture) { index, column, picture in
      SMPanel(scene: scene, index: index).draw(in: column, on: &picture)
    }
    CycleKind.drawLegend(after: "time: ", in: legend, on: &picture)
    StripPanel(showsRuns: false).draw(scene, in: bottom, on: &picture)
  }
}

/// The SM of one run.
struct SMPanel {
  let scene: Scene
  let index: Int

  private var moment: Moment { scene.moments[index] }
  private var device: Device { moment.recording.device }
  private var sm: Int { min(scene.selection.sm, device.smCount - 1) }

  func draw(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    RunTitle(scene: scene, index: index).draw(in: rest.takeTop(1), on: &picture)
    let streams = SMStreams(moment, sm: sm)
    let title = rest.takeTop(1)
    picture.canvas.put(
      SMSentence(moment, sm: sm).text, Style(bold: true), row: 0, column: 0, in: title)
    drawSRAM(streams.blocks, in: &rest, on: &picture)
    drawTime(in: rest.takeTop(1), on: &picture)
    draw(streams, in: rest, on: &picture)
    guard streams.blocks.isEmpty else { return }
    picture.canvas.put("no block is on this SM", Style(.dim), row: 0, column: 0, in: rest)
  }

  /// Draws a bar per pool of SRAM: the bytes that the resident blocks own.
  private func drawSRAM(_ blocks: [BlockID], in rect: inout Rect, on picture: inout Picture) {
    var owned = Footprint()
    for block in blocks {
      let footprint = moment.recording.footprint(of: block)
      owned.shared += footprint.shared
      owned.registers += footprint.registers
      owned.tensorMemory += footprint.tensorMemory
    }
    let hasPools = device.registerBytes > 0
    drawPool(
      hasPools ? "shared" : "SRAM", owned.shared, device.sharedBytes, in: rect.takeTop(1),
      on: &picture)
    guard hasPools else { return }
    drawPool("regs", owned.registers, device.registerBytes, in: rect.takeTop(1), on: &picture)
    guard device.tensorMemoryBytes > 0 else { return }
    drawPool(
      "TMEM", owned.tensorMemory, device.tensorMemoryBytes, in: rect.takeTop(1), on: &picture)
  }

  private func drawPool(
    _ name: String, _ used: Int, _ capacity: Int, in rect: Rect, on picture: inout Picture
  ) {
    let figures = " \(grouped(used))/\(bytesText(capacity))"
    let column = picture.canvas.put(name.padded(7), row: 0, column: 0, in: rect)
    let width = max(0, rect.width - column - figures.count)
    picture.canvas.put(
      bar(Double(used) / Double(max(1, capacity)), width: width), Style(.resident), row: 0,
      column: column, in: rect)
    picture.canvas.putRight(figures, row: 0, in: rect)
  }

  /// Draws the SM's cycle breakdown of the current launch up to now.
  private func drawTime(in rect: Rect, on picture: inout Picture) {
    let launches = moment.recording.totals.launches
    let start = launches.isEmpty ? 0 : launches[moment.state.launch].start
    let breakdown = moment.recording.times.breakdown(sm: sm, in: start..<max(start, moment.cycle))
    var column = picture.canvas.put("time ", Style(.dim), row: 0, column: 0, in: rect)
    for kind in CycleKind.allCases where breakdown[kind] > 0 {
      let share = 100 * Double(breakdown[kind]) / Double(breakdown.all)
      column =
        picture.canvas.put(
          "\(kind.glyph)\(fixed(share, 0))%", Style(kind.ink), row: 0, column: column,
          in: rect) + 1
    }
  }

  private func draw(_ streams: SMStreams, in rect: Rect, on picture: inout Picture) {
    let isPicked = scene.focus == index
    let selected = min(scene.selection.stream, max(0, streams.count - 1))
    let rows = rows(streams)
    let names = max(7, streams.lines.map(\.name.count).max() ?? 0) + 1
    let first = firstRow(rows, selected: selected, height: rect.height)
    for (row, entry) in rows.dropFirst(first).prefix(rect.height).enumerated() {
      switch entry {
      case .block(let block): drawBlock(block, row: row, in: rect, on: &picture)
      case .stream(let number):
        let isSelected = isPicked && number == selected
        draw(
          streams.lines[number], names, isSelected, row: row, in: rect, on: &picture)
        picture.targets.append(
          Target(
            rect: Rect(row: rect.row + row, column: rect.column, height: 1, width: rect.width),
            meaning: .stream(run: index, number)))
      }
    }
    let hidden = rows.count - first - rect.height
    if hidden > 0 {
      picture.canvas.putRight("+\(hidden)", Style(.dim), row: rect.height - 1, in: rect)
    }
  }

  /// A row of the list: the heading of a block, or a line by its index in `SMStreams.lines`.
  private enum Row {
    case block(BlockID)
    case stream(Int)
  }

  /// The rows of the list: before the lines of each block a heading.
  private func rows(_ streams: SMStreams) -> [Row] {
    var rows: [Row] = []
    for (number, line) in streams.lines.enumerated() {
      if number == 0 || streams.lines[number - 1].block != line.block {
        rows.append(.block(line.block))
      }
      rows.append(.stream(number))
    }
    return rows
  }

  /// Index of the first row on the screen, so that the selected line is visible.
  private func firstRow(_ rows: [Row], selected: Int, height: Int) -> Int {
    let place = rows.firstIndex { if case .stream(selected) = $0 { true } else { false } } ?? 0
    return max(0, place - height + 1)
  }

  private func drawBlock(_ block: BlockID, row: Int, in rect: Rect, on picture: inout Picture) {
    let residency = moment.recording.residencies[block.index]
    let (done, all) = BlockStreams(moment, block: block).progress
    let letter = Wave(residency.wave).letter
    let head = head(of: moment.recording.blocks[block]).map { "head \($0) " } ?? ""
    let column = picture.canvas.put(
      "block \(block.number) \(head)", Style(bold: true), row: row, column: 0, in: rect)
    let next = picture.canvas.put(
      "wave \(letter) ", Style(Wave(residency.wave).ink), row: row, column: column, in: rect)
    picture.canvas.put(
      "\(grouped(done)) of \(grouped(all)) ops", Style(.dim), row: row, column: next, in: rect)
  }

  /// The (batch, head) plane of a block; nil if the problem has only one, and for a block that
  /// works on several heads, which share keys and values.
  private func head(of block: Block) -> Int? {
    guard moment.program.tensors.contains(where: { $0.planes > 1 }) else { return nil }
    let planes = Set(
      block.tiles.filter { $0.kind.rows != .keys }.map(\.place.plane))
    return planes.count == 1 ? planes.first : nil
  }

  private func draw(
    _ line: StreamLine, _ names: Int, _ isSelected: Bool, row: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    let marker = isSelected ? "▸" : " "
    var column = picture.canvas.put(
      marker, Style(.accent, bold: true), row: row, column: 0, in: rect)
    column = picture.canvas.put(
      line.name.padded(names), Style(.dim, reversed: isSelected), row: row, column: column,
      in: rect)
    guard let op = line.op else {
      picture.canvas.put("✓ no more", Style(.done), row: row, column: column, in: rect)
      return
    }
    let block = moment.recording.blocks[line.block]
    let label = self.label(block, block.ops[op])
    guard line.isRunning else {
      picture.canvas.put(
        "· \(label): \(line.reason)", Style(.dim), row: row, column: column, in: rect)
      return
    }
    let place = OpPlace(block: line.block, op: OpID(op))
    let span = moment.recording.spans[moment.recording.span(of: place)]
    let (glyph, ink) = look(line.kind)
    let text = picture.canvas.put(
      "\(glyph) \(label) ", Style(ink, bold: true), row: row, column: column, in: rect)
    let width = min(10, max(0, rect.width - text - 5))
    let end = picture.canvas.put(
      bar(moment.progress(of: span), width: width), Style(ink), row: row, column: text, in: rect)
    picture.canvas.put(" \(Int(100 * moment.progress(of: span)))%", row: row, column: end, in: rect)
  }

  /// `multiply S[0,1]`; for a transfer the tile alone, because the line already says load or store.
  private func label(_ block: Block, _ op: Op) -> String {
    guard let tile = block.tile(of: op).map({ TileName($0).text }) else { return op.verb.text }
    return op.region == nil ? "\(op.verb.text) \(tile)" : tile
  }

  private func look(_ kind: StreamLine.Kind) -> (Character, Ink) {
    switch kind {
    case .load: ("»", .load)
    case .compute: ("▲", .compute)
    case .store: ("«", .store)
    }
  }
}
