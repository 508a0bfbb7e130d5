// What this step does and why, in words: the event with its true numbers, then the reason that
// the listing gives for the line.

import Kernels
import Machine

public struct Sentence {
  private let moment: Moment
  private let selection: Selection

  public init(_ moment: Moment, _ selection: Selection) {
    self.moment = moment
    self.selection = selection
  }

  /// One or two sentences.
  public var text: String {
    if moment.isFinished { return ending }
    guard let event = moment.current else { return "Nothing has happened yet: all inputs are in HBM." }
    let span = moment.recording.spans[Int(event.span)]
    guard span.block >= 0 else { return launch(span) }
    let op = moment.op(of: span)
    let why = moment.run.plan.kernel.listing[Int(op.line) - 1].why
    return "\(what(event, span, op)) \(why)"
  }

  private var ending: String {
    let totals = moment.recording.totals
    return
      "\(moment.run.name) is done after \(grouped(totals.cycles)) cycles: it read \(bytesText(totals.hbm.readBytes)) from HBM and wrote \(bytesText(totals.hbm.writeBytes))."
  }

  private func launch(_ span: Span) -> String {
    let launch = moment.program.launches[Int(span.op)]
    if span.block == Span.launchEnd {
      return "Launch \(launch.name) has ended: the next one may start only now."
    }
    return
      "The host launches \(launch.name), \(launch.blocks) block\(launch.blocks == 1 ? "" : "s"); the first starts \(grouped(moment.recording.device.launchCycles)) cycles later."
  }

  private func what(_ event: Event, _ span: Span, _ op: Op) -> String {
    let tile = moment.block(of: span).label(ofTile: op.tile)
    let bytes = bytesText(op.work.hbmBytes)
    let cycles = span.finish - span.start
    switch (op.operation, event.phase) {
    case (.load(_, let copies), .started):
      let times = copies > 1 ? ", once for each of \(copies) threads" : ""
      return "\(tile) sets out from HBM: \(bytes)\(times), here in \(cycles) cycles."
    case (.load, _): return "\(tile) is in SRAM: \(bytes) in \(cycles) cycles."
    case (.store, .started): return "\(tile) sets out for HBM: \(bytes)."
    case (.store, _): return "\(tile) is in HBM: \(bytes) written in \(cycles) cycles."
    case (.free, _): return "The SRAM of \(tile) is free again."
    case (.keep, _): return "\(tile) is noted for the report; the hardware would drop it."
    case (_, .started): return "\(arithmetic(op, tile)) takes \(cycles) cycles."
    default: return "\(arithmetic(op, tile)) is done.\(rescaling(op, tile))"
    }
  }

  private func arithmetic(_ op: Op, _ tile: String) -> String {
    switch op.operation {
    case .multiply: "The product for \(tile), \(grouped(op.work.matmul)) FLOPs,"
    case .exponential: "The exponentials for \(tile), \(grouped(op.work.exponential)) of them,"
    case .rowMax, .maximum: "The row maximum \(tile)"
    case .factor: "The factor \(tile)"
    case .fill: "Clearing \(tile)"
    default: "The step \(op.verb) of \(tile)"
    }
  }

  /// What a finished factor means for the row that the viewer follows.
  private func rescaling(_ op: Op, _ tile: String) -> String {
    guard op.operation == .factor, tile.hasPrefix("alpha"),
      let alpha = moment.statistic("alpha", plane: selection.plane, row: selection.row)
    else { return "" }
    let word = moment.run.token(selection.row).map { " (\($0))" } ?? ""
    return alpha == 1
      ? " In row \(selection.row)\(word) the maximum did not rise: α = 1."
      : " In row \(selection.row)\(word) the maximum rose: what was summed so far shrinks by α = \(short(alpha))."
  }
}
