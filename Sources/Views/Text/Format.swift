// Text cut, filled and broken to the width of a panel; and bars.


extension String {
  /// Blanks to the left or the right up to `width`; cut with `…` beyond it.
  package func padded(_ width: Int, right: Bool = false) -> String {
    if count > width { return width > 0 ? String(prefix(width - 1)) + "…" : "" }
    let blanks = String(repeating: " ", count: width - count)
    return right ? blanks + self : self + blanks
  }

  /// Cut with `…` where it is longer than `width`.
  package func cut(_ width: Int) -> String { count > width ? padded(width) : self }

  /// Lines of at most `width` characters, broken at blanks, and words longer than that anywhere.
  package func wrapped(_ width: Int) -> [String] {
    let width = Swift.max(1, width)
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ").flatMap({ $0.pieces(width) }) {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }
}

extension Substring {
  /// Itself, or parts of `width` characters.
  fileprivate func pieces(_ width: Int) -> [Substring] {
    count <= width ? [self] : [prefix(width)] + dropFirst(width).pieces(width)
  }
}

/// How many of `width` cells a share fills: all of them only where it is whole, none where it is no
/// number.
func cells(_ share: Double, of width: Int) -> Int {
  guard width > 0, share > 0 else { return 0 }
  return share < 1 ? min(width - 1, Int((share * Double(width)).rounded())) : width
}

/// A bar of `width` cells, `fraction` of them full.
package func bar(_ fraction: Double, width: Int) -> String {
  let width = max(0, width)
  let full = cells(fraction, of: width)
  return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
}
