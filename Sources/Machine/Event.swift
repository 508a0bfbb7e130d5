// An event is an op that started or finished, at a cycle, on an SM. Its one line of text is the
// log, the table row, the label in a trace and the cue in a lesson.

/// When and where one op ran.
public struct Span: Sendable, Equatable {
  /// Stands in place of a block where a launch begins or ends.
  public static let launchStart: Int32 = -1
  public static let launchEnd: Int32 = -2

  /// Index into the recording's blocks, or one of the two above.
  public var block: Int32
  /// Index into the block's ops, or of the launch.
  public var op: Int32
  public var start: Int
  public var finish: Int
  /// A transfer that L2 served.
  public var inL2: Bool

  static func launch(_ index: Int, _ end: Int32, at cycle: Int) -> Span {
    Span(block: end, op: Int32(index), start: cycle, finish: cycle, inL2: false)
  }

  /// It takes no time: a launch, or housekeeping.
  public var isInstant: Bool { start == finish }
}

/// One moment at which something happened.
public struct Event: Sendable, Equatable {
  public enum Phase: UInt8, Sendable { case started, finished, happened }

  public var cycle: Int
  /// Index into the recording's spans: the issue number.
  public var span: Int32
  public var phase: Phase

  /// The total order: cycle, then issue number, then started before finished.
  static func precedes(_ a: Event, _ b: Event) -> Bool {
    if a.cycle != b.cycle { return a.cycle < b.cycle }
    if a.span != b.span { return a.span < b.span }
    return a.phase.rawValue < b.phase.rawValue
  }
}

extension Block {
  /// `K[2]`, `S[1,2]`; with several heads the (batch·head) plane stands before: `K.3[2]`.
  public func label(ofTile tile: Int32) -> String {
    var bytes: [UInt8] = []
    writeLabel(ofTile: tile, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the same label.
  func writeLabel(ofTile tile: Int32, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: tiles[Int(tile)].name.utf8)
    let place = tiles[Int(tile)].place
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

  /// What an op is called, without its phase: `load K[2]`.
  public func label(of op: Op) -> String {
    guard op.tile >= 0 else { return op.verb.text }
    return "\(op.verb.text) \(label(ofTile: op.tile))"
  }
}

extension [UInt8] {
  /// Appends a number of at least 0 in decimal digits.
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
