// What is to be computed, and how it is cut into tiles: two of the four independent inputs
// (device, kernel, problem, mapping).

import Machine

/// Which way a kernel goes.
public enum Pass: String, Sendable, CaseIterable {
  case forward
  /// From O, the softmax statistics and dO, as a forward pass has left them in HBM.
  case backward
  case both
}

/// dropout(softmax(mask(softcap(scale · Q·Kᵀ) + bias))) · V for every batch entry and head, and its
/// gradients.
public struct AttentionProblem: Sendable, Equatable {
  /// N: rows of Q and O.
  public var queries: Int
  /// Nk: rows of K and V.
  public var keys: Int
  /// Columns of Q and K.
  public var d: Int
  /// Columns of V and O.
  public var dv: Int
  public var batch: Int
  public var heads: Int
  /// K/V heads; query head h uses K/V head h / (heads / keyValueHeads).
  public var keyValueHeads: Int
  public var type: DataType
  public var scale: Double
  public var softcap: Double?
  public var maskRule: Mask.Rule
  /// Added to the logits: [N, Nk] with one plane, one per head, or one per batch entry and head.
  public var bias: Matrix?
  /// Weights that are dropped after the softmax; nil for none.
  public var dropout: Dropout?
  public var pass = Pass.forward
  /// D = rowsum(dO∘O) inside the inner loop, as Algorithm 4 of the 2022 paper is printed, and not in
  /// a launch of its own, as its kernels do.
  public var computesDeltaInline = false

  public init(
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
  public var planes: Int { batch * heads }
  public var keyValuePlanes: Int { batch * keyValueHeads }
  public var hasForward: Bool { pass != .backward }
  public var hasBackward: Bool { pass != .forward }
  public var mask: Mask { Mask(maskRule, queries: queries, keys: keys, heads: heads) }

  /// The planes of Q that share plane `plane` of K and V.
  public func group(ofKeyValuePlane plane: Int) -> Range<Int> {
    let size = heads / keyValueHeads
    return plane * size..<(plane + 1) * size
  }

  /// The plane of K and V that plane `plane` of Q uses.
  public func keyValuePlane(_ plane: Int) -> Int {
    let (entry, head) = plane.quotientAndRemainder(dividingBy: heads)
    return entry * keyValueHeads + head / (heads / keyValueHeads)
  }
}

/// C = A·B with A m×k and B k×n.
public struct MatmulProblem: Sendable, Equatable {
  public var m: Int
  public var n: Int
  public var k: Int
  public var type: DataType

  public init(m: Int, n: Int, k: Int, type: DataType = .fp32) {
    self.m = m
    self.n = n
    self.k = k
    self.type = type
  }
}

/// The two families of problems.
public enum Problem: Sendable, Equatable {
  case attention(AttentionProblem)
  case matmul(MatmulProblem)
}

extension Problem {
  /// Elements of all its matrices together, the scores among them; too many to count in Int is a
  /// possible answer.
  public var elements: Double {
    switch self {
    case .attention(let p):
      let (n, nk) = (Double(p.queries), Double(p.keys))
      let inputs = n * Double(p.d) + nk * Double(p.d + p.dv)
      return Double(p.batch) * Double(p.heads) * (inputs + n * nk + n * Double(p.dv))
    case .matmul(let p):
      let (m, n, k) = (Double(p.m), Double(p.n), Double(p.k))
      return m * k + k * n + m * n
    }
  }
}

/// Tile sizes, in elements.
public struct Mapping: Sendable, Equatable {
  /// Br, or bm.
  public var rows: Int
  /// Bc, or bn.
  public var columns: Int
  /// bk; attention has none.
  public var depth: Int
  /// Tiles of a loaded buffer that may be in SRAM at once: 2 is double buffering.
  public var stages: Int
  /// Warps of a block as a released kernel launches it; 0 where the algorithm is taken as printed.
  public var warps = 0
  /// Warp groups of a block that work side by side, each on its part of the rows.
  public var groups = 1
  /// Parts into which the rows of a head are split, each a block of its own.
  public var splits = 1
  /// The released kernel is known to run on the device with these tiles, whatever the sum of its
  /// buffers says: they share space.
  public var isKnownToFit = false
  /// What a backward pass has instead, where its released kernel has other tiles.
  public var backward: Tiles?

  public init(rows: Int, columns: Int, depth: Int, stages: Int = 2) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.stages = stages
  }

  public init(tile: Int, stages: Int = 2) {
    self.init(rows: tile, columns: tile, depth: tile, stages: stages)
  }

  /// A kernel as released: the tiles and warps of its passes.
  init(launching forward: Tiles, backward: Tiles) {
    self.init(rows: forward.rows, columns: forward.columns, depth: forward.columns)
    (stages, warps, groups) = (forward.stages, forward.warps, forward.groups)
    isKnownToFit = true
    self.backward = backward
  }

  /// The tiles of a backward pass.
  var goingBackward: Mapping {
    guard let backward else { return self }
    var mapping = self
    (mapping.rows, mapping.columns, mapping.stages) = (
      backward.rows, backward.columns, backward.stages
    )
    (mapping.warps, mapping.groups, mapping.splits) = (backward.warps, backward.groups, 1)
    return mapping
  }

  /// The same with other tiles in both passes, of which nobody knows whether they fit; an edge that is
  /// nil stays as it is.
  public func with(rows: Int?, columns: Int?) -> Mapping {
    guard rows != nil || columns != nil else { return self }
    var mapping = self
    mapping.isKnownToFit = false
    mapping.rows = rows ?? self.rows
    mapping.columns = columns ?? self.columns
    if let rows { mapping.backward?.rows = rows }
    if let columns { mapping.backward?.columns = columns }
    return mapping
  }

  /// True where costs and footprints are those of a released kernel.
  public var isAsLaunched: Bool { warps > 0 }
}

/// Tiles and warps of one pass of a released kernel.
public struct Tiles: Sendable, Equatable {
  public var rows: Int
  public var columns: Int
  public var warps: Int
  public var groups = 1
  public var stages = 2

  public init(_ rows: Int, _ columns: Int, warps: Int, groups: Int = 1, stages: Int = 2) {
    self.rows = rows
    self.columns = columns
    self.warps = warps
    self.groups = groups
    self.stages = stages
  }
}
