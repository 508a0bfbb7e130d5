// The current step in words: what the event does, with its true numbers, then the reason that the
// kernel's text gives for the line.

import Machine
import Moments

/// The sentences about the current step.
package struct Sentence {
  private let moment: Moment
  private let selection: Selection
  /// The run's name and a colon, if the sentence is not about the run in focus; else empty.
  private let subject: String
  private let hidden: HiddenFigures

  /// The sentence is about the run in focus, or about the other one if only that has an event at
  /// this cycle.
  package init(_ scene: Scene) {
    let isOver = scene.cycle == scene.lastCycle
    let other = isOver ? nil : scene.moments.first { $0.hasEvent }
    moment = scene.focused.hasEvent ? scene.focused : other ?? scene.focused
    selection = scene.selection
    hidden = scene.hidden
    subject =
      moment.run.name == scene.focused.run.name ? "" : "\(moment.run.name): "
  }

  /// One to three sentences.
  package var text: String { moment.isFinished ? ending : subject + statement(withReason: true) }

  /// The same without the reason that the kernel's text gives.
  package var event: String { moment.isFinished ? ending : subject + statement(withReason: false) }

  private func shown(_ text: String, _ name: FigureName) -> String {
    hidden.text(text, name, of: moment.run.name)
  }

  private func statement(withReason: Bool) -> String {
    guard let event = moment.current else { return "Nothing has happened yet." }
    guard withReason, let place = moment.place(of: event) else { return text(of: event) }
    let line = moment.run.plan.kernel.line(Int(moment.op(at: place).line))
    return [text(of: event), line?.why ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What one event of the run in focus does, without the reason.
  package func text(of event: Event) -> String {
    let span = moment.recording.spans[event.span]
    switch span.subject {
    case .op(let place): return subject(place) + what(event, span, place)
    case .launchStart(let launch): return started(Int(launch))
    case .launchEnd(let launch):
      let name = moment.program.launches[Int(launch)].name
      return "The launch \(name) has ended; only now may the next one start."
    }
  }

  /// The block of the event, if the launch has several, and its SM: `Block 3 on SM 1: `.
  private func subject(_ place: OpPlace) -> String {
    let launch = moment.recording.placement[place.block.index].launch
    guard moment.program.launches[launch].blocks > 1 else { return "" }
    let sm = moment.recording.device.smCount > 1 ? " on SM \(moment.sm(at: place))" : ""
    return "Block \(place.block.number)\(sm): "
  }

  private var ending: String {
    let totals = moment.recording.totals
    let cycles = shown(grouped(totals.cycles), .report("cycles"))
    let read = shown(bytesText(totals.hbm.readBytes), .report("hbm.readBytes"))
    let wrote = shown(bytesText(totals.hbm.writeBytes), .report("hbm.writeBytes"))
    return
      "\(moment.run.name) is done after \(cycles) cycles: it read \(read) from HBM and wrote \(wrote)."
  }

  private func started(_ index: Int) -> String {
    let launch = moment.program.launches[index]
    let count = shown("\(launch.blocks)", .report("launches.\(launch.name).blocks"))
    let blocks = "\(count) block\(launch.blocks == 1 ? "" : "s")"
    let wait = shown(grouped(moment.recording.device.launchCycles), .duration)
    return
      "The host launches \(launch.name), \(blocks); the first can start \(wait) cycles later. \(waiting)"
  }

  /// What a launch finds in HBM when it starts.
  private var waiting: String {
    guard moment.isBackwardOnly, moment.state.launch == 0 else { return "All inputs wait in HBM." }
    let left = moment.program.tensors.filter { tensor in
      tensor.role == .input && moment.run.inputs[tensor.name] == nil
        && moment.run.plan.problem.ownInputs[tensor.name] == nil
    }
    let names = left.map(\.name).joined(separator: ", ")
    return "In HBM wait the inputs and what a forward pass has left: \(names)."
  }

  private func what(_ event: Event, _ span: Span, _ place: OpPlace) -> String {
    let (block, op) = (moment.block(at: place), moment.op(at: place))
    let tile = op.tile.map(block.shownLabel) ?? ""
    let bytes = shown(bytesText(block.cost(of: op).hbmBytes), moment.transferName(op))
    let cycles = shown(grouped(span.finish - span.start), .duration)
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
        ? "\(tile) sets out to be added to what HBM holds: \(bytes), half of them each way, \(cycles) cycles."
        : "\(tile) has been added to what HBM held: \(bytes), half of them each way, in \(cycles) cycles."
    case .free: return "The SRAM of \(tile) is free again."
    case .keep: return "\(tile) is noted for the report, at no cost; the hardware would drop it."
    default:
      let line = moment.run.plan.kernel.line(Int(op.line))?.text ?? ""
      let action = Action(op, tile, block, line) { [name = block.tile(of: op)?.name ?? ""] in
        shown($0, .value(of: name))
      }.text
      return isStart ? "\(action): \(cycles) cycles." : "\(action): done.\(rescaling(op, block))"
    }
  }

  /// What a finished factor α means for the followed row; empty for other ops.
  private func rescaling(_ op: Op, _ block: Block) -> String {
    let followed = moment.followedRow(selection)
    guard op.verb == .factor, block.tile(of: op)?.kind.role == .factor,
      let alpha = moment.statistic(of: .factor, plane: moment.plane(selection), row: followed)
    else { return "" }
    let word = moment.run.token(followed).map { " (“\($0)”)" } ?? ""
    let row = "\(moment.rowName(followed, selection))\(word)"
    if alpha == 0 { return " In \(row) these are the first keys: there is nothing to shrink." }
    let factor = moment.run.facts.names[.factor, default: []].reduce(short(alpha)) {
      shown($0, .value(of: $1, row: followed))
    }
    return alpha == 1
      ? " In \(row) the maximum did not rise: α = 1."
      : " In \(row) the maximum rose: what was summed so far shrinks by α = \(factor)."
  }
}

/// An arithmetic op in words.
private struct Action {
  private let op: Op
  private let tile: String
  private let block: Block

  /// The line of the kernel's text.
  private let line: String
  /// The text of a number that the values of the tile tell.
  private let shown: (String) -> String

  init(
    _ op: Op, _ tile: String, _ block: Block, _ line: String, shown: @escaping (String) -> String
  ) {
    self.shown = shown
    self.op = op
    self.tile = tile
    self.block = block
    self.line = line
  }

  private var inputs: [TileInfo] { block.inputs(of: op).map { block.tiles[$0] } }

  /// The name of the tensor of input number `index`.
  private func input(_ index: Int) -> String {
    inputs.indices.contains(index) ? TileName.shown(inputs[index].name) : ""
  }

  var text: String {
    switch op.operation {
    case .product(let transposing, let accumulating, _): product(transposing, accumulating)
    case .logits(let rule): logits(rule)
    case .convert(let type): "\(tile) is rounded to \(type.rawValue)"
    case .random(let rule, _, .keepMask):
      "In \(tile) chance decides, by the seed, which weights are kept: 1, or 0 for \(short(Float(100 * rule.probability))) %"
    case .random(let rule, _, let drawn): dropped(isGradient: drawn == .gradients, rule.keptScale)
    case .compute(let expression): formula(expression)
    case .barrier: "The warp group waits for another one"
    case .arrange(.sort):
      "\(tile) takes the order of the entries of \(input(0)), the smallest first"
    case .arrange(.top): "\(tile) takes the numbers of the largest entries of \(input(0))"
    case .part: "The next step has a part on another unit, which comes first"
    case .load, .store, .add, .free, .keep, .sampleMark: tile
    }
  }

  /// An element-wise op in words, by its verb.
  private func formula(_ expression: Expression) -> String {
    switch op.verb {
    case .fill:
      if case .number(let value) = expression {
        "\(tile) starts as \(short(value))"
      } else {
        computed
      }
    case .rowmax: "\(tile) takes the largest score of each row"
    case .exp: "\(tile) takes e^(score − \(subtrahend))"
    case .rowsum: "\(tile) takes the sum of each row"
    case .max: "\(tile) takes the larger of old and new maximum"
    case .factor: "\(tile) takes e^(its maximum − the new one)"
    case .rescale: rescaled
    case .accumulate: "\(tile) gains the sums of this tile"
    case .divide: divided
    case .logsumexp: "\(tile) takes m + log l"
    case .copy: "\(tile) takes the values of \(input(0)), to be changed without it"
    case .rowdot:
      "\(tile) takes the row sums of \(input(0)) times \(inputs.count > 1 ? input(1) : input(0)), element by element"
    case .scale:
      if case .multiply(.number(let factor), _) = expression {
        "\(tile) is scaled by \(short(factor))"
      } else {
        computed
      }
    case .gradient where inputs.count == 3:
      "\(tile) becomes the gradient of the scores: \(input(0)) times (\(input(1)) − \(input(2)))"
        + factor(of: expression)
    case .gradient: "\(tile) shrinks where the cap has bent the score"
    case .drop:
      if case .multiply(.multiply(_, .number(let factor)), _) = expression {
        dropped(isGradient: false, factor)
      } else if case .weigh(.multiply(_, .number(let factor)), _) = expression {
        dropped(isGradient: true, factor)
      } else {
        computed
      }
    default: computed
    }
  }

  /// The line of the kernel's text, for formulas that have no sentence of their own.
  private var computed: String { "\(tile) is computed: \(line.drop { $0 == " " })" }

  private var divided: String {
    guard inputs.count == 1 else { return computed }
    let isSum = [.sum, .newSum, .tileSum].contains(inputs[0].kind.role)
    return "\(tile) is divided by \(isSum ? "its row sums" : input(0))"
  }

  private var subtrahend: String {
    let isMaximum = [.maximum, .newMaximum, .tileMaximum].contains(
      inputs.count > 1 ? inputs[1].kind.role : .other)
    return isMaximum ? "maximum" : input(1)
  }

  private var rescaled: String {
    switch block.tile(of: op)?.kind.role {
    case .newSum: "\(tile) takes both sums, brought to one maximum"
    case .sum: "\(tile) shrinks by α and gains the sums of this tile"
    case .output where inputs.count > 1:
      "\(tile) is rescaled, and the values of this tile are added"
    case .output: "\(tile) shrinks by α"
    default: computed
    }
  }

  private func factor(of expression: Expression) -> String {
    guard case .multiply(.number(let scale), _) = expression, scale != 1 else { return "" }
    return ", times \(short(scale))"
  }

  private func dropped(isGradient: Bool, _ factor: Float) -> String {
    isGradient
      ? "In \(tile) what belongs to a dropped weight becomes 0, the rest grows \(shown(short(factor))) times"
      : "In \(tile) the dropped weights become 0, the others grow \(shown(short(factor))) times"
  }

  private func product(_ transposing: Transposed, _ isAdded: Bool) -> String {
    if block.cost(of: op).recomputed > 0 {
      return "\(tile) is computed again as a product"
    }
    guard isGradient else {
      return isAdded ? "A product is added to \(tile)" : "\(tile) is computed as a product"
    }
    let factors =
      switch transposing {
      case .left: "\(input(0)) transposed times \(input(1))"
      case .right: "\(input(0)) times \(input(1)) transposed"
      case .neither: "\(input(0)) times \(input(1))"
      }
    return isAdded ? "\(tile) gains \(factors)" : "\(tile) is computed as \(factors)"
  }

  private var isGradient: Bool { block.tile(of: op)?.kind.isGradient ?? false }

  private func logits(_ rule: Logits) -> String {
    var steps: [String] = []
    if rule.scale != 1 { steps.append("scaled by \(short(rule.scale))") }
    if rule.softcap != nil { steps.append("capped") }
    if rule.hasBias { steps.append("biased") }
    if rule.masked != nil { steps.append("masked: hidden pairs become −∞") }
    return "The scores in \(tile) are \(steps.joined(separator: ", "))"
  }
}
