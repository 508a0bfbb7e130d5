// What a kernel is lowered for: the sizes of a problem, its tiles, what it has, and what the device does.

import Machine

/// A problem on a mapping, in the words of the notation.
package struct Setting: Sendable {
  /// Elements along each axis: `N`, `Nk`, `d`, `dv`; or `m`, `n`, `k`.
  package var sizes: [String: Int]
  /// Elements of a tile along each axis that may be cut, forwards and backwards.
  package var tiles: [String: Int]
  package var backwardTiles: [String: Int]
  /// (batch, head) pairs, and those of K and V; query heads per batch entry.
  package var planes = 1
  package var keyValuePlanes = 1
  package var heads = 1
  package var type = DataType.fp32
  package var mask: Mask
  /// Planes of the bias; nil for none.
  package var biasPlanes: Int?
  package var dropout: Dropout?
  package var scale = 1.0
  package var softcap: Double?
  package var hasForward = true
  package var hasBackward = false
  package var features: Set<Feature> = []
  /// Warp groups of a block, for launches that have some.
  package var groups = 1
  package var backwardGroups = 1
  /// Parts into which the rows of a head are split where a block has a head for itself.
  package var splits = 1
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

  /// Whether a launch that visits all tiles looks at what the mask leaves of each: with a mask that is a
  /// rule, a real GPU's threads compare in every tile.
  var looksAtTiles: Bool { device.queueDiscipline == .firstComeFirstServed || hasMaskTable }

  /// Whether products run beside what a warp group does next, if the kernel asks for that.
  var hasAsynchronousProducts: Bool {
    device.queueDiscipline == .firstComeFirstServed || device.asynchronousProducts != nil
  }

  /// The plane of K and V that a query's plane uses.
  func keyValuePlane(_ plane: Int) -> Int {
    let (entry, head) = plane.quotientAndRemainder(dividingBy: heads)
    let shared = keyValuePlanes * heads / max(1, planes)
    return entry * shared + head / max(1, heads / max(1, shared))
  }

  /// The query planes that share a plane of K and V.
  func group(ofKeyValuePlane plane: Int) -> Range<Int> {
    let size = keyValuePlanes == 0 ? 0 : planes / keyValuePlanes
    return plane * size..<(plane + 1) * size
  }

  func holds(_ condition: Condition?) -> Bool {
    guard case .features(let wanted, let isThere) = condition else { return true }
    return wanted.contains(where: features.contains) == isThere
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
