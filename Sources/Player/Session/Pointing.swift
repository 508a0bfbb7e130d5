// What the viewer looks at: the followed row, the head, the SM, and the tile picked with the arrow
// keys or the mouse.

import Canvas
import Machine
import Moments

extension Player {
  /// Follows the query `row`; an index outside is moved to the nearest one.
  package mutating func follow(row: Int) {
    guard case .attention(let problem) = runs[focus].plan.asked else { return }
    selection.row = min(max(0, row), problem.queries - 1)
  }

  /// Follows the query `row` if it exists.
  /// - Returns: the reason, in words, if it does not; nil on success.
  package mutating func follow(existingRow row: Int) -> String? {
    guard case .attention(let problem) = runs[focus].plan.asked else {
      return "a matrix product has no query rows"
    }
    guard (0..<problem.queries).contains(row) else {
      return "expected a query row from 0 to \(problem.queries - 1)"
    }
    follow(row: row)
    return nil
  }

  /// Follows the selected row through all runs, where that has not been done.
  mutating func traceRow() {
    traces = runs.enumerated().map { index, run in
      let moment = Moment(run, at: cycle)
      let (plane, row) = (moment.plane(selection), moment.followedRow(selection))
      if traces.indices.contains(index), traces[index].row == row, traces[index].plane == plane {
        return traces[index]
      }
      return SoftmaxTrace(run, plane: plane, row: row)
    }
  }

  /// Follows the query `by` rows from the one that is followed now; where heads are rows, that head.
  mutating func followRow(_ by: Int) {
    if runs[focus].plan.headsAsRows > 1 { return show(head: selection.plane + by) }
    follow(row: Moment(runs[focus], at: cycle).followedRow(selection) + by)
  }

  mutating func show(head: Int) {
    guard case .attention(let problem) = runs[focus].plan.asked else { return }
    selection.plane = min(max(0, head), problem.planes - 1)
    message = "Head \(selection.plane) of 0–\(problem.planes - 1)."
  }

  mutating func show(processor: Int) {
    let count = runs[focus].plan.device.smCount
    selection.sm = min(max(0, processor), count - 1)
    message = "SM \(selection.sm) of 0–\(count - 1)."
  }

  mutating func startPointing() {
    guard let tile = selection.tile ?? tensors.first.map({ TileName($0.name, row: 0) }) else {
      return
    }
    isPointing = true
    selection.tile = tile
    message = "Arrow keys move among tiles, Tab to the next tensor, Esc lets go."
  }

  /// The tensors whose tiles can be pointed at, the score matrix on chip included.
  private var tensors: [Tensor] {
    let inHBM = runs[focus].plan.program.tensors.filter { $0.role != .statistic }
    return inHBM + runs[focus].facts.chipMatrices.map(\.tensor)
  }

  /// Moves the pointer among the tiles.
  /// - Returns: false for keys that keep their usual meaning.
  mutating func movePointer(_ key: Key) -> Bool {
    guard let tile = selection.tile, let index = tensors.firstIndex(where: { $0.name == tile.name })
    else { return false }
    let tensor = tensors[index]
    var (row, column) = (tile.row, tile.column ?? 0)
    switch key {
    case .up: row -= 1
    case .down: row += 1
    case .left: column -= 1
    case .right: column += 1
    case .tab: return point(to: tensors[(index + 1) % tensors.count], 0, 0)
    case .backTab: return point(to: tensors[(index + tensors.count - 1) % tensors.count], 0, 0)
    default: return false
    }
    return point(to: tensor, row, column)
  }

  private mutating func point(to tensor: Tensor, _ row: Int, _ column: Int) -> Bool {
    let columns = tensor.gridColumns
    selection.tile = TileName(
      tensor.name, row: min(max(0, row), tensor.gridRows - 1),
      column: columns > 1 ? min(max(0, column), columns - 1) : nil)
    return true
  }

  /// Selects what is drawn at a cell of the screen: a tile, an SM, a line, or a cycle.
  mutating func pointAt(row: Int, column: Int, width: Int, height: Int) {
    let targets = frame(width: width, height: height).targets
    guard let target = targets.first(where: { $0.rect.contains(row: row, column: column) }) else {
      return
    }
    switch target.meaning {
    case .tile(let run, let name):
      focus = run
      selection.tile = name
      isPointing = true
    case .processor(let run, let sm):
      (focus, selection.sm, selection.stream) = (run, sm, 0)
    case .stream(let run, let line):
      (focus, selection.stream) = (run, line)
    case .time(let lastCycle):
      isPlaying = false
      move(to: (column - target.rect.column) * (lastCycle + 1) / max(1, target.rect.width))
    }
  }
}
