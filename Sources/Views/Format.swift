// Text cut, filled and broken to the width of a panel; and bars.

extension String {
  /// Blanks to the left or the right up to `width`; cut with `…` beyond it.
  public func padded(_ width: Int, right: Bool = false) -> String {
    if count > width { return width > 0 ? String(prefix(width - 1)) + "…" : "" }
    let blanks = String(repeating: " ", count: width - count)
    return right ? blanks + self : self + blanks
  }

  /// Cut with `…` where it is longer than `width`.
  public func cut(_ width: Int) -> String { count > width ? padded(width) : self }

  /// Lines of at most `width` characters, broken at blanks.
  public func wrapped(_ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }
}

/// A bar of `width` cells, `fraction` of them full.
public func bar(_ fraction: Double, width: Int) -> String {
  let full = min(width, max(0, Int((fraction * Double(width)).rounded())))
  return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
}
