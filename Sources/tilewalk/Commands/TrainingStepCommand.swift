// `tilewalk run training-step`: one step of training as a program of launches, with each part's time.

import ArgumentParser
import Exports
import Library
import Runs
import Studies

/// Times the parts of a training step.
struct TrainingStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training-step",
    abstract: "One training step as launches, each part with its time (run training-step).")

  @Option(help: "bert-large, gpt2-small, gpt2-medium, gpt3-1.3b or gpt3-2.7b.")
  var model = "gpt2-small"
  @Option(help: "Tokens of a sequence (default: the model's).") var context: Int?
  @Option(help: "eager, flash-attention, flash-attention-2 or another kernel with a backward pass.")
  var attention = "flash-attention-2"
  @Option(help: "The GPU.") var device = "a100-80gb"
  @Option(help: .init("Lock the SM clock at this value.", valueName: "mhz")) var clock: Int?
  @Option(help: "GPUs that train together.") var gpus = 8
  @Option(help: "Sequences on each GPU (default: as many as fit in memory).") var batch: Int?
  @Option(help: "text or json.") var format = ReportFormat.text

  private struct Result: Encodable {
    let schema = 1
    let model: String
    let attention: String
    let device: String
    let context: Int
    let gpus: Int
    let sequences: Int
    let seconds: Double
    let flopsPerSecondPerGPU: Double
    let parts: [TrainingStep.Part]
    let assumptions: [String]

    private enum CodingKeys: String, CodingKey {
      case schema, model, attention, device, context, gpus, sequences, seconds
      case flopsPerSecondPerGPU, parts, assumptions
    }
  }

  func run() throws {
    let models = TransformerModel.all
    guard let model = models.first(where: { $0.name == self.model }) else {
      throw FileError.unknown(kind: "model", name: self.model, valid: models.map(\.name))
    }
    let length = try checked("context", context ?? model.context, 1...(1 << 17))
    let gpus = try checked("gpus", gpus, 1...65536)
    let kernel = attention == "eager" ? "eager-attention" : attention
    let device = try DeviceLibrary.find(device).device.clocked(at: clock)
    let fitting = TrainingStep.sequences(
      model, context: length, attention: kernel, device: device)
    let sequences = try checked("batch", batch ?? fitting, 1...4096)
    let step = try TrainingStep(
      model, context: length, attention: kernel, device: device, sequences: sequences)
    switch format {
    case .text: try emit(text(step, gpus: gpus))
    case .json:
      try emit(
        json(
          Result(
            model: model.name, attention: step.attention, device: step.device.name,
            context: length, gpus: gpus, sequences: sequences, seconds: step.seconds,
            flopsPerSecondPerGPU: step.modelFlops / step.seconds, parts: step.parts,
            assumptions: TrainingStep.assumptions)))
    }
  }

  private func checked(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws -> Int {
    guard range.contains(value) else {
      throw Failure.usage("--\(name) \(value): expected \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
