// The listing: the lines of the kernel's text that this run executes, with the current line marked.

import Canvas
import Moments

/// The listing around the current line, which is followed by its numbers in one row of the softmax.
package struct SourceView {
  /// The row whose numbers are filled in.
  private let selection: Selection
  /// Whether lines carry the name of their run: beside another run one could not tell whose they are.
  private let namesRun: Bool

  package init(_ selection: Selection, namesRun: Bool = false) {
    (self.selection, self.namesRun) = (selection, namesRun)
  }

  /// Draws as many lines as `rect` has rows.
  package func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    let listing = moment.run.listing
    let current = moment.line.flatMap { number in listing.firstIndex { $0.number == number } }
    let middle = current ?? moment.firstLineOfLaunch
    let first = max(0, min(middle - rect.height / 2, listing.count - rect.height))
    let name = namesRun ? "\(moment.run.shortName) line" : ""
    for row in 0..<min(rect.height, listing.count - first) {
      let line = listing[first + row]
      let isCurrent = first + row == current
      let number = String(line.number).padded(3, right: true)
      // On a line alone its place among the others means nothing.
      let text = rect.height == 1 ? String(line.text.drop { $0 == " " }) : line.text
      picture.canvas.put(
        "\(isCurrent ? "▸" : " ")\(name)\(number) \(text)".cut(rect.width).replacing(
          " …", with: "…"),
        isCurrent ? Style(.accent, bold: true) : Style(.dim), row: row, column: 0, in: rect)
      guard isCurrent,
        let formula = RowFormula(
          moment, row: moment.followedRow(selection), plane: moment.plane(selection))
      else { continue }
      let start = max(name.count + 5 + text.count + 3, rect.width / 2)
      guard start + formula.text.count <= rect.width else { continue }
      picture.canvas.put(
        formula.text, Style(.plain, bold: true), row: row, column: start, in: rect)
    }
    // Below a listing that is shown whole, what the names of the line mean.
    var rest = rect
    _ = rest.takeTop(listing.count + 1)
    LineWords(moment).draw(in: rest, on: &picture)
  }
}

extension Moment {
  /// Index, in the listing, of the first line of the current launch.
  fileprivate var firstLineOfLaunch: Int {
    let block = recording.placement.firstIndex { $0.launch == state.launch }
    let line = block.flatMap { recording.blocks[$0].ops.first.map { Int($0.line) } } ?? 0
    return run.listing.firstIndex { $0.number >= line } ?? 0
  }
}
