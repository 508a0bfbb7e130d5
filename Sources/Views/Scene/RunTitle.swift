// The title of a run: its name, whether it is in focus, and its current launch.

import Canvas
import Kernels
import Machine
import Moments

/// The title row of one run.
struct RunTitle {
  let scene: Scene
  let index: Int

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    let isFocused = scene.focus == index && scene.moments.count > 1
    let style = Style(.title, bold: true, underlined: isFocused)
    let marker = isFocused ? "▸" : " "
    picture.canvas.put(marker, Style(.accent), row: 0, column: 0, in: rect)
    let text = place
    let title =
      [scene.title(index), scene.title(index, isShort: true)]
      .first { $0.count + text.count + 2 <= rect.width } ?? moment.run.shortName
    picture.canvas.put(
      title.cut(rect.width - text.count - 2), style, row: 0, column: 1, in: rect)
    picture.canvas.putRight(text, Style(moment.isFinished ? .accent : .plain), row: 0, in: rect)
  }

  /// The current launch, `forward 1/3`, or the cycle at which the run ended.
  private var place: String {
    let launches = moment.program.launches
    let launch = moment.state.launch
    guard !moment.isFinished, launches.indices.contains(launch) else {
      return "✓ done at \(scene.clock(moment.recording.lastCycle))"
    }
    return "\(launches[launch].name) \(launch + 1)/\(launches.count)"
  }
}

extension CompletedRun {
  /// The name without `-attention`, for narrow panels: `flash-2`.
  var shortName: String { name.replacing("-attention", with: "") }
}
