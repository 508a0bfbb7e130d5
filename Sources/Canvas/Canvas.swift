// A canvas: a rectangle of styled cells. It is the only thing that a view produces and a screen
// shows.

/// One character position of a canvas.
package struct Cell: Sendable, Equatable {
  /// A character one column wide.
  package var character: Character
  package var style: Style

  package init(_ character: Character = " ", _ style: Style = Style()) {
    self.character = character
    self.style = style
  }
}

/// A rectangle of cells, `width` × `height`.
package struct Canvas: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// The cells, row by row.
  package private(set) var cells: [Cell]

  package init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: Cell(), count: self.width * self.height)
  }

  /// The whole canvas as a rectangle.
  package var bounds: Rect { Rect(row: 0, column: 0, height: height, width: width) }

  /// The cell at a position. Outside of the canvas reads give a blank and writes are ignored.
  package subscript(row: Int, column: Int) -> Cell {
    get { contains(row, column) ? cells[row * width + column] : Cell() }
    set { if contains(row, column) { cells[row * width + column] = newValue } }
  }

  private func contains(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < height && column >= 0 && column < width
  }

  /// Writes `text` from a position in `rect`. If the right edge of `rect` cuts the text off, it
  /// ends in `…`, so that no name or number is read as a shorter one.
  /// - Returns: the column after the last character, counted in `rect`.
  @discardableResult
  package mutating func put(
    _ text: String, _ style: Style = Style(), row: Int, column: Int, in rect: Rect
  ) -> Int {
    guard row >= 0, row < rect.height else { return column }
    var position = column
    for (offset, character) in text.enumerated() {
      guard position < rect.width else {
        if offset > 0, !text.dropFirst(offset).allSatisfy({ $0 == " " }) {
          self[rect.row + row, rect.column + rect.width - 1].character = "…"
        }
        break
      }
      if position >= 0 {
        self[rect.row + row, rect.column + position] = Cell(character.oneColumn, style)
      }
      position += 1
    }
    return position
  }

  /// Writes `text` at the right edge of `rect`, `inset` columns from it.
  package mutating func putRight(
    _ text: String, _ style: Style = Style(), row: Int, in rect: Rect, inset: Int = 0
  ) {
    put(text, style, row: row, column: max(0, rect.width - inset - text.count), in: rect)
  }

  /// Sets the style of a run of cells and keeps their characters.
  package mutating func restyle(row: Int, columns: Range<Int>, in rect: Rect, _ style: Style) {
    for column in columns.clamped(to: 0..<rect.width) {
      self[rect.row + row, rect.column + column].style = style
    }
  }

  /// Draws another canvas from the top left corner of `rect`; what lies outside of `rect` is cut
  /// off.
  package mutating func draw(_ other: Canvas, at rect: Rect) {
    for row in 0..<min(other.height, rect.height) {
      for column in 0..<min(other.width, rect.width) {
        self[rect.row + row, rect.column + column] = other[row, column]
      }
    }
  }

  /// Whether row `row` looks as it does in another canvas.
  package func hasSameRow(_ row: Int, as other: Canvas) -> Bool {
    width == other.width && row < height && row < other.height
      && cells[row * width..<(row + 1) * width] == other.cells[row * width..<(row + 1) * width]
  }

  /// The characters, a line for each row, without trailing blanks.
  package var lines: [String] {
    (0..<height).map { row in
      var line = String(cells[row * width..<(row + 1) * width].map(\.character))
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The inks, a line for each row: the letter of each cell's ink, and blanks for blank cells.
  package var inkLines: [String] {
    (0..<height).map { row in
      let cells = cells[row * width..<(row + 1) * width]
      return String(cells.map { $0.character == " " ? " " : $0.style.ink.letter })
    }
  }
}
