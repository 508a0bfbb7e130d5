// A training step as a program of launches, and published training times beside the model's.

import Exports
import Kernels
import Library
import Studies
import Testing

@Suite("Training")
struct TrainingTests {
  private func step(
    _ name: String, context: Int, _ attention: String = "flash-attention-2", sequences: Int = 4
  ) throws -> TrainingStep {
    let model = try #require(TransformerModel.all.first { $0.name == name })
    return try TrainingStep(
      model, context: context, attention: attention,
      device: try DeviceLibrary.find("a100-80gb").device, sequences: sequences)
  }

  @Test("The products have 6 FLOPs for each weight and token, as closed forms say")
  func products() throws {
    for model in TransformerModel.all {
      let step = try step(model.name, context: 512)
      let flops = step.parts.filter { $0.name.hasPrefix("products") }.reduce(0) { $0 + $1.flops }
      #expect(abs(flops / (6 * model.parameters * 4 * 512) - 1) < 1e-9, "\(model.name)")
    }
  }

  @Test("Parameters are those that the models' names promise, to some percent")
  func parameters() {
    let published = [
      "bert-large": 336e6, "gpt2-small": 124e6, "gpt2-medium": 355e6, "gpt3-1.3b": 1.3e9,
      "gpt3-2.7b": 2.65e9,
    ]
    for model in TransformerModel.all {
      #expect(abs(model.parameters / published[model.name]! - 1) < 0.03, "\(model.name)")
    }
  }

  @Test("Attention grows with the context, the rest with the tokens, and the sum is the step")
  func parts() throws {
    let (short, long) = (
      try step("gpt2-small", context: 1024, sequences: 8),
      try step("gpt2-small", context: 4096, sequences: 2)
    )
    func seconds(_ step: TrainingStep, _ isWanted: (String) -> Bool) -> Double {
      step.parts.filter { isWanted($0.name) }.reduce(0) { $0 + $1.seconds }
    }
    #expect(seconds(long) { $0 == "attention" } > 2 * seconds(short) { $0 == "attention" })
    let others = (seconds(short) { $0 != "attention" }, seconds(long) { $0 != "attention" })
    #expect(abs(others.0 - others.1) < 1e-9)
    #expect(abs(short.seconds - seconds(short) { _ in true }) < 1e-12)
    let eager = try step("gpt2-small", context: 1024, "eager-attention", sequences: 8)
    #expect(eager.seconds > short.seconds)
  }

  @Test("A GPU takes as many sequences as its memory holds, and fewer where scores are kept")
  func memory() throws {
    let model = try #require(TransformerModel.all.first { $0.name == "gpt2-medium" })
    func count(_ attention: String, _ device: String, _ context: Int) throws -> Int {
      TrainingStep.sequences(
        model, context: context, attention: attention,
        device: try DeviceLibrary.find(device).device)
    }
    #expect(
      try count("flash-attention", "a100-80gb", 1024) >= 2
        * count("flash-attention", "a100-40gb", 1024))
    #expect(
      try count("eager-attention", "a100-80gb", 4096) < count("flash-attention", "a100-80gb", 4096))
    #expect(try count("eager-attention", "a100-40gb", 1 << 16) == 1)
  }

  @Test("BERT's speed-up is within 10 %, longer contexts take longer, and no row is hidden")
  func published() throws {
    let training = try TrainingReproduction()
    #expect(training.rows.count == PublishedTraining.rows.count && training.rows.count > 30)
    let bert = try #require(training.ratios.first { $0.workload.hasPrefix("BERT-large") })
    #expect(abs(bert.published - 20 / 17.4) < 1e-9)
    #expect(abs(try #require(bert.errorPercent)) < 10)
    let days = training.rows.filter {
      $0.workload.hasPrefix("GPT-2 small ctx") && $0.method == "FlashAttention"
    }.compactMap(\.predicted)
    #expect(days.count == 3 && days == days.sorted())
    let text = text(training)
    for row in training.rows { #expect(text.contains(row.method) && text.contains(row.workload)) }
    #expect(text.contains("assumed:") && text.contains("no model"))
  }
}
