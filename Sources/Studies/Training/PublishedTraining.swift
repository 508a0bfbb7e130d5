// Published training times beside the model's. What a paper does not say is assumed here, once for all rows, and
// nothing is fitted to them.

import Library
import Machine

/// Published figures of training, each with the model's.
package struct TrainingReproduction: Sendable, Encodable {
  /// One published figure and its prediction.
  package struct Row: Sendable, Encodable {
    package var workload: String
    package var method: String
    package var hardware: String
    package var published: Double
    package var unit: String
    /// Name of the attention kernel; nil where there is no model.
    package var attention: String?
    package var predicted: Double?
    package var errorPercent: Double?
  }

  package var schema = 1
  package var rows: [Row]
  /// What published speed-ups between two methods are, and the model's.
  package var ratios: [Row]
  package var assumptions: [String]

  /// Predicts every row of `Published/training.csv` that is about a model and an attention kernel of ours.
  package init() throws {
    rows = try PublishedTraining.rows.map { published in
      var row = Row(
        workload: published.workload, method: published.method, hardware: published.hardware,
        published: published.value, unit: published.unit)
      guard let run = TrainingRun(published) else { return row }
      row.attention = run.attention
      let value = try run.predicted(unit: published.unit)
      row.predicted = value
      row.errorPercent = 100 * (value - published.value) / published.value
      return row
    }
    ratios = Self.ratios(rows)
    assumptions = TrainingStep.assumptions + TrainingRun.assumptions
  }

  /// The first method of each workload over the others.
  private static func ratios(_ rows: [Row]) -> [Row] {
    var result: [Row] = []
    for (index, row) in rows.enumerated() {
      guard let start = rows.firstIndex(where: { $0.workload == row.workload }), start < index,
        let own = row.predicted, let other = rows[start].predicted
      else { continue }
      let first = rows[start]
      // Times fall and throughputs rise.
      let isTime = ["minutes", "days"].contains(row.unit)
      let published = isTime ? first.published / row.published : row.published / first.published
      let predicted = isTime ? other / own : own / other
      result.append(
        Row(
          workload: row.workload, method: "\(first.method) to \(row.method)",
          hardware: row.hardware, published: published, unit: "x", attention: row.attention,
          predicted: predicted, errorPercent: 100 * (predicted / published - 1)))
    }
    return result
  }
}

/// The training that a published row is about.
struct TrainingRun {
  let model: TransformerModel
  let context: Int
  let attention: String
  let device: String
  /// The paper of 2023 measured a later build of FlashAttention.
  let hasLaterBuild: Bool
  /// GPUs of the machine.
  static let gpus = 8

  /// Nil for a row about something else.
  init?(_ row: PublishedTraining) {
    let models = [
      "BERT-large": "bert-large", "GPT-2 small": "gpt2-small", "GPT-2 medium": "gpt2-medium",
      "GPT3-1.3B": "gpt3-1.3b", "GPT3-2.7B": "gpt3-2.7b",
    ]
    // HuggingFace and “without” run each operation by itself. Megatron-LM fuses scale, mask and softmax, which
    // is textbook attention in three launches.
    let kernels = [
      "Nvidia MLPerf 1.1": "eager-attention", "HuggingFace": "eager-attention",
      "without FlashAttention": "eager-attention", "Megatron-LM": "standard-attention",
      "FlashAttention": "flash-attention", "FlashAttention-2": "flash-attention-2",
    ]
    guard let name = models.first(where: { row.workload.hasPrefix($0.key) })?.value,
      let model = TransformerModel.all.first(where: { $0.name == name }),
      let attention = kernels[row.method]
    else { return nil }
    (self.model, self.attention) = (model, attention)
    hasLaterBuild = row.table == "FA2-T1"
    let last = row.workload.split(separator: " ").last.map(String.init) ?? ""
    let thousands = Int(last.filter(\.isNumber))
    context = last.hasSuffix("k") ? (thousands ?? 1) * 1024 : model.context
    device = row.hardware.contains("40GB") || row.hardware == "8xA100" ? "a100-40gb" : "a100-80gb"
  }

  /// Sequences of each length that BERT sees: uniform from 64 to 512 tokens. In its texts about half of all tokens
  /// would be padding (Krell et al. 2021, arXiv 2107.02027, Section 1), and both methods leave it out.
  private static let lengths = (1...8).map { 64 * $0 }

  /// BERT: 7,100 steps of 448 sequences (Dao et al. 2022, arXiv 2205.14135, Appendix E.1).
  private static let bert = (steps: 7100.0, sequences: 448)
  /// GPT-2: 400,000 steps of 512 sequences of 1,024 tokens (the same appendix); longer contexts see as many tokens.
  private static let gpt2 = (steps: 400_000.0, tokens: 512 * 1024)
  static let assumptions = [
    "BERT: sequences of 64 to 512 tokens, uniform, without padding; 7,100 steps of 448 sequences",
    "GPT-2: 400,000 steps of 524,288 tokens, whatever the context",
    "8 GPUs, each with as many sequences as fit in its memory, a power of two",
    "HuggingFace, MLPerf 1.1 and “without” as eager attention, Megatron-LM as standard attention",
  ]

  func predicted(unit: String) throws -> Double {
    let device = try DeviceLibrary.find(device).device
    if model.name == "bert-large" {
      let step = try TrainingStep(
        model, context: context, attention: attention, device: device,
        sequences: Self.bert.sequences / Self.gpus, lengths: Self.lengths,
        hasLaterBuild: hasLaterBuild)
      return Self.bert.steps * step.seconds / 60
    }
    let sequences = TrainingStep.sequences(
      model, context: context, attention: attention, device: device)
    let updates = max(1, Self.gpt2.tokens / (Self.gpus * sequences * context))
    let step = try TrainingStep(
      model, context: context, attention: attention, device: device, sequences: sequences,
      hasLaterBuild: hasLaterBuild, stepsPerUpdate: updates)
    if unit == "days" {
      return Self.gpt2.steps * Double(updates) * step.seconds / (24 * 3600)
    }
    return step.modelFlops / step.seconds / 1e12
  }
}
