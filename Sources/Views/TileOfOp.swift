// The tile that an op is about. Barriers, and parts of a released kernel's step on another unit, have none.

import Machine

extension Block {
  public func tile(of op: Op) -> TileInfo? { op.tile >= 0 ? tiles[Int(op.tile)] : nil }

  /// `S[0,1]`; a step without a tile is called by what it does.
  func tileText(of op: Op) -> String { tile(of: op).map { TileName($0).text } ?? op.verb.text }
}

extension Moment {
  func tile(of span: Span) -> TileInfo? { block(of: span).tile(of: op(of: span)) }
}
