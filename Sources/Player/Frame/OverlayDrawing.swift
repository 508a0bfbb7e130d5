// The overlays, which take the place of the body: the help page and the explanation of a step. And
// a plan in one line, for the header.

import Canvas
import Kernels
import Library
import Machine
import Moments
import Views

extension Player {
  func draw(_ overlay: Overlay, _ scene: Scene, in rect: Rect, on picture: inout Picture) {
    switch overlay {
    case .help(let page): drawHelp(page: page, in: rect, on: &picture)
    case .explain: drawExplanation(scene, in: rect, on: &picture)
    case .whatIf:
      if let whatIf {
        WhatIfPanel(state: whatIf, names: runs.map(\.name)).draw(in: rect, on: &picture)
      }
    case .finale: FinalePanel(scene, bets: bet?.results ?? []).draw(in: rect, on: &picture)
    }
  }

  /// Rows of a help page below its keys: the legend of looks.
  private static let legendRows = 4

  /// Keys on each page of the help, on a screen of `height` rows.
  private func keysPerPage(height: Int) -> Int {
    max(2, 2 * (height - 2 - Self.legendRows))
  }

  private func helpPages(height: Int) -> Int {
    let perPage = keysPerPage(height: height)
    return (Keymap.bindings.count + perPage - 1) / perPage
  }

  /// What a key makes of an open overlay: the next page of the help, or nothing.
  func nextPage(of overlay: Overlay, after key: Key, height: Int) -> Overlay? {
    guard case .help(let page) = overlay, key != .escape, page + 1 < helpPages(height: height)
    else {
      return nil
    }
    return .help(page: page + 1)
  }

  /// Draws a page of the help: keys in two columns, and what the looks of tiles mean.
  private func drawHelp(page: Int, in rect: Rect, on picture: inout Picture) {
    let height = rect.height + 2
    let (perPage, pages) = (keysPerPage(height: height), helpPages(height: height))
    let bindings = Keymap.bindings.dropFirst(page * perPage).prefix(perPage)
    let perColumn = (bindings.count + 1) / 2
    for (column, part) in rect.columns(2, gap: 2).enumerated() {
      let slice = bindings.dropFirst(column * perColumn).prefix(perColumn)
      for (row, binding) in slice.enumerated() {
        picture.canvas.put(
          binding.label.padded(8), Style(.accent, bold: true), row: row, column: 0, in: part)
        picture.canvas.put(binding.meaning, row: row, column: 8, in: part)
      }
    }
    var rest = rect
    var legend = rest.takeBottom(Self.legendRows)
    _ = legend.takeTop(legend.height - 3)
    LegendPanel().draw(in: legend.takeTop(2), on: &picture)
    picture.canvas.put(
      page + 1 < pages
        ? "Page \(page + 1) of \(pages): any key turns it, Esc closes." : "Any key closes.",
      Style(.dim), row: 0, column: 0, in: legend)
  }

  /// Draws the current step at length: kernel, line, sentences, event, times and cost.
  private func drawExplanation(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let moment = scene.focused
    let kernel = moment.run.plan.kernel
    let title = "\(moment.run.name): \(kernel.title)".wrapped(rect.width - 2)
    var lines = title + ["Source: \(kernel.source)", ""]
    if let number = moment.line, let line = kernel.line(number) {
      lines += ["Line \(number):  \(line.text)", ""]
    }
    lines += Sentence(scene).text.wrapped(rect.width - 2)
    lines += [""] + details(scene)
    for (row, line) in lines.prefix(rect.height).enumerated() {
      picture.canvas.put(
        line, row < title.count ? Style(.title, bold: true) : Style(), row: row, column: 0, in: rect
      )
    }
  }

  private func details(_ scene: Scene) -> [String] {
    let moment = scene.focused
    guard let event = moment.current else { return [] }
    let span = moment.recording.spans[event.span]
    guard let place = span.place else { return [] }
    let cost = moment.cost(at: place)
    var lines = [
      "Event: \(moment.recording.line(of: event))",
      "Runs from cycle \(scene.time(span.start)) to \(scene.time(span.finish)).",
    ]
    if cost.hbmBytes > 0 {
      lines.append("Moves \(bytesText(cost.hbmBytes)) over the bus\(span.inL2 ? ", from L2" : "").")
    }
    if cost.matmul > 0 { lines.append("Costs \(grouped(cost.matmul)) FLOPs of matrix product.") }
    if cost.elementwise > 0 {
      lines.append("Costs \(grouped(cost.elementwise)) operations on the FP32 lanes.")
    }
    if cost.exponential > 0 {
      lines.append("Costs \(grouped(cost.exponential)) operations on the SFU.")
    }
    return lines
  }
}

extension Plan {
  /// Sizes, tiles, format and device in one line.
  /// - Parameter withTiles: false where the runs on the screen differ in their tiles.
  package func summary(withTiles: Bool = true) -> String {
    let tiles = withTiles ? " · tiles \(tiles(backward: forwardLaunches == 0))" : ""
    switch asked {
    case .attention(let p):
      var heads = p.planes > 1 ? " · \(p.planes) heads" : ""
      if headsAsRows > 1 { heads += ", \(headsAsRows) as rows" }
      let keys = p.keys == p.queries ? "" : " Nk=\(p.keys)"
      return
        "N=\(p.queries)\(keys) d=\(p.d)\(p.dv == p.d ? "" : " dv=\(p.dv)")\(heads)\(tiles) · \(p.type.rawValue) · \(device.name)"
    case .matmul(let p):
      return
        "\(p.m)×\(p.k) times \(p.k)×\(p.n)\(tiles) · \(p.type.rawValue) · \(device.name)"
    }
  }
}
