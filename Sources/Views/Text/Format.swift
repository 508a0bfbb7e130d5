// Text padded, cut and wrapped to the width of a panel, and bars.

extension String {
  /// The text filled with blanks to `width` columns, or cut to it with `…`.
  /// - Parameter right: aligns the text to the right.
  package func padded(_ width: Int, right: Bool = false) -> String {
    if count > width { return width > 0 ? String(prefix(width - 1)) + "…" : "" }
    let blanks = String(repeating: " ", count: width - count)
    return right ? blanks + self : self + blanks
  }

  /// The text, cut with `…` if it is longer than `width` columns.
  package func cut(_ width: Int) -> String { count > width ? padded(width) : self }

  /// The text in lines of at most `width` columns, broken at blanks, and within words that are
  /// longer.
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
  /// The text in pieces of at most `width` characters.
  fileprivate func pieces(_ width: Int) -> [Substring] {
    count <= width ? [self] : [prefix(width)] + dropFirst(width).pieces(width)
  }
}

/// Number of cells, of `width`, that a share from 0 to 1 fills: all of them only for 1 or more,
/// none for NaN.
func cells(_ share: Double, of width: Int) -> Int {
  guard width > 0, share > 0 else { return 0 }
  return share < 1 ? min(width - 1, Int((share * Double(width)).rounded())) : width
}

/// A bar of `width` cells, of which the share `fraction` is filled.
package func bar(_ fraction: Double, width: Int) -> String {
  let width = max(0, width)
  let full = cells(fraction, of: width)
  return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
}
