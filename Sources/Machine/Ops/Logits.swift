// How scores become logits: scale, softcap, bias and mask, in this order.

/// The parameters of an op that turns scores into logits.
package struct Logits: Sendable, Equatable {
  /// Factor of the scores, such as 1/√d.
  package var scale: Float
  /// c in c·tanh(x / c); nil for no softcap.
  package var softcap: Float?
  /// True if the op's first input is a tile of biases, which are added.
  package var hasBias: Bool
  /// Where the tile lies in the score matrix; nil if no mask has to be applied to it.
  package var masked: Region?

  package init(scale: Float, softcap: Float?, hasBias: Bool, masked: Region?) {
    self.scale = scale
    self.softcap = softcap
    self.hasBias = hasBias
    self.masked = masked
  }
}
