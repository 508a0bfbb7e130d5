// The kernel's own listing, as the paper prints it, with the current line.

import Canvas

public struct SourceView {
  public init() {}

  public func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    let listing = moment.run.plan.kernel.listing
    let current = moment.line.map { $0 - 1 }
    let middle = current ?? moment.firstLineOfLaunch - 1
    let first = max(0, min(middle - rect.height / 2, listing.count - rect.height))
    for row in 0..<min(rect.height, listing.count - first) {
      let index = first + row
      let isCurrent = index == current
      let number = String(index + 1).padded(3, right: true)
      picture.canvas.put(
        String("\(isCurrent ? "▸" : " ")\(number) \(listing[index].text)").cut(rect.width),
        isCurrent ? Style(.accent, bold: true) : Style(.dim), row: row, column: 0, in: rect)
    }
  }
}

extension Moment {
  /// Where the launch at hand begins in the listing: the backward lines follow the forward ones.
  fileprivate var firstLineOfLaunch: Int {
    let block = recording.placement.firstIndex { $0.launch == state.launch }
    return block.flatMap { recording.blocks[$0].ops.first.map { Int($0.line) } } ?? 1
  }
}
