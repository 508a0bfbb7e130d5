// What this step does and why, in words: the event with its true numbers, then the reason that
// the listing gives for the line.

import Kernels
import Machine

public struct Sentence {
  private let moment: Moment
  private let selection: Selection
  /// The run's name, where it is not the one in focus that has moved.
  private let subject: String

  /// About the run in focus; about the other one where only that has an event at this cycle.
  public init(_ scene: Scene) {
    let isOver = scene.cycle == scene.lastCycle
    let other = isOver ? nil : scene.moments.first { $0.isEventful }
    moment = scene.focused.isEventful ? scene.focused : other ?? scene.focused
    selection = scene.selection
    subject =
      moment.run.name == scene.focused.run.name ? "" : "\(moment.run.name): "
  }

  /// One to three sentences.
  public var text: String { moment.isFinished ? ending : subject + statement }

  private var statement: String {
    guard let event = moment.current else { return "Nothing has happened yet." }
    let span = moment.recording.spans[Int(event.span)]
    guard span.block >= 0 else { return launch(span) }
    let why = moment.run.plan.kernel.listing[Int(moment.op(of: span).line) - 1].why
    return "\(text(of: event)) \(why)"
  }

  /// What one event of the run in focus does, without the reason.
  public func text(of event: Event) -> String {
    let span = moment.recording.spans[Int(event.span)]
    guard span.block >= 0 else { return launch(span) }
    return place(span) + what(event, span, moment.op(of: span))
  }

  /// Which block speaks, where several are at work, and on which SM.
  private func place(_ span: Span) -> String {
    let launch = moment.recording.placement[Int(span.block)].launch
    guard moment.program.launches[launch].blocks > 1 else { return "" }
    let sm = moment.recording.device.smCount > 1 ? " on SM \(moment.sm(of: span))" : ""
    return "Block \(span.block)\(sm): "
  }

  private var ending: String {
    let totals = moment.recording.totals
    let bytes = totals.hbm
    return
      "\(moment.run.name) is done after \(grouped(totals.cycles)) cycles: it read \(bytesText(bytes.readBytes)) from HBM and wrote \(bytesText(bytes.writeBytes))."
  }

  private func launch(_ span: Span) -> String {
    let launch = moment.program.launches[Int(span.op)]
    if span.block == Span.launchEnd {
      return "The launch \(launch.name) has ended; only now may the next one start."
    }
    let blocks = "\(launch.blocks) block\(launch.blocks == 1 ? "" : "s")"
    let wait = grouped(moment.recording.device.launchCycles)
    return
      "The host launches \(launch.name), \(blocks); the first can start \(wait) cycles later. All inputs wait in HBM."
  }

  private func what(_ event: Event, _ span: Span, _ op: Op) -> String {
    let tile = moment.block(of: span).label(ofTile: op.tile)
    let bytes = bytesText(op.work.hbmBytes)
    let cycles = grouped(span.finish - span.start)
    let isStart = event.phase == .started
    switch op.operation {
    case .load(_, let copies):
      let times = copies > 1 ? " (each of \(copies) threads fetches its own copy)" : ""
      let source = span.inL2 ? "L2" : "HBM"
      return isStart
        ? "\(tile) sets out from \(source): \(bytes)\(times), \(cycles) cycles until it is in SRAM."
        : "\(tile) has arrived in SRAM: \(bytes)\(times) in \(cycles) cycles."
    case .store:
      return isStart
        ? "\(tile) sets out for HBM: \(bytes), \(cycles) cycles."
        : "\(tile) is in HBM: \(bytes) written in \(cycles) cycles."
    case .add:
      return isStart
        ? "\(tile) sets out to be added in HBM: \(bytes) in both directions, \(cycles) cycles."
        : "\(tile) has been added to what HBM held, in \(cycles) cycles."
    case .free: return "The SRAM of \(tile) is free again."
    case .keep: return "\(tile) is noted for the report, at no cost; the hardware would drop it."
    default:
      let action = Action(op.operation, tile, moment).text
      return isStart ? "\(action): \(cycles) cycles." : "\(action): done.\(rescaling(op))"
    }
  }

  /// What a finished factor means for the row that the viewer follows.
  private func rescaling(_ op: Op) -> String {
    let followed = moment.followedRow(selection)
    guard op.operation == .factor,
      let alpha = moment.statistic("alpha", plane: selection.plane, row: followed)
    else { return "" }
    let word = moment.run.token(followed).map { " (“\($0)”)" } ?? ""
    let row = "row \(followed)\(word)"
    if alpha == 0 { return " In \(row) these are the first keys: there is nothing to shrink." }
    return alpha == 1
      ? " In \(row) the maximum did not rise: α = 1."
      : " In \(row) the maximum rose: what was summed so far shrinks by α = \(short(alpha))."
  }
}

/// An arithmetic op in words.
private struct Action {
  private let operation: Operation
  private let tile: String
  private let moment: Moment

  init(_ operation: Operation, _ tile: String, _ moment: Moment) {
    self.operation = operation
    self.tile = tile
    self.moment = moment
  }

  var text: String {
    switch operation {
    case .fill(let value): "\(tile) starts as \(short(value))"
    case .multiply(_, let accumulating, _):
      accumulating ? "A product is added to \(tile)" : "\(tile) is computed as a product"
    case .logits(let rule): logits(rule)
    case .rowMax: "\(tile) takes the largest score of each row"
    case .exponential: "\(tile) takes e^(score − maximum)"
    case .rowSum: "\(tile) takes the sum of each row"
    case .maximum: "\(tile) takes the larger of old and new maximum"
    case .factor: "\(tile) takes e^(its maximum − the new one)"
    case .mix: "\(tile) takes both sums, brought to one maximum"
    case .mixRowSum: "\(tile) shrinks by α and gains the sums of this tile"
    case .addRowSum: "\(tile) gains the sums of this tile"
    case .scaleRows: "\(tile) shrinks by α"
    case .divideRows: "\(tile) is divided by its row sums"
    case .updateRows: "\(tile) is rescaled, and the values of this tile are added"
    case .logSumExp: "\(tile) takes m + log l"
    case .convert(let type): "\(tile) is rounded to \(type.rawValue)"
    case .copy: "\(tile) takes the same values"
    case .rowDot: "\(tile) takes the row sums of dO times O"
    case .scoreGradient: "\(tile) becomes the gradient of the scores: P times (dP − D)"
    case .softcapGradient: "\(tile) shrinks where the cap has bent the score"
    case .dropout(let rule, _):
      "In \(tile) the dropped weights become 0, the others grow by \(short(rule.keptScale))"
    case .keepMask: "\(tile) draws which weights are kept"
    case .applyKeepMask(let rule):
      "In \(tile) what was not kept becomes 0, the rest grows by \(short(rule.keptScale))"
    case .load, .store, .add, .free, .keep: tile
    }
  }

  private func logits(_ rule: Logits) -> String {
    var steps: [String] = []
    if rule.scale != 1 { steps.append("scaled by \(short(rule.scale))") }
    if rule.softcap != nil { steps.append("capped") }
    if rule.hasBias { steps.append("biased") }
    if rule.masked != nil { steps.append("masked: hidden pairs become −∞") }
    return "The scores in \(tile) are \(steps.joined(separator: ", "))"
  }
}
