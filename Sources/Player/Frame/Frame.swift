// The frame that follows from the player's state: header, body, sentence and footer.

import Canvas
import Library
import Machine
import Views

extension Player {
  /// The smallest screen that a frame is drawn for, in columns and rows.
  static var smallest: (width: Int, height: Int) { (80, 24) }

  /// Draws the whole screen: `width` columns, `height` rows. On a screen that is too small it says
  /// so.
  package func frame(width: Int, height: Int) -> Picture {
    frame(width: width, height: height, caption: nil, footer: nil)
  }

  /// The same, with a caption in place of the sentence, and another footer.
  func frame(width: Int, height: Int, caption: String?, footer text: String?) -> Picture {
    var picture = Picture(width: width, height: height)
    guard width >= Self.smallest.width, height >= Self.smallest.height else {
      drawTooSmall(on: &picture)
      return picture
    }
    let scene = scene
    var rest = picture.canvas.bounds
    drawHeader(in: rest.takeTop(1), on: &picture)
    let footer = rest.takeBottom(1)
    if let overlay {
      draw(overlay, scene, in: rest, on: &picture)
    } else {
      let sentence = rest.takeBottom(2)
      if let caption {
        picture.canvas.put(
          caption, Style(.title, bold: true), row: 1,
          column: max(0, (sentence.width - caption.count) / 2), in: sentence)
      } else {
        drawSentence(scene, in: sentence, on: &picture)
      }
      body(scene).draw(in: rest, on: &picture)
    }
    if let text {
      picture.canvas.put(text, Style(.dim), row: 0, column: 0, in: footer)
    } else {
      drawFooter(in: footer, on: &picture)
    }
    return picture
  }

  func drawTooSmall(on picture: inout Picture) {
    let (width, height) = (picture.canvas.width, picture.canvas.height)
    let text = [
      "tilewalk needs 80 × 24.", "This screen is \(width) × \(height).", "Make it larger, or q.",
    ]
    for (row, line) in text.enumerated() {
      picture.canvas.put(line, row: row, column: 0, in: picture.canvas.bounds)
    }
  }

  private func drawHeader(in rect: Rect, on picture: inout Picture) {
    let style = Style(.title, bold: true, reversed: true)
    let run = runs[focus]
    let origin = run.origin.isEmpty ? "" : "\(run.origin) · "
    let name = " \(ViewCatalogue.views[view].name) "
    let room = rect.width - name.count
    let title = " \(origin)\(run.plan.summary(withTiles: runs.map(\.plan).haveOneTiling))"
    let bare = title.replacing("sample ", with: "")
    let left = [" tilewalk" + title, title, bare].first { $0.count <= room } ?? bare
    picture.canvas.put(left.padded(room) + name, style, row: 0, column: 0, in: rect)
  }

  private func drawSentence(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let sentence = Sentence(scene)
    // Whole sentences alone: what does not fit is the reason, which the listing and `e` give too.
    let lines =
      [sentence.text, sentence.event].map { $0.wrapped(rect.width) }
      .first { $0.count <= rect.height } ?? sentence.event.wrapped(rect.width)
    for (row, line) in lines.prefix(rect.height).enumerated() {
      let isCut = row == rect.height - 1 && lines.count > rect.height
      picture.canvas.put(
        isCut ? line + " …" : line, row: row, column: 0, in: rect)
    }
  }

  private func drawFooter(in rect: Rect, on picture: inout Picture) {
    if let prompt {
      picture.show(prompt.purpose.label, typed: prompt.text)
    } else if let message {
      picture.say(message)
    } else {
      let state = isPlaying ? "▶ \(prefixed(speed, "cyc/s"))" : "‖ paused"
      let column = picture.canvas.put(
        state.padded(max(13, state.count + 2)), Style(bold: true), row: 0, column: 0, in: rect)
      picture.canvas.put(
        keys, Style(.dim), row: 0, column: column, in: rect)
    }
  }

  /// Views that tell how a race ends before it has ended.
  private static let tellingViews: Set<String> = [
    "traffic", "timeline", "roofline", "recompute", "chip", "cycles", "launches",
  ]

  /// The keys that the footer names.
  private var keys: String {
    switch overlay {
    case .finale: "any key closes the finale   q quit"
    case .whatIf: "↑↓ choose  ←→ change  Enter play it  r reset  Esc back"
    default:
      depth == nil
        ? "←→ step  r next rise  space play  x what if  v view  ? help  q quit"
        : "arrows choose  Enter in  Esc out  h l step  v view  ? help  q quit"
    }
  }

  /// The body for a scene, as the viewer or a lesson has set it up.
  func body(_ scene: Scene) -> Body {
    Body(
      scene: scene, view: view, isZoomed: isZoomed, showsOneView: showsOneView,
      hiddenViews: hidesFuture ? hiddenViews.union(Self.tellingViews) : hiddenViews)
  }
}
