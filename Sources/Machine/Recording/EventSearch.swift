// Searches the lines of text that name events. A run on a real GPU has a million of them, so the
// lines are compared as bytes in one buffer, and no strings are made.

extension Recording {
  /// The cycles of all events whose line contains `pattern`, ascending, each once.
  /// - Parameters:
  ///   - pattern: the text to find; in lower case if `ignoresCase`.
  ///   - prefix: text before every line, which is searched as well.
  ///   - ignoresCase: upper-case letters in the lines count as lower case.
  package func cycles(
    ofEventsContaining pattern: String, prefix: String, ignoringCase ignoresCase: Bool
  ) -> [Int] {
    let wanted = Array(pattern.utf8)
    var line = Array((ignoresCase ? prefix.lowercased() : prefix).utf8)
    let start = line.count
    var cycles: [Int] = []
    for event in events where cycles.last != event.cycle {
      line.removeSubrange(start...)
      write(event, to: &line)
      if ignoresCase { line.makeLowercase(from: start) }
      if line.contains(bytes: wanted) { cycles.append(event.cycle) }
    }
    return cycles
  }

  /// The cycles at which a tile of this name, of any head, got values in SRAM or in HBM, ascending,
  /// each once.
  package func cycles(ofWritesTo tile: TileName) -> [Int] {
    var cycles: [Int] = []
    for event in events where event.phase != .started && cycles.last != event.cycle {
      let span = spans[event.span]
      guard let place = span.place, let number = blocks[place.block].ops[place.op].tile,
        blocks[place.block].tiles[number].isCalled(tile)
      else { continue }
      if blocks[place.block].ops[place.op].operation.givesValues { cycles.append(event.cycle) }
    }
    return cycles
  }
}

extension TileInfo {
  /// Whether it is a tile of this name, in any plane.
  fileprivate func isCalled(_ tile: TileName) -> Bool {
    place.tileRow == tile.row && place.tileColumn == tile.column && name == tile.name
  }
}

extension Operation {
  /// True if the op gives its tile values, on chip or in HBM.
  fileprivate var givesValues: Bool {
    switch self {
    case .free, .keep: false
    default: true
    }
  }
}

extension [UInt8] {
  /// Turns ASCII letters from `start` on into lower case; names of tiles and ops have no others.
  fileprivate mutating func makeLowercase(from start: Int) {
    for index in start..<count where (0x41...0x5A).contains(self[index]) { self[index] |= 0x20 }
  }

  fileprivate func contains(bytes wanted: [UInt8]) -> Bool {
    guard let first = wanted.first else { return true }
    guard wanted.count <= count else { return false }
    for start in 0...count - wanted.count where self[start] == first {
      if wanted.indices.allSatisfy({ self[start + $0] == wanted[$0] }) { return true }
    }
    return false
  }
}
