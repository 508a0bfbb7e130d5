// A training step as a program of launches on one GPU: matrix products, attention, element-wise operations, and
// the optimiser. Attention is simulated; the others are bounded by the tensor cores or by HBM.

import Kernels
import Library
import Machine
import Runs

/// One step of data-parallel training: each GPU does the forward and the backward pass for some sequences, and
/// all update the parameters.
package struct TrainingStep: Sendable {
  /// A part of the step, on one GPU.
  package struct Part: Sendable, Encodable, Equatable {
    package var name: String
    package var launches: Int
    /// FLOPs of matrix products, recomputed ones included.
    package var flops: Double
    /// Bytes between HBM and the SMs.
    package var bytes: Double
    package var seconds: Double
  }

  /// What is trained.
  package let model: TransformerModel
  /// Tokens of a sequence.
  package let context: Int
  /// Name of the attention kernel.
  package let attention: String
  /// The GPU.
  package let device: Device
  /// Sequences on each GPU.
  package let sequences: Int
  /// What one GPU does, in the order of a layer.
  package private(set) var parts: [Part] = []

  /// The time of all parts.
  package var seconds: Double { parts.reduce(0) { $0 + $1.seconds } }

  /// FLOPs of the model by the formula of Megatron-LM, which does not halve causal attention: 6 per parameter and
  /// token, and 12 · layers · width · context per token (Dao 2023, arXiv 2307.08691, Section 4.2).
  package var modelFlops: Double {
    let tokens = Double(sequences * context)
    let attention = 12 * Double(model.layers * model.width) * Double(context)
    return tokens * (6 * model.parameters + attention)
  }

  /// - Parameters:
  ///   - lengths: lengths of sequences of equal share, where they are not all `context` tokens long.
  ///   - hasLaterBuild: FlashAttention also splits the sequence among blocks, as its builds of 2023 do.
  ///   - stepsPerUpdate: forward and backward passes for each update of the parameters.
  /// - Throws: `Refusal` or `FileError` where the attention kernel cannot run.
  package init(
    _ model: TransformerModel, context: Int, attention: String, device: Device, sequences: Int,
    lengths: [Int]? = nil, hasLaterBuild: Bool = true, stepsPerUpdate: Int = 1
  ) throws {
    (self.model, self.context, self.attention) = (model, context, attention)
    (self.device, self.sequences) = (device, sequences)
    let lengths = lengths ?? [context]
    let tokens = Double(sequences) * Double(lengths.reduce(0, +)) / Double(lengths.count)
    addProducts(tokens)
    try addAttention(lengths, hasLaterBuild)
    addElementwise(tokens)
    addOptimiser(stepsPerUpdate)
  }

  /// Sequences that fit in the memory of a GPU, a power of two, at least one: 18 bytes for each parameter, 34 bytes
  /// for each token, layer and column of the stream, and 5 for each pair of tokens, head and layer where the scores
  /// are kept (Korthikanti et al. 2022, arXiv 2205.05198, Eq. 2); and the logits with their gradient, twice in
  /// fp16 and once in half of fp32's bytes.
  package static func sequences(
    _ model: TransformerModel, context: Int, attention: String, device: Device
  ) -> Int {
    let keepsScores = Catalogue.kernel(named: attention)?.scoreMatrices.isEmpty == false
    let layers = Double(model.layers)
    let perToken =
      34 * layers * Double(model.width) + 6 * Double(model.vocabulary)
      + (keepsScores ? 5 * layers * Double(model.heads * context) : 0)
    let free = Double(device.hbmBytes) - 18 * model.parameters
    var sequences = 1
    while Double(2 * sequences * context) * perToken <= free { sequences *= 2 }
    return sequences
  }

  // MARK: Parts

  /// The products of all layers and of the vocabulary, forwards once and backwards twice: for the gradients of the
  /// operands.
  private mutating func addProducts(_ tokens: Double) {
    let (width, layers) = (Double(model.width), Double(model.layers))
    // Queries, keys and values; the output of attention; both layers of the perceptron.
    let columns: [(String, Double, Double)] = [
      ("Q, K, V", width, 3 * width), ("attention output", width, width),
      ("perceptron in", width, 4 * width), ("perceptron out", 4 * width, width),
    ]
    for (name, from, to) in columns {
      add(product: "products: \(name)", rows: tokens, from, to, times: 3 * layers)
    }
    add(
      product: "products: vocabulary", rows: tokens, width, Double(model.vocabulary), times: 3)
  }

  private mutating func add(
    product name: String, rows: Double, _ depth: Double, _ columns: Double, times: Double
  ) {
    let flops = 2 * rows * depth * columns
    let bytes = 2 * (rows * depth + depth * columns + rows * columns)
    let seconds = max(flops / tensorFlopsPerSecond, bytes / hbmBytesPerSecond) + launchSeconds
    parts.append(
      Part(
        name: name, launches: Int(times), flops: times * flops, bytes: times * bytes,
        seconds: times * seconds))
  }

  /// The attention of one layer, both passes, simulated for each length; all layers are alike.
  private mutating func addAttention(_ lengths: [Int], _ hasLaterBuild: Bool) throws {
    guard Self.kernels.contains(attention), let kernel = Catalogue.kernel(named: attention) else {
      throw FileError.unknown(
        kind: "attention kernel", name: attention, valid: Self.kernels)
    }
    var part = Part(name: "attention", launches: 0, flops: 0, bytes: 0, seconds: 0)
    for (length, times) in Dictionary(grouping: lengths, by: \.self).mapValues(\.count).sorted(
      by: { $0.key < $1.key })
    {
      var request = RunRequest(device: device)
      request.numbers = [
        .n: length, .d: model.width / model.heads, .heads: model.heads,
        .batch: max(1, sequences * times / lengths.count),
      ]
      request.words = [.dtype: "fp16", .pass: "both", .mask: model.isCausal ? "causal" : "none"]
      if hasLaterBuild, attention == "flash-attention" { request.words[.splits] = "auto" }
      if model.dropout > 0 { request.decimals = [.dropout: model.dropout] }
      let plan = try Workload.read(request, for: kernel).plan(for: kernel)
      let totals = try plan.simulatedTotals()
      let layers = model.layers
      part.launches += layers * totals.launches.count
      part.flops += Double(layers) * Double(totals.matmulFlops)
      part.bytes += Double(layers) * Double(totals.hbm.bytes)
      part.seconds += Double(layers) * device.seconds(totals.cycles)
    }
    parts.append(part)
  }

  /// What a layer does between its products, as a framework runs it: each operation reads and writes the whole
  /// stream, in fp16. The numbers are reads and writes of tokens × width, forwards and backwards.
  private static let elementwise: [(name: String, passes: Double, launches: Double)] = [
    // Layer norm twice: x in, y out; backwards dy and x in, dx out, and both once more for gain and bias.
    ("layer norm", 2 * (2 + 5), 2 * 3),
    // Bias and GELU on four times the width: in, out; backwards dy and x in, dx out.
    ("bias and GELU", 4 * (2 + 3), 2),
    // Dropout and residual twice: x and the residual in, sum out, mask in half the bytes; backwards dy and mask
    // in, dx out, and the sum of both gradients.
    ("dropout and residual", 2 * (3.5 + 2.5 + 3), 2 * 4),
    // Biases of the products: their gradients read the gradients of Q, K, V, of both outputs and of the GELU.
    ("bias gradients", 3 + 1 + 1 + 4, 4),
  ]

  private mutating func addElementwise(_ tokens: Double) {
    for (name, passes, launches) in Self.elementwise {
      let bytes = 2 * tokens * Double(model.width) * passes * Double(model.layers)
      add(elementwise: name, bytes, launches: launches * Double(model.layers))
    }
    // The loss reads and writes the logits: maximum, exponential and sum in one pass, gradient in another.
    add(
      elementwise: "loss", 2 * tokens * Double(model.vocabulary) * 4, launches: 4)
  }

  /// Adam in mixed precision: gradient in fp16, master copy and both moments in fp32 in, all three out, and the
  /// weights in fp16 out (Micikevicius et al. 2018, arXiv 1710.03740; Kingma and Ba 2015, arXiv 1412.6980).
  private mutating func addOptimiser(_ stepsPerUpdate: Int) {
    add(
      elementwise: "optimiser", model.parameters * (2 + 12 + 12 + 2) / Double(stepsPerUpdate),
      launches: 1)
  }

  private mutating func add(elementwise name: String, _ bytes: Double, launches: Double) {
    let seconds = bytes / (hbmBytesPerSecond * device.elementwiseShare) + launches * launchSeconds
    parts.append(
      Part(name: name, launches: Int(launches), flops: 0, bytes: bytes, seconds: seconds))
  }

  // MARK: Rates

  /// What the best dense product reaches, as measured; see the device's file.
  private var tensorFlopsPerSecond: Double {
    device.multiplier(for: .fp16).perCycle * Double(device.smCount) * device.clockMHz * 1e6
  }

  private var hbmBytesPerSecond: Double {
    (device.rates[.hbm]?.perCycle ?? 1) * device.clockMHz * 1e6
  }

  private var launchSeconds: Double { device.seconds(device.launchCycles) }

  /// The attention kernels that a step may have.
  package static let kernels = Catalogue.kernels.filter {
    $0.hasBackwardPass && $0.text.computesAttention
  }.map(\.name)

  /// What every step takes for granted, for reports.
  package static let assumptions = [
    "dense products reach what the best measured one does on the device, at every shape",
    "element-wise operations go through HBM one by one, at the share of the bandwidth that a framework's kernels reach",
    "the sum of the gradients over all GPUs takes place beside the backward pass, and costs nothing",
    "reading data, logging and waiting for the host cost nothing",
  ]
}
