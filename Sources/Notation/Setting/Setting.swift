// Everything that the lowering of a kernel depends on: the problem's sizes and features, the tile
// sizes, the device.

import Machine

/// A problem, a mapping and a device, by the axis names of the notation.
package struct Setting: Sendable {
  /// Elements along each axis: `N`, `Nk`, `d`, `dv`; or `m`, `n`, `k`.
  package var sizes: [String: Int]
  /// Tile size in elements along each axis, for the forward and for the backward pass.
  package var tiles: [String: Int]
  package var backwardTiles: [String: Int]
  /// Planes are (batch, head) pairs: those of Q, and those of K and V. `heads`: query heads per
  /// batch entry.
  package var planes = 1
  package var keyValuePlanes = 1
  package var heads = 1
  package var type = DataType.fp32
  package var mask: Mask
  /// Planes of the bias; nil without a bias.
  package var biasPlanes: Int?
  package var dropout: Dropout?
  package var scale = 1.0
  package var softcap: Double?
  package var hasForward = true
  package var hasBackward = false
  package var features: Set<Feature> = []
  /// What the kernel's own options are set to, where they have choices.
  package var choices: Set<String> = []
  /// Warp groups per block, in launches that divide their blocks, for each pass.
  package var groups = 1
  package var backwardGroups = 1
  /// Blocks among which the query rows of a head are split, in launches with one block per head.
  package var splits = 1
  /// Tiles of a loaded buffer that may be in SRAM at once; 2 is double buffering.
  package var stages = 2
  package var device: Device

  package init(
    sizes: [String: Int], tiles: [String: Int], backwardTiles: [String: Int]? = nil, mask: Mask,
    device: Device
  ) {
    self.sizes = sizes
    self.tiles = tiles
    self.backwardTiles = backwardTiles ?? tiles
    self.mask = mask
    self.device = device
  }
}

extension Setting {
  /// The tile size along an axis in elements: the axis' length if it is not cut.
  func tile(_ axis: String, isBackward: Bool) -> Int {
    (isBackward ? backwardTiles : tiles)[axis] ?? sizes[axis] ?? 1
  }

  var hasMaskTable: Bool {
    if case .table = mask.rule { return true }
    return false
  }

  /// Planes of a mask table; nil under a rule.
  var maskPlanes: Int? {
    if case .table(let table) = mask.rule { return table.planes }
    return nil
  }

  /// Whether a launch that visits all tiles applies the mask according to each tile's coverage. On
  /// a real GPU it does so only for a mask table: under a rule, threads compare indices in every
  /// tile.
  var looksAtTiles: Bool { device.queueDiscipline == .firstComeFirstServed || hasMaskTable }

  /// Whether a product marked `not waited for` overlaps what its warp group does next.
  var hasAsynchronousProducts: Bool {
    device.queueDiscipline == .firstComeFirstServed || device.asynchronousProducts != nil
  }

  /// The plane of K and V that a plane of Q uses.
  func keyValuePlane(_ plane: Int) -> Int {
    let (entry, head) = plane.quotientAndRemainder(dividingBy: heads)
    let shared = keyValuePlanes * heads / max(1, planes)
    return entry * shared + head / max(1, heads / max(1, shared))
  }

  /// The planes of Q that share a plane of K and V.
  func group(ofKeyValuePlane plane: Int) -> Range<Int> {
    let size = keyValuePlanes == 0 ? 0 : planes / keyValuePlanes
    return plane * size..<(plane + 1) * size
  }

  /// Whether a condition on features holds; true for all other conditions.
  func holds(_ condition: Condition?) -> Bool {
    switch condition {
    case .features(let wanted, let isThere):
      wanted.contains(where: features.contains) == isThere
    case .choices(let wanted, let isThere): wanted.contains(where: choices.contains) == isThere
    default: true
    }
  }
}

extension Axis {
  init(named axis: String?) {
    self =
      switch axis {
      case nil: .none
      case AxisName.queries: .queries
      case AxisName.keys: .keys
      default: .other
      }
  }
}
