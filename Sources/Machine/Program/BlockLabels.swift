// The labels of a thread block's tiles and ops in logs and cues.

extension Block {
  /// The label of a tile: `K[2]`, `S[1,2]`; with several (batch, head) planes the plane follows the
  /// name: `K.3[2]`.
  package func label(ofTile tile: TileID) -> String {
    var bytes: [UInt8] = []
    writeLabel(ofTile: tile, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The same as the papers write it, for the screen: `α[3]`.
  package func shownLabel(ofTile tile: TileID) -> String {
    let label = label(ofTile: tile)
    let name = tiles[tile].name
    return TileName.shown(name) + label.dropFirst(name.count)
  }

  /// Appends the label of a tile as UTF-8.
  func writeLabel(ofTile tile: TileID, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: tiles[tile].name.utf8)
    let place = tiles[tile].place
    if tensors.contains(where: { $0.planes > 1 }) {
      bytes.append(UInt8(ascii: "."))
      bytes.append(number: place.plane)
    }
    bytes.append(UInt8(ascii: "["))
    bytes.append(number: place.tileRow)
    if let column = place.tileColumn {
      bytes.append(UInt8(ascii: ","))
      bytes.append(number: column)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// The label of an op, without its phase: `load K[2]`.
  package func label(of op: Op) -> String {
    guard let tile = op.tile else { return op.verb.text }
    return "\(op.verb.text) \(label(ofTile: tile))"
  }
}

extension [UInt8] {
  /// Appends the decimal digits of a number that is not negative.
  fileprivate mutating func append(number: Int) {
    let start = count
    var rest = number
    repeat {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    self[start...].reverse()
  }
}
