// How scores become logits: scale, softcap, bias and mask, in this order.

/// How scores become logits.
package struct Logits: Sendable, Equatable {
  package var scale: Float
  /// c in c·tanh(x / c); nil for none.
  package var softcap: Float?
  /// A bias tile is among the inputs.
  package var hasBias: Bool
  /// Where the tile lies in the score matrix, if the mask must be applied to it.
  package var masked: Region?

  package init(scale: Float, softcap: Float?, hasBias: Bool, masked: Region?) {
    self.scale = scale
    self.softcap = softcap
    self.hasBias = hasBias
    self.masked = masked
  }
}
