// Reads published measurements from comma-separated text. Columns are found by their header, so
// their order does not matter and further columns are ignored.

/// Reads the rows of one file.
struct PublishedReader {
  let path: String
  private var columns: [String: Int] = [:]
  private var cells: [String] = []
  private var line = 1

  /// All rows of `text`; its first line is the header.
  static func rows(_ text: String, path: String) throws(FileError) -> [PublishedRow] {
    var reader = PublishedReader(path: path)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    reader.columns = Dictionary(
      separatedFields(lines.first ?? "").enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
    var rows: [PublishedRow] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
      (reader.cells, reader.line) = (separatedFields(line), index + 1)
      rows.append(try reader.row())
    }
    return rows
  }

  private init(path: String) { self.path = path }

  private func row() throws(FileError) -> PublishedRow {
    guard let metric = PublishedRow.Metric(try text("metric")) else {
      throw diagnostic("metric", "time, time:LAUNCH, cycles, throughput, hbm, flops or memory")
    }
    let (device, clock) = Self.device(try text("device"))
    return PublishedRow(
      id: try text("id"), file: path, source: try text("source"), device: device, lockedMHz: clock,
      kernel: try text("kernel"), pass: try text("pass"), batch: try whole("batch"),
      heads: try whole("heads"), n: try whole("n"), d: try whole("d"),
      isCausal: try optional("causal").map { $0 != 0 }, dropout: try optional("dropout"),
      padding: try optional("padding").map { Int($0) },
      tileColumns: try optional("tile_cols").map { Int($0) }, metric: metric,
      value: try number("value"), unit: try text("unit"), note: cell("note"))
  }

  /// The device of a name such as `h100-sxm-1500`, whose clock was locked at 1500 MHz; of a name that a device has, no
  /// clock.
  private static func device(_ name: String) -> (String, Int?) {
    guard !DeviceLibrary.names.contains(name), let cut = name.lastIndex(of: "-"),
      let clock = Int(name[name.index(after: cut)...]),
      DeviceLibrary.names.contains(String(name[..<cut]))
    else { return (name, nil) }
    return (String(name[..<cut]), clock)
  }

  private func cell(_ column: String) -> String {
    guard let index = columns[column], cells.indices.contains(index) else { return "" }
    return cells[index]
  }

  private func text(_ column: String) throws(FileError) -> String {
    guard !cell(column).isEmpty else { throw diagnostic(column, "a word") }
    return cell(column)
  }

  private func number(_ column: String) throws(FileError) -> Double {
    guard let value = Double(cell(column)), abs(value) < 1e15 else {
      throw diagnostic(column, "a number")
    }
    return value
  }

  private func whole(_ column: String) throws(FileError) -> Int {
    guard let value = Int(cell(column)), (1...(1 << 24)).contains(value) else {
      throw diagnostic(column, "a whole number")
    }
    return value
  }

  /// The number in a cell; nil where it is empty.
  private func optional(_ column: String) throws(FileError) -> Double? {
    cell(column).isEmpty ? nil : try number(column)
  }

  private func diagnostic(_ column: String, _ expected: String) -> FileError {
    .malformed(
      path: path, line: line,
      reason: "\(column): found \(quoted(cell(column))), expected \(expected)")
  }
}

/// The fields of one comma-separated line. Inside quotation marks a comma is text, and two marks
/// are one.
package func separatedFields(_ line: some StringProtocol) -> [String] {
  var fields = [""]
  var isQuoted = false
  var previous: Character = ","
  for character in line {
    switch character {
    case "\"":
      if !isQuoted, previous == "\"" { fields[fields.count - 1].append("\"") }
      isQuoted.toggle()
    case "," where !isQuoted: fields.append("")
    default: fields[fields.count - 1].append(character)
    }
    previous = character
  }
  return fields
}
