// Bytes between HBM and SRAM, tensor by tensor, beside the closed form for the whole run. At the
// end of the run both are equal.

import Canvas
import Kernels
import Machine
import Moments

/// The view `traffic`: a row per tensor with bytes read and written so far, and in total.
package struct TrafficView: View {
  package let name = "traffic"

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    var rest = rect
    for index in scene.moments.indices {
      let left = scene.moments.count - index
      draw(scene, index, in: rest.takeTop(rest.height / left), on: &picture)
    }
  }

  private func draw(_ scene: Scene, _ index: Int, in rect: Rect, on picture: inout Picture) {
    let moment = scene.moments[index]
    var rest = rect
    let title = rest.takeTop(1)
    let moved = moment.state.transfers.reduce(Transfers(), +).bytes
    let stated = moment.run.facts.traffic
    let promised = stated.reduce(0) { $0 + $1.transfers.bytes }
    let figures = scene.figure(
      stated.isEmpty
        ? "\(grouped(moved)) B, no closed form"
        : "\(grouped(moved)) of \(grouped(promised)) B\(moved == promised ? " ✓" : "")",
      "hbm.bytes", of: index)
    picture.canvas.put(
      scene.title(index).cut(title.width - figures.count - 1), Style(.title, bold: true), row: 0,
      column: 0, in: title)
    picture.canvas.putRight(figures, Style(.accent), row: 0, in: title)
    let all = stated.isEmpty ? moment.unstatedTraffic : stated
    let unmasked = moment.run.facts.trafficWithoutMask
    let count = max(0, all.count > rest.height ? rest.height - 1 : all.count)
    for (row, traffic) in all.prefix(count).enumerated() {
      guard let tensor = moment.program.tensorIndex(traffic.tensor) else { continue }
      let isLess = unmasked.contains { $0.tensor == traffic.tensor && $0 != traffic }
      draw(
        traffic, moment.state.transfers[tensor], isLess: isLess, row: row, in: rest, on: &picture
      ) { scene.figure($0, "tensors.\(traffic.tensor).\($1)", of: index) }
    }
    if count < all.count {
      let names = all.dropFirst(count).map(\.tensor).joined(separator: " ")
      picture.canvas.put("and \(names)", Style(.dim), row: count, column: 0, in: rest)
    }
  }

  /// Draws one tensor: reads in the left half of the row, writes in the right half.
  /// - Parameters:
  ///   - isLess: a mask skips tiles, so the formula is only an upper bound.
  ///   - shown: the text of a figure of the tensor, by its name.
  private func draw(
    _ traffic: TensorTraffic, _ moved: Transfers, isLess: Bool, row: Int, in rect: Rect,
    on picture: inout Picture, shown: (_ text: String, _ name: String) -> String
  ) {
    let promised = traffic.transfers
    let label = 6
    let half = (rect.width - label) / 2
    picture.canvas.put(
      traffic.tensor.cut(label - 1), Style(bold: true), row: row, column: 0, in: rect)
    let bound = isLess ? "≤ " : ""
    let reads = figures("»", moved.readBytes, promised.readBytes, bound + traffic.readFormula) {
      shown($0, "readBytes")
    }
    let writes = figures("«", moved.writeBytes, promised.writeBytes, bound + traffic.writeFormula) {
      shown($0, "writeBytes")
    }
    // A row with reads alone has the room of both; a short half leaves room to the other.
    let isTogether = reads.count <= half || writes.isEmpty
    let middle = isTogether ? half : max(half, rect.width - label - writes.count)
    let readRoom = writes.isEmpty ? rect.width - label : middle - 1
    picture.canvas.put(reads.cut(readRoom), Style(.load), row: row, column: label, in: rect)
    picture.canvas.put(writes, Style(.store), row: row, column: label + middle, in: rect)
  }

  /// `» 1,024/4,096 · formula`; empty if nothing is ever moved.
  private func figures(
    _ arrow: String, _ moved: Int, _ promised: Int, _ formula: String,
    shown: (String) -> String
  ) -> String {
    guard moved + promised > 0 else { return "" }
    let numbers = shown("\(grouped(moved))/\(grouped(promised))")
    return "\(arrow) \(numbers) \(moved == promised ? "✓" : " ") \(formula)"
  }
}

extension Moment {
  /// Traffic of the whole run, for a kernel whose text states no closed form.
  fileprivate var unstatedTraffic: [TensorTraffic] {
    zip(program.tensors, recording.totals.tensors).compactMap { tensor, moved in
      guard tensor.role != .statistic else { return nil }
      return TensorTraffic(
        tensor.name, tensor.type, reads: moved.readBytes / tensor.type.bytes,
        writes: moved.writeBytes / tensor.type.bytes)
    }
  }
}
