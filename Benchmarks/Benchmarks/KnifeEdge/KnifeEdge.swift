// Is any number of a device on a knife's edge? Each one is changed by a fifth, up and down, and all
// published rows are predicted again: what becomes of the mean error of times and throughputs. `make
// knife-edge` runs it. A dash stands where a device would contradict itself, as with a share above 1.

import Foundation

/// A published row and its error.
struct Row: Decodable {
  var device: String
  var table: String
  var errorPercent: Double?
  /// Whether the row counts in mean errors of times.
  var judged: Bool
}

struct Reproduction: Decodable {
  var rows: [Row]
}

/// A number of a device file.
struct Constant {
  /// Its line, the keys above it, and where its value stands.
  var line: Int
  var name: String
  var value: Double
  var digits: Range<String.Index>

  /// All numbers of a file.
  static func all(in lines: [String]) -> [Constant] {
    var section: [(indent: Int, key: String)] = []
    return lines.enumerated().compactMap { index, line in
      guard let match = line.wholeMatch(of: #/( *)([a-z0-9_]+): *(\{ value: ([0-9_.]+).*)?/#) else {
        return nil
      }
      let indent = match.1.count
      section.removeAll { $0.indent >= indent }
      section.append((indent, String(match.2)))
      guard let digits = match.4, let value = Double(digits.replacing("_", with: "")) else {
        return nil
      }
      return Constant(
        line: index, name: section.map(\.key).joined(separator: "."), value: value,
        digits: digits.startIndex..<digits.endIndex)
    }
  }

  /// The file with this number times `factor`; whole numbers stay whole.
  func changed(by factor: Double, in lines: [String]) -> String {
    var lines = lines
    let isWhole = value == value.rounded()
    let new = isWhole ? "\(Int((value * factor).rounded()))" : "\(value * factor)"
    lines[line].replaceSubrange(digits, with: new)
    return lines.joined(separator: "\n")
  }
}

/// Predicts published rows by calling `tilewalk reproduce`.
struct Model {
  var program: String

  func rows(_ tables: [String] = [], device: String? = nil) throws -> [Row] {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["reproduce"] + tables + ["--format", "json"]
    if let device { process.arguments! += ["--device", device] }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return [] }
    return try JSONDecoder().decode(Reproduction.self, from: data).rows
  }
}

/// Mean absolute error, percent.
func meanError(_ rows: [Row]) -> Double {
  let errors = rows.filter(\.judged).compactMap(\.errorPercent).map(abs)
  return errors.reduce(0, +) / Double(max(1, errors.count))
}

func padded(_ text: String, _ width: Int) -> String {
  text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
}

@main
struct KnifeEdge {
  static func main() throws {
    guard CommandLine.arguments.count == 3 else {
      print("usage: KnifeEdge TILEWALK DEVICE-FOLDER")
      exit(64)
    }
    let model = Model(program: CommandLine.arguments[1])
    let base = try model.rows()
    let error = meanError(base)
    print(
      String(format: "as it is: %.2f %% over %d rows", error, base.filter(\.judged).count))
    print(padded("constant", 52) + "  -20 %   +20 %   worst")
    var worst = 0.0
    for device in Set(base.map(\.device)).sorted() {
      worst = max(worst, try table(of: device, model, base, error))
    }
    print(String(format: "worst: %.2f times the error as it is", worst))
    exit(worst < 2 ? 0 : 1)
  }

  /// One line per number of `device`.
  /// - Returns: the worst error, as a multiple of the one with the numbers as they are.
  private static func table(
    of device: String, _ model: Model, _ base: [Row], _ error: Double
  ) throws -> Double {
    let path = "\(CommandLine.arguments[2])/\(device).yaml"
    let lines = try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let tables = Set(base.filter { $0.device == device && $0.judged }.map(\.table)).sorted()
    let others = base.filter { $0.device != device || !tables.contains($0.table) }
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).yaml").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    var worst = 0.0
    for constant in Constant.all(in: lines) {
      let errors = try [0.8, 1.2].map { factor in
        let text = constant.changed(by: factor, in: lines)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let rows = try model.rows(tables, device: file)
        return rows.isEmpty ? .nan : meanError(rows.filter { $0.device == device } + others)
      }
      let times = errors.filter { !$0.isNaN }.map { $0 / error }.max() ?? 0
      worst = max(worst, times)
      print(
        padded("\(device) \(constant.name)", 52)
          + errors.map { $0.isNaN ? "      -" : String(format: "%7.2f", $0) }.joined(separator: " ")
          + String(format: " %7.2f", times))
      fflush(nil)
    }
    return worst
  }
}
