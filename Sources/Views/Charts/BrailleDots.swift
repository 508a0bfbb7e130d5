// Braille patterns as pixels: each cell of a terminal has 2 × 4 dots (Unicode 2800–28FF), the
// finest grid that text offers.

/// Dots over a rectangle of cells, all off at first.
struct BrailleDots {
  private let width: Int
  private let height: Int
  private var masks: [UInt8]

  /// - Parameters:
  ///   - width: columns of cells.
  ///   - height: rows of cells.
  init(width: Int, height: Int) {
    (self.width, self.height) = (max(1, width), max(1, height))
    masks = Array(repeating: 0, count: self.width * self.height)
  }

  /// The bit of each dot: rows from the top, left column then right (Unicode Standard, 15.1).
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  /// Draws a straight line between two points. Coordinates are shares of the rectangle, 0 to 1: x
  /// from left to right, y from bottom to top.
  mutating func line(from a: (Double, Double), to b: (Double, Double)) {
    let (start, end) = (dot(a), dot(b))
    let steps = min(max(1, Int(clamping: max(abs(end.x - start.x), abs(end.y - start.y)))), 1 << 16)
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      set(
        Int(clamping: (start.x + share * (end.x - start.x)).rounded()),
        Int(clamping: (start.y + share * (end.y - start.y)).rounded()))
    }
  }

  /// The dot in the middle of the cell in which a marker at this point is drawn.
  private func dot(_ place: (Double, Double)) -> (x: Double, y: Double) {
    (
      place.0 * Double(width - 1) * 2 + 0.5,
      (1 - place.1) * Double(height - 1) * 4 + 1.5
    )
  }

  private mutating func set(_ x: Int, _ y: Int) {
    guard (0..<2 * width).contains(x), (0..<4 * height).contains(y) else { return }
    masks[y / 4 * width + x / 2] |= Self.bits[y % 4][x % 2]
  }

  /// The cells that have dots: row, column and braille mask.
  var cells: [(row: Int, column: Int, mask: UInt8)] {
    masks.indices.filter { masks[$0] != 0 }.map { ($0 / width, $0 % width, masks[$0]) }
  }
}

extension Character {
  /// The braille pattern with the dots of `mask`.
  init(brailleMask mask: UInt8) { self.init(Unicode.Scalar(0x2800 + UInt32(mask))!) }

  /// The dots of a braille pattern; 0 for any other character.
  var brailleMask: UInt8 {
    guard let scalar = unicodeScalars.first, (0x2800...0x28FF).contains(scalar.value) else {
      return 0
    }
    return UInt8(scalar.value - 0x2800)
  }
}
