// Drawings that tests expect: files in `Drawings/`, the text above and a letter for the ink of each cell
// below. `TILEWALK_DRAW=1 swift test --filter ViewsTests` draws them anew; look at the difference.

import Canvas
import Foundation
import Testing

@testable import Views

/// What a view draws of a scene.
func canvas(_ view: any View, _ scene: Scene, _ width: Int, _ height: Int) -> Canvas {
  var picture = Picture(width: width, height: height)
  view.draw(scene, in: picture.canvas.bounds, on: &picture)
  return picture.canvas
}

/// Expects that a canvas looks as the drawing `name`.
func expectDrawing(
  _ canvas: Canvas, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Drawings/\(name).txt")
  let drawing = (canvas.lines + ["", "inks:"] + canvas.inkLines).map { line in
    String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
  }.joined()
  if ProcessInfo.processInfo.environment["TILEWALK_DRAW"] != nil {
    try Data(drawing.utf8).write(to: file)
  }
  let expected = try String(contentsOf: file, encoding: .utf8)
  #expect(drawing == expected, sourceLocation: sourceLocation)
}
