// The line above a run: its name, whether the viewer looks at it, and the launch it is in.

import Canvas
import Machine

struct RunTitle {
  let scene: Scene
  let index: Int

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    let isFocused = scene.focus == index && scene.moments.count > 1
    let style = Style(.title, bold: true, underlined: isFocused)
    let marker = isFocused ? "▸" : " "
    picture.canvas.put(marker, Style(.accent), row: 0, column: 0, in: rect)
    picture.canvas.put(moment.run.name, style, row: 0, column: 1, in: rect)
    let launches = moment.program.launches
    let launch = moment.state.launch
    let text =
      moment.isFinished
      ? "✓ done at \(grouped(moment.recording.lastCycle))"
      : "\(launches[launch].name) \(launch + 1)/\(launches.count)"
    picture.canvas.putRight(text, Style(moment.isFinished ? .accent : .plain), row: 0, in: rect)
  }
}
