// The kernel's own listing, as the paper prints it, with the current line.

import Canvas

public struct SourceView {
  public init() {}

  public func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    let listing = moment.run.plan.kernel.listing
    let current = moment.line.map { $0 - 1 }
    let first = max(
      0, min((current ?? 0) - rect.height / 2, listing.count - rect.height))
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
