// Zooming from the chip to one SM to one tile, and back: arrow keys select, Enter or z goes in, Z
// or Esc goes out.

import Canvas
import Moments
import Views

extension Player {
  /// The views that can be zoomed into.
  enum Depth { case chip, sm }

  /// The zoom level of the selected view; nil for views that cannot be zoomed into.
  var depth: Depth? {
    switch ViewCatalogue.views[view].name {
    case "chip": .chip
    case "sm": .sm
    default: nil
    }
  }

  /// Zooms in by one level; in other views, shows the view alone or no longer alone.
  mutating func zoomIn() {
    switch depth {
    case .chip: enter("sm")
    case .sm: enterTile()
    case nil: isZoomed.toggle()
    }
  }

  /// Zooms out by one level.
  /// - Returns: false if there is nothing to zoom out of.
  @discardableResult
  mutating func zoomOut() -> Bool {
    if let outer = zoomStack.popLast() {
      view = outer
      selection.tile = nil
      return true
    }
    guard isZoomed else { return false }
    isZoomed = false
    return true
  }

  private mutating func enter(_ name: String) {
    zoomStack.append(view)
    view = ViewCatalogue.index(of: name) ?? view
  }

  private mutating func enterTile() {
    let streams = streams
    guard let tile = streams.tile(min(selection.stream, streams.count - 1)) else {
      message = "This line has no tile to look at."
      return
    }
    selection.tile = tile.name
    // A head that lies in this plane stays selected.
    let headsAsRows = runs[focus].plan.headsAsRows
    if selection.plane / headsAsRows != tile.plane { selection.plane = tile.plane * headsAsRows }
    enter("tile")
  }

  private var streams: SMStreams { SMStreams(Moment(runs[focus], at: cycle), sm: selection.sm) }

  /// Selects an SM, or a line of its view.
  /// - Returns: false for keys that keep their usual meaning.
  mutating func choose(_ key: Key, width: Int, height: Int) -> Bool {
    guard let depth, [.up, .down, .left, .right, .enter].contains(key) else { return false }
    switch (depth, key) {
    case (_, .enter): zoomIn()
    case (.chip, _): chooseProcessor(key, width: width, height: height)
    case (.sm, .up), (.sm, .down):
      let line = min(selection.stream, streams.count - 1) + (key == .up ? -1 : 1)
      selection.stream = min(max(0, line), max(0, streams.count - 1))
    case (.sm, _): show(processor: selection.sm + (key == .left ? -1 : 1))
    }
    return true
  }

  /// Selects the SM to the left or right, above or below, as they are drawn.
  private mutating func chooseProcessor(_ key: Key, width: Int, height: Int) {
    let step: Int
    switch key {
    case .left: step = -1
    case .right: step = 1
    default: step = processorsPerRow(width: width, height: height) * (key == .up ? -1 : 1)
    }
    let chosen = selection.sm + step
    guard (0..<runs[focus].plan.device.smCount).contains(chosen) else { return }
    selection.sm = chosen
    selection.stream = 0
  }

  private func processorsPerRow(width: Int, height: Int) -> Int {
    let cells = frame(width: width, height: height).targets.filter { target in
      if case .processor(focus, _) = target.meaning { true } else { false }
    }
    return max(1, cells.count { $0.rect.row == cells.first?.rect.row })
  }
}
