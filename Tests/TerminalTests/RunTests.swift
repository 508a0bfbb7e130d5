// A row of cells, cut where the style changes.
import Canvas
import Testing

@testable import Terminal

@Suite struct RunTests {
  private func row(_ pieces: (String, Style)...) -> Canvas {
    var canvas = Canvas(width: pieces.reduce(0) { $0 + $1.0.count }, height: 1)
    var column = 0
    for (text, style) in pieces {
      column = canvas.put(text, style, row: 0, column: column, in: canvas.bounds)
    }
    return canvas
  }

  private func text(_ run: Run) -> String {
    String(String.UnicodeScalarView(run.scalars.compactMap(Unicode.Scalar.init)))
  }

  @Test("Cells of one style make one run")
  func one() {
    let runs = row(("HBM ", Style(.load)), ("» K[2]", Style(.load))).runs(inRow: 0)
    #expect(runs.map(text) == ["HBM » K[2]"])
    #expect(runs.map(\.style) == [Style(.load)])
  }

  @Test("A change of style starts a run at its column")
  func several() {
    let canvas = row(("ab", Style()), ("c", Style(bold: true)), ("de", Style()))
    let runs = canvas.runs(inRow: 0)
    #expect(runs.map(text) == ["ab", "c", "de"])
    #expect(runs.map(\.column) == [0, 2, 3])
  }

  @Test("Blanks are drawn too, because they may be reversed")
  func blanks() {
    let runs = row(("  ", Style(reversed: true)), ("   ", Style())).runs(inRow: 0)
    #expect(runs.map(text) == ["  ", "   "])
  }

  @Test("A letter with its accent is one scalar where there is one, and else a letter and its mark")
  func accents() {
    var canvas = Canvas(width: 3, height: 1)
    canvas[0, 0] = Cell("e\u{301}")
    canvas[0, 1] = Cell("m\u{303}")
    let scalars = canvas.runs(inRow: 0).flatMap(\.scalars)
    #expect(scalars == [0xE9, 0x6D, 0x303 | Run.mark, 0x20])
  }

  @Test("An empty canvas and a row outside have nothing to draw or blanks")
  func edges() {
    #expect(Canvas(width: 0, height: 1).runs(inRow: 0).isEmpty)
    #expect(Canvas(width: 2, height: 1).runs(inRow: 7).map(text) == ["  "])
  }
}
