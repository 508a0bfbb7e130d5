// The transformers whose training times papers report: their sizes, and what a layer does besides attention.

/// A transformer by its sizes.
package struct TransformerModel: Sendable, Equatable {
  /// Its name on the command line.
  package let name: String
  /// Layers, each with attention and a perceptron.
  package let layers: Int
  /// Columns of the residual stream.
  package let width: Int
  /// Heads of attention in a layer.
  package let heads: Int
  /// Words that it knows.
  package let vocabulary: Int
  /// Tokens of a sequence, where nobody asks for others.
  package let context: Int
  /// Whether a word sees no later one.
  package let isCausal: Bool
  /// Probability of dropout.
  package let dropout: Double

  /// Parameters: the embedding, and 12·width² for each layer (Kaplan et al. 2020, arXiv 2001.08361, Table 1).
  package var parameters: Double {
    Double(vocabulary * width) + 12 * Double(layers) * Double(width) * Double(width)
  }

  /// All that are known. BERT: Devlin et al. 2019 (arXiv 1810.04805), Section 3, 512 tokens. GPT-2: Radford et
  /// al. 2019, Table 2. GPT-3: Brown et al. 2020 (arXiv 2005.14165), Table 2.1, with heads of 128 as in Dao 2023
  /// (arXiv 2307.08691), Section 4.2.
  package static let all = [
    TransformerModel(
      name: "bert-large", layers: 24, width: 1024, heads: 16, vocabulary: 30522, context: 512,
      isCausal: false, dropout: 0.1),
    TransformerModel(
      name: "gpt2-small", layers: 12, width: 768, heads: 12, vocabulary: 50257, context: 1024,
      isCausal: true, dropout: 0.1),
    TransformerModel(
      name: "gpt2-medium", layers: 24, width: 1024, heads: 16, vocabulary: 50257, context: 1024,
      isCausal: true, dropout: 0.1),
    TransformerModel(
      name: "gpt3-1.3b", layers: 24, width: 2048, heads: 16, vocabulary: 50257, context: 2048,
      isCausal: true, dropout: 0),
    TransformerModel(
      name: "gpt3-2.7b", layers: 32, width: 2560, heads: 20, vocabulary: 50257, context: 2048,
      isCausal: true, dropout: 0),
  ]
}
