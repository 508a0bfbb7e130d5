// The built-in published measurements. To add one, add a row to `Published/measured.csv`.
import Shipped

/// Published measurements, by the table of the paper that they are from.
package enum PublishedLibrary {
  /// Tables in the order of the papers; other tables follow in the order of the file.
  private static let order = [
    "fig1", "fig2-left", "fig2-middle", "t18", "t19", "t20", "t21", "fa2-fig5", "fa3-fig5",
    "fa3-t2", "fgs-fa3", "fgs-fa2", "fdec", "sage",
  ]

  /// All rows of the built-in files, read at each call.
  package static var rows: [PublishedRow] {
    get throws(FileError) {
      var rows: [PublishedRow] = []
      for path in ["measured.csv", "measured-2.csv"] {
        rows += try read(
          text(of: Shipped.bytes("Published/\(path)") ?? [], path: path), path: path)
      }
      return rows
    }
  }

  /// The rows of comma-separated text with the columns of `measured.csv`; messages name it `path`.
  /// - Throws: `malformed` with the line, what was found and expected.
  package static func read(_ text: String, path: String) throws(FileError) -> [PublishedRow] {
    try PublishedReader.rows(text, path: path)
  }

  /// The names of all known tables, and of any others that occur in `rows`.
  package static func tables(of rows: [PublishedRow]) -> [String] {
    var names = order
    for name in rows.map(\.table) where !names.contains(name) { names.append(name) }
    return names
  }

  /// The tables of these names, ignoring case; all tables where `names` is empty.
  /// - Throws: `unknown` with the nearest name.
  package static func find(
    _ names: [String], in rows: [PublishedRow]
  ) throws(FileError) -> [String] {
    let tables = tables(of: rows)
    for name in names where !tables.contains(name.lowercased()) {
      throw .unknown(kind: "table", name: name, valid: tables)
    }
    let wanted = Set(names.map { $0.lowercased() })
    return wanted.isEmpty ? tables : tables.filter(wanted.contains)
  }
}

/// The rows of a shipped file of comma-separated text, below its header.
func shippedRows(of file: String) -> [[String]] {
  String(decoding: Shipped.bytes("Published/\(file)") ?? [], as: UTF8.self)
    .split(whereSeparator: \.isNewline).dropFirst().map(separatedFields)
}
