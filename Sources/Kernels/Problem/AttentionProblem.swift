// The attention problem: its sizes, format, mask and dropout, and which passes are computed.

import Machine

/// Which passes a run has.
package enum Pass: String, Sendable, CaseIterable {
  case forward
  /// The backward pass alone, from dO and from O and the softmax statistics that a forward pass has
  /// left in HBM.
  case backward
  case both
}

/// dropout(softmax(mask(softcap(scale · Q·Kᵀ) + bias))) · V for every batch entry and head, and its
/// gradients.
package struct AttentionProblem: Sendable, Equatable {
  /// N: rows of Q and O.
  package var queries: Int
  /// Nk: rows of K and V.
  package var keys: Int
  /// Columns of Q and K.
  package var d: Int
  /// Columns of V and O.
  package var dv: Int
  package var batch: Int
  package var heads: Int
  /// K/V heads (fewer than `heads` for grouped queries); query head h uses K/V head h / (heads /
  /// keyValueHeads).
  package var keyValueHeads: Int
  /// Heads of a group that lie as rows of one head: `queries` is as many, `heads` are those of K and V. 1: none.
  package private(set) var headsAsRows = 1
  package var type: DataType
  package var scale: Double
  /// The cap c of logits c·tanh(x / c); nil for none.
  package var softcap: Double?
  package var maskRule: Mask.Rule
  /// Added to the logits: [N, Nk] with one plane, one per head, or one per batch entry and head.
  package var bias: Matrix?
  /// Dropout of the weights, after the softmax; nil for none.
  package var dropout: Dropout?
  package var pass = Pass.forward
  /// Computes D = rowsum(dO∘O) inside the inner loop, as Algorithm 4 of the 2022 paper is printed,
  /// and not in a launch of its own, as its kernels do.
  package var computesDeltaInline = false

  package init(
    queries: Int, keys: Int? = nil, d: Int, dv: Int? = nil, batch: Int = 1, heads: Int = 1,
    keyValueHeads: Int? = nil, type: DataType = .fp32, scale: Double? = nil,
    softcap: Double? = nil, maskRule: Mask.Rule = .none, bias: Matrix? = nil
  ) {
    self.queries = queries
    self.keys = keys ?? queries
    self.d = d
    self.dv = dv ?? d
    self.batch = batch
    self.heads = heads
    self.keyValueHeads = keyValueHeads ?? heads
    self.type = type
    self.scale = scale ?? 1 / Double(d).squareRoot()
    self.softcap = softcap
    self.maskRule = maskRule
    self.bias = bias
  }

  /// (batch, head) pairs: planes of Q and O.
  package var planes: Int { batch * heads }
  /// (batch, K/V head) pairs: planes of K and V.
  package var keyValuePlanes: Int { batch * keyValueHeads }
  /// Whether the run has a forward pass.
  package var hasForward: Bool { pass != .backward }
  /// Whether the run has a backward pass.
  package var hasBackward: Bool { pass != .forward }
  /// The mask rule for the N × Nk pairs of every head.
  package var mask: Mask { Mask(maskRule, queries: queries, keys: keys, heads: heads) }

  /// The same problem with the heads that share K and V as rows of one tile: Q [heads, 1, d] read as
  /// [kvHeads, heads / kvHeads, d], which are the same numbers in the same order. Itself where that is not
  /// possible: only for one query, as every head then sees the same keys.
  /// Source: seqlenq_ngroups_swapped in flash_api.cpp, FlashAttention 2.2 and later.
  package var packingGroupedHeads: AttentionProblem {
    guard queries == 1, heads > keyValueHeads, pass == .forward, dropout == nil, bias == nil else {
      return self
    }
    var packed = self
    switch maskRule {
    case .none, .padding: break
    case .causal: packed.maskRule = .none
    case .causalTopLeft, .window, .table, .pattern: return self
    }
    packed.headsAsRows = heads / keyValueHeads
    (packed.queries, packed.heads) = (packed.headsAsRows, keyValueHeads)
    return packed
  }

  /// The planes of Q that share plane `plane` of K and V.
  package func group(ofKeyValuePlane plane: Int) -> Range<Int> {
    let size = heads / keyValueHeads
    return plane * size..<(plane + 1) * size
  }

  /// The plane of K and V that plane `plane` of Q uses.
  package func keyValuePlane(_ plane: Int) -> Int {
    let (entry, head) = plane.quotientAndRemainder(dividingBy: heads)
    return entry * keyValueHeads + head / (heads / keyValueHeads)
  }
}
