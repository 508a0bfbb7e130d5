// The SMs of a chip as a grid of cells, in the largest cells that fit.

import Canvas
import Machine
import Moments

/// The grid of the SMs of one run.
struct ChipGrid {
  private let moment: Moment
  private let progress: LaunchProgress
  private let rect: Rect
  private let form: Form
  private let perRow: Int
  /// True if every SM has a row of its own, with a sentence.
  private let isList: Bool
  /// Columns for the index of the first SM of a row; 0 for none.
  private let label: Int
  /// Rows from one row of SMs to the next.
  private let step: Int

  /// Content and width of a cell.
  private struct Form {
    /// Number of blocks whose wave is shown; 0 for the wave of one block and the number of blocks.
    var letters: Int
    var width: Int
  }

  init(_ moment: Moment, _ progress: LaunchProgress, in rect: Rect) {
    self.moment = moment
    self.progress = progress
    self.rect = rect
    let count = progress.residents.count
    let most = max(1, progress.maxBlocksPerSM)
    var forms = [Form(letters: most, width: most + 3), Form(letters: most, width: most + 2)]
    if most > 2 { forms.append(Form(letters: 0, width: 4)) }
    forms.append(Form(letters: most, width: most + 1))
    if most > 2 { forms.append(Form(letters: 0, width: 3)) }
    forms.append(Form(letters: 1, width: 2))
    label = rect.width < 50 ? 0 : 5
    let room = rect.width - label
    let fits = { (form: Form) in
      form.width <= room && tileCount(count, room / form.width) <= rect.height
    }
    form = forms.first(where: fits) ?? Form(letters: 1, width: 2)
    isList = count <= rect.height
    perRow =
      isList ? 1 : Self.evenly(count, atMost: max(1, room / form.width), rows: rect.height)
    step = tileCount(count, perRow) * 2 <= rect.height ? 2 : 1
  }

  /// The fewest rows for `count` SMs, in cells of three columns: glyph, wave and number of blocks.
  static func leastRows(_ count: Int, width: Int) -> Int {
    tileCount(count, max(1, width / 3))
  }

  /// SMs per row: a round number if its rows fit, else `most`.
  private static func evenly(_ count: Int, atMost most: Int, rows: Int) -> Int {
    for round in [24, 20, 16, 12, 10, 8] where round <= most && tileCount(count, round) <= rows {
      return round
    }
    return most
  }

  func draw(run: Int, selected: Int?, on picture: inout Picture) {
    for sm in progress.residents.indices {
      let (row, column) = (sm / perRow * step, label + sm % perRow * form.width)
      guard row < rect.height else { break }
      if label > 0, sm % perRow == 0 {
        picture.canvas.put(String(sm), Style(.dim), row: row, column: 0, in: rect)
      }
      draw(sm, row: row, column: column, isSelected: sm == selected, on: &picture)
      picture.targets.append(
        Target(
          rect: Rect(
            row: rect.row + row, column: rect.column + column, height: step, width: form.width),
          meaning: .processor(run: run, sm)))
    }
    let shown = tileCount(rect.height, step) * perRow
    if shown < progress.residents.count {
      picture.canvas.putRight(
        "+\(progress.residents.count - shown)", Style(.dim), row: rect.height - 1, in: rect)
    }
  }

  private func draw(
    _ sm: Int, row: Int, column: Int, isSelected: Bool, on picture: inout Picture
  ) {
    var position = column
    func put(_ text: String, _ ink: Ink, bold: Bool) {
      position = picture.canvas.put(
        text, Style(ink, bold: bold, reversed: isSelected), row: row, column: position, in: rect)
    }
    let waves = progress.waves(on: sm)
    let kind = moment.recording.times.kind(sm: sm, at: moment.cycle)
    put(String(kind.glyph), kind.ink, bold: kind.isWork)
    if form.letters > 0 {
      for wave in waves.prefix(form.letters) { put(String(wave.letter), wave.ink, bold: false) }
    } else if let wave = waves.first {
      put(String(wave.letter), wave.ink, bold: false)
      put(waves.count > 9 ? "+" : "\(waves.count)", .dim, bold: false)
    }
    guard isList else { return }
    let text = SMSentence(moment, sm: sm).text.cut(rect.width - label - form.width)
    picture.canvas.put(
      text, Style(isSelected ? .plain : .dim), row: row, column: label + form.width, in: rect)
  }
}
