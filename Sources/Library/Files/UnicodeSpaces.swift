// Unicode has space characters beside U+0020: the no-break space that a Mac types with Option, thin
// and wide spaces of typesetting. YAML, Markdown and expressions accept only U+0020. Here they are
// replaced with U+0020 wherever the syntax needs a space.

extension Character {
  /// True for a Unicode space separator other than U+0020.
  package var isNonASCIISpace: Bool {
    self != " " && unicodeScalars.allSatisfy { $0.properties.generalCategory == .spaceSeparator }
  }
}

/// `text` with every space separator replaced with U+0020; no character changes its column.
package func normalizingSpaces(_ text: some StringProtocol) -> String {
  String(text.map { $0.isNonASCIISpace ? " " : $0 })
}

/// A line of YAML with U+0020 wherever a space separates keys, values and items; other spaces stay.
package func normalizingSpaces(yaml line: String) -> String {
  guard line.contains(where: \.isNonASCIISpace) else { return line }
  var characters = Array(line)
  for index in characters.indices where characters[index].isNonASCIISpace {
    let before = index > 0 ? characters[index - 1] : " "
    let after = index + 1 < characters.count ? characters[index + 1] : " "
    let parts = ": ,{[-#?".contains(before) || " #}],".contains(after) || after.isNonASCIISpace
    if parts { characters[index] = " " }
  }
  return String(characters)
}

/// A line of Markdown with U+0020 around its leading block markers (`##`, `-`, `1.`, fences), and
/// without other space separators at its end.
package func normalizingSpaces(markdown line: String) -> String {
  guard line.contains(where: \.isNonASCIISpace) else { return line }
  var characters = Array(line)
  while characters.last?.isNonASCIISpace == true { characters.removeLast() }
  if characters.allSatisfy({ "|-: ".contains($0) || $0.isNonASCIISpace }) {
    return normalizingSpaces(String(characters))
  }
  var start = 0
  while let mark = BlockMark(characters, after: start) {
    for index in start..<mark.end where characters[index].isNonASCIISpace {
      characters[index] = " "
    }
    start = mark.end
    guard mark.isContainer else { break }
  }
  return String(characters)
}

/// A Markdown block marker with the spaces around it: `## `, `- `, `1) `, a fence.
private struct BlockMark {
  var end: Int
  /// Another marker may follow: lists and quotations contain blocks.
  var isContainer: Bool

  init?(_ line: [Character], after start: Int) {
    let rest = line[start...].drop { $0 == " " || $0.isNonASCIISpace }
    guard let first = rest.first else { return nil }
    let run = rest.prefix { $0 == first }
    let digits = rest.prefix { $0.isASCIIDigit }
    var sign = rest.startIndex
    switch first {
    case "#" where run.count <= 6: sign = run.endIndex
    case "-", "*", "+", ">": sign = rest.startIndex + 1
    case "`" where run.count >= 3, "~" where run.count >= 3:
      (end, isContainer) = (line.count, false)
      return
    default:
      guard (1...9).contains(digits.count), digits.endIndex < line.endIndex,
        ".)".contains(line[digits.endIndex])
      else { return nil }
      sign = digits.endIndex + 1
    }
    guard sign < line.count, line[sign] == " " || line[sign].isNonASCIISpace else { return nil }
    end = line[sign...].firstIndex { $0 != " " && !$0.isNonASCIISpace } ?? line.count
    isContainer = first != "#"
  }
}
